//! This installation's own keys, its name, and what it serves.

use envelope::Keys;
use kernel::ids::PackageId;
use kernel::reach::Reach;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::StoreError;
use crate::seal::SealedAt;
use crate::work::{Store, Work};

const TABLE: &str = "auth.exchange_keys";

const fn corrupt(column: &'static str) -> StoreError {
    StoreError::Corrupt {
        table: TABLE,
        column,
    }
}

/// The keys of this installation, made now if nobody needed them before.
///
/// # Errors
/// When the database does not answer, or the keys do not open.
pub async fn own_keys(store: &Store) -> Result<Keys, StoreError> {
    let mut connection = store.pool().acquire().await?;
    keys(&mut connection, store).await
}

/// As [`own_keys`], over the work's own connection.
///
/// # Errors
/// As [`own_keys`].
pub async fn own_keys_at_work(work: &mut Work) -> Result<Keys, StoreError> {
    let store = work.store().clone();
    keys(work.conn(), &store).await
}

async fn keys(connection: &mut PgConnection, store: &Store) -> Result<Keys, StoreError> {
    if let Some(keys) = kept(connection, store).await? {
        return Ok(keys);
    }
    let keys = Keys::generate(store.entropy());
    let id = PackageId::generate(store.clock().now(), store.entropy()).uuid();
    let sealed = store.sealer().seal(cell(id), &keys.secret());
    sqlx::query!("SELECT auth.exchange_make_own($1, $2)", id, sealed)
        .fetch_one(&mut *connection)
        .await?;
    // Somebody else may have been first.
    kept(connection, store).await?.ok_or(corrupt("id"))
}

const fn cell(row: Uuid) -> SealedAt {
    SealedAt {
        table: TABLE,
        column: "secret",
        row,
    }
}

async fn kept(connection: &mut PgConnection, store: &Store) -> Result<Option<Keys>, StoreError> {
    let row = sqlx::query!(r#"SELECT id AS "id!", secret AS "secret!" FROM auth.exchange_own()"#)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let secret = store.sealer().open(cell(row.id), &row.secret)?;
    Keys::from_secret(&secret)
        .map(Some)
        .ok_or(corrupt("secret"))
}

/// The name of this installation: that of its uppermost unit.
///
/// # Errors
/// When the database does not answer.
pub async fn own_name(work: &mut Work) -> Result<String, StoreError> {
    let name = sqlx::query_scalar!(
        "SELECT name FROM organisation_unit WHERE parent IS NULL ORDER BY id LIMIT 1"
    )
    .fetch_one(work.conn())
    .await?;
    Ok(name)
}

/// What the county bureaus of this installation serve.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn served(work: &mut Work) -> Result<Reach, StoreError> {
    let serves = sqlx::query_scalar!(r#"SELECT auth.exchange_served()::text AS "serves!""#)
        .fetch_one(work.conn())
        .await?;
    serves.parse().map_err(|_| StoreError::Corrupt {
        table: "organisation_unit",
        column: "serves",
    })
}
