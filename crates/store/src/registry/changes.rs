//! What changed between two days: who came, who left, who went from one class to another.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;

use crate::error::StoreError;
use crate::work::Work;

/// How many children held a class on the first day, the last, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassChange {
    /// The class.
    pub category: Category,
    /// Children who held it on the first day.
    pub before: i64,
    /// Children who hold it on the last day, and held no class of its group on the first.
    pub new: i64,
    /// Children who came from another class of its group.
    pub came: i64,
    /// Children who went to another class of its group.
    pub went: i64,
    /// Children who held it on the first day, and hold no class of its group on the last.
    pub removed: i64,
}

/// What changed within a division from `first` to `last`, class by class; what the officer may not see is not counted.
///
/// # Errors
/// When the database does not answer, or holds what is no class.
pub async fn changes(
    work: &mut Work,
    within: Division,
    (first, last): (Date, Date),
) -> Result<Vec<ClassChange>, StoreError> {
    let (reach, range) = (work.reach().to_string(), within.range());
    let rows = sqlx::query!(
        r#"WITH held AS MATERIALIZED (
               SELECT s.child_id, s.category,
                      CASE WHEN s.category IN ('left_behind', 'migrant') THEN 1 WHEN s.category = 'aids_affected' THEN 2 ELSE 0 END AS kind,
                      CASE WHEN p.household_division <@ $1::text::int8multirange THEN p.household_division ELSE p.residence_division END AS place,
                      s.from_day <= $4 AND (s.to_day IS NULL OR s.to_day > $4) AS at_first,
                      s.from_day <= $5 AND (s.to_day IS NULL OR s.to_day > $5) AS at_last
               FROM registry_span s JOIN registry_person p ON p.id = s.child_id
               WHERE s.from_day <= $5 AND (s.to_day IS NULL OR s.to_day > $4)
                 AND (p.household_division <@ $1::text::int8multirange OR p.residence_division <@ $1::text::int8multirange)),
           classes AS (
               SELECT max(category) FILTER (WHERE at_first) AS was, max(category) FILTER (WHERE at_last) AS is_now
               FROM held WHERE place >= $2 AND place < $3 GROUP BY child_id, kind)
           SELECT category AS "category!",
                  count(*) FILTER (WHERE was = category) AS "before!",
                  count(*) FILTER (WHERE is_now = category AND was IS NULL) AS "new!",
                  count(*) FILTER (WHERE is_now = category AND was <> category) AS "came!",
                  count(*) FILTER (WHERE was = category AND is_now <> category) AS "went!",
                  count(*) FILTER (WHERE was = category AND is_now IS NULL) AS "removed!"
           FROM classes CROSS JOIN LATERAL (SELECT was AS category UNION SELECT is_now) either
           WHERE category IS NOT NULL GROUP BY category ORDER BY category"#,
        reach,
        range.start,
        range.end,
        first.to_sqlx() as _,
        last.to_sqlx() as _,
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let category = row.category.parse().map_err(|_| StoreError::Corrupt {
                table: "registry_span",
                column: "category",
            })?;
            Ok(ClassChange {
                category,
                before: row.before,
                new: row.new,
                came: row.came,
                went: row.went,
                removed: row.removed,
            })
        })
        .collect()
}
