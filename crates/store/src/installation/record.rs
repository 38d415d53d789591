//! What this database is, and which keys open it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::epoch::begin_epoch;
use crate::error::StoreError;

/// What a database is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An invented city on a shifted clock.
    Demo,
    /// A real office.
    Office,
}

impl Kind {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Office => "office",
        }
    }
}

/// The database's own account of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Its id.
    pub id: Uuid,
    /// Demo or office.
    pub kind: Kind,
    /// Fingerprint of the key file that opens it.
    pub keys: String,
    /// How many days its legal clock is ahead of the machine's (behind: negative); 0 in an office.
    pub shift_days: i32,
}

/// Reads what the database is; `None` while nothing has been founded.
///
/// # Errors
/// When the database does not answer.
pub async fn read(owner: &PgPool) -> Result<Option<Installation>, StoreError> {
    let row = sqlx::query!("SELECT id, kind, keys, shift_days FROM installation")
        .fetch_optional(owner)
        .await?;
    row.map(|row| {
        let kind = match row.kind.as_str() {
            "demo" => Kind::Demo,
            "office" => Kind::Office,
            _ => {
                return Err(StoreError::Corrupt {
                    table: "installation",
                    column: "kind",
                });
            }
        };
        Ok(Installation {
            id: row.id,
            kind,
            keys: row.keys,
            shift_days: row.shift_days,
        })
    })
    .transpose()
}

/// Refuses a database that a restore was broken off in.
///
/// # Errors
/// [`StoreError::HalfRestored`], or when the database does not answer.
pub(super) async fn is_whole(owner: &PgPool) -> Result<(), StoreError> {
    let unfinished = sqlx::query_scalar!(
        r#"SELECT to_regclass('public.restore_unfinished') IS NOT NULL AS "unfinished!""#
    )
    .fetch_one(owner)
    .await?;
    if unfinished {
        Err(StoreError::HalfRestored)
    } else {
        Ok(())
    }
}

/// As [`read`], also before the first migration, when there is not even the table.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn standing(owner: &PgPool) -> Result<Option<Installation>, StoreError> {
    match read(owner).await {
        Err(StoreError::Database(sqlx::Error::Database(error)))
            if error.code().as_deref() == Some(UNDEFINED_TABLE) =>
        {
            Ok(None)
        }
        read => read,
    }
}

/// PostgreSQL's code for a table that is not there.
const UNDEFINED_TABLE: &str = "42P01";

/// Notes what this database is. A demo is granted the function that counts its figures.
///
/// # Errors
/// When it has been founded before, or the database does not answer.
pub async fn found(
    owner: &PgPool,
    installation: &Installation,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = owner.begin().await?;
    sqlx::query!(
        "INSERT INTO installation (id, kind, keys, shift_days, founded_at) VALUES ($1, $2, $3, $4, $5)",
        installation.id,
        installation.kind.code(),
        installation.keys,
        installation.shift_days,
        now.to_sqlx() as _,
    )
    .execute(&mut *tx)
    .await?;
    begin_epoch(&mut tx, installation.id, now, None).await?;
    admit_to_figures(&mut tx, installation.kind).await?;
    Ok(tx.commit().await?)
}

/// Lets the program count a demo's figures; an office has none without a reach.
pub(crate) async fn admit_to_figures(
    owner: &mut PgConnection,
    kind: Kind,
) -> Result<(), StoreError> {
    if kind == Kind::Demo {
        sqlx::query!("GRANT EXECUTE ON FUNCTION demo_figures(date) TO hutong_app")
            .execute(owner)
            .await?;
    }
    Ok(())
}

/// Tells the database how many days the demo's clock is ahead of its own (behind: negative).
///
/// # Errors
/// When the installation is an office, whose clock is never shifted, or the database does not answer.
pub async fn shift_clock(owner: &PgPool, days: i32) -> Result<(), StoreError> {
    sqlx::query!("UPDATE installation SET shift_days = $1", days)
        .execute(owner)
        .await?;
    Ok(())
}
