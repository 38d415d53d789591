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
    let range = within.range();
    let rows = sqlx::query!(
        r#"SELECT category AS "category!", before AS "before!", new AS "new!", came AS "came!", went AS "went!", removed AS "removed!"
           FROM auth.count_changes($1, $2, $3, $4) ORDER BY category"#,
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
