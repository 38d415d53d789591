//! How many children were what on a day, as far as the officer may see.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;

use crate::error::StoreError;
use crate::work::Work;

/// Children of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CategoryCount {
    /// The class.
    pub category: Category,
    /// Children who held it.
    pub children: i64,
}

/// Counts children by class as of a day. What the officer may not see is not counted.
///
/// # Errors
/// When the database does not answer.
pub async fn count_by_category(
    work: &mut Work,
    on: Date,
) -> Result<Vec<CategoryCount>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT category, count(DISTINCT child_id) AS "children!" FROM registry_span
           WHERE from_day <= $1 AND (to_day IS NULL OR to_day > $1) GROUP BY category ORDER BY category"#,
        on.to_sqlx() as _,
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let category = row.category.parse().map_err(|_| StoreError::Corrupt {
                table: "registry_span",
                column: "category",
            })?;
            Ok(CategoryCount {
                category,
                children: row.children,
            })
        })
        .collect()
}

/// Children of one class in one part of a division on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartCount {
    /// The part, by the code it begins with.
    pub part: Division,
    /// The class.
    pub category: Category,
    /// Children who held it.
    pub holders: i64,
    /// Those of them who are not counted under another class: the sum over the classes counts nobody twice.
    pub children: i64,
}

/// Counts children by class as of a day, in each of these parts of a division and in what lies between them. A child
/// counts where its household is, or where it lives if only that is within reach: in one place, whatever is added up.
/// What the officer may not see is not counted, nor what a grant alone brings into view.
///
/// # Errors
/// When the database does not answer.
pub async fn count_by_part(
    work: &mut Work,
    within: Division,
    parts: impl Iterator<Item = Division>,
    on: Date,
) -> Result<Vec<PartCount>, StoreError> {
    let whole = within.range();
    let ranges = parts.map(Division::range).chain([whole.clone()]);
    let mut bounds: Vec<i64> = ranges.flat_map(|range| [range.start, range.end]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let rows = sqlx::query!(
        r#"SELECT part AS "part!", category AS "category!", holders AS "holders!", children AS "children!"
           FROM auth.count_children($1, $2) WHERE part >= $3 AND part < $4 ORDER BY part, category"#,
        &bounds,
        on.to_sqlx() as _,
        whole.start,
        whole.end,
    )
    .fetch_all(work.conn())
    .await?;
    let corrupt = |table, column| StoreError::Corrupt { table, column };
    rows.into_iter()
        .map(|row| {
            Ok(PartCount {
                part: Division::new(row.part)
                    .map_err(|_| corrupt("registry_person", "household_division"))?,
                category: row
                    .category
                    .parse()
                    .map_err(|_| corrupt("registry_span", "category"))?,
                holders: row.holders,
                children: row.children,
            })
        })
        .collect()
}
