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

/// Children of one place on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceCount {
    /// The household within reach, or else the residence.
    pub place: Division,
    /// The class; none for everybody who held any.
    pub category: Option<Category>,
    /// Children.
    pub children: i64,
}

/// Counts children by place and class as of a day, within a division. A child counts where its household is, or where it
/// lives if only that is within reach: in one place, whatever is added up. What the officer may not see is not counted.
///
/// # Errors
/// When the database does not answer.
pub async fn count_by_place(
    work: &mut Work,
    within: Division,
    on: Date,
) -> Result<Vec<PlaceCount>, StoreError> {
    let (reach, range) = (work.reach().to_string(), within.range());
    let rows = sqlx::query!(
        r#"SELECT place AS "place!", category AS "category?", count(DISTINCT child_id) AS "children!"
           FROM (SELECT s.child_id, s.category,
                        CASE WHEN p.household_division <@ $1::text::int8multirange THEN p.household_division ELSE p.residence_division END AS place
                 FROM registry_span s JOIN registry_person p ON p.id = s.child_id
                 WHERE s.from_day <= $4 AND (s.to_day IS NULL OR s.to_day > $4)
                   AND (p.household_division <@ $1::text::int8multirange OR p.residence_division <@ $1::text::int8multirange)) held
           WHERE place >= $2 AND place < $3
           GROUP BY GROUPING SETS ((place, category), (place)) ORDER BY 1, 2 NULLS FIRST"#,
        reach,
        range.start,
        range.end,
        on.to_sqlx() as _,
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PlaceCount {
                place: Division::new(row.place).map_err(|_| StoreError::Corrupt {
                    table: "registry_person",
                    column: "household_division",
                })?,
                category: row
                    .category
                    .map(|code| code.parse())
                    .transpose()
                    .map_err(|_| StoreError::Corrupt {
                        table: "registry_span",
                        column: "category",
                    })?,
                children: row.children,
            })
        })
        .collect()
}
