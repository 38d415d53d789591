//! The demo city's figures, counted by a function of the owner that only a demo may call.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use crate::error::StoreError;

/// The figures by key: a class of children, or `towns`, `villages`, `supervisors`, `directors`.
///
/// # Errors
/// When the installation is not a demo, or the database does not answer.
pub async fn figures(pool: &PgPool, as_of: Date) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT key AS "key!", value AS "value!" FROM demo_figures($1)"#,
        as_of.to_sqlx() as _
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.value)).collect())
}
