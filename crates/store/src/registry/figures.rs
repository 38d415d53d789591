//! How many children were what on a day, as far as the officer may see.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;

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
