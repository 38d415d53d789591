//! The schema: migrations, run by the owner.

use sqlx::PgPool;
use sqlx::migrate::{MigrateError, Migrator};

use crate::error::StoreError;
use crate::registry::order_names;

/// Every migration this program carries.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The newest migration this program carries.
#[must_use]
pub fn newest() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}

/// The newest migration applied to the database, as its program's role may ask.
///
/// # Errors
/// When the database does not answer.
pub async fn applied(pool: &PgPool) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar!(r#"SELECT auth.schema_version() AS "version!""#)
            .fetch_one(pool)
            .await?,
    )
}

/// How far a database's schema is behind this program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The newest migration applied; 0 before the first.
    pub applied: i64,
    /// How many migrations would be run.
    pub pending: usize,
}

/// How far the schema is behind, as its owner may ask.
///
/// # Errors
/// [`StoreError::NewerSchema`] when the database belongs to a newer program, or it does not answer.
pub async fn standing(owner: &PgPool) -> Result<Standing, StoreError> {
    // The table is sqlx's own, which no migration of ours makes.
    let any: bool = sqlx::query_scalar("SELECT to_regclass('public._sqlx_migrations') IS NOT NULL")
        .fetch_one(owner)
        .await?;
    let applied: Vec<i64> = match any {
        true => {
            sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version")
                .fetch_all(owner)
                .await?
        }
        false => Vec::new(),
    };
    let found = applied.last().copied().unwrap_or_default();
    if found > newest() {
        return Err(StoreError::NewerSchema {
            found,
            known: newest(),
        });
    }
    let is_pending = |version: i64| !applied.contains(&version);
    Ok(Standing {
        applied: found,
        pending: MIGRATIONS
            .iter()
            .filter(|migration| is_pending(migration.version))
            .count(),
    })
}

/// Brings the schema up to date, each migration in a transaction of its own, and what the program derives from what is
/// on file.
///
/// # Errors
/// [`StoreError::NewerSchema`] when the database belongs to a newer program, [`StoreError::Migration`] when one fails.
pub async fn migrate(owner: &PgPool) -> Result<(), StoreError> {
    match MIGRATIONS.run(owner).await {
        Ok(()) => order_names(owner).await,
        Err(MigrateError::VersionMissing(found)) => Err(StoreError::NewerSchema {
            found,
            known: newest(),
        }),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _))
            if is_disk_full(&error) =>
        {
            Err(StoreError::DiskFull)
        }
        Err(error) => Err(StoreError::Migration(error)),
    }
}

fn is_disk_full(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|e| e.code())
        .is_some_and(|code| code == "53100")
}
