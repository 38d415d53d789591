//! Epochs: what the database says now may take back what it said before the last restore.
//!
//! **Invariant.** Each restore begins an epoch with an id of its own, so that two restores of one backup differ too.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::error::StoreError;

/// The time since the founding or the last restore. Whoever kept anything from another epoch asks for all of it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch {
    /// Counted from 1.
    pub number: i32,
    /// What it is recognised by.
    pub id: Uuid,
    /// When it began.
    pub begun_at: Timestamp,
    /// When the backup was made that it began with; `None` for the founding.
    pub backup_made_at: Option<Timestamp>,
}

/// The epoch that is now; the program's role may ask.
///
/// # Errors
/// [`StoreError::NotFound`] before the founding, or when the database does not answer.
pub async fn epoch(pool: &PgPool) -> Result<Epoch, StoreError> {
    let row = sqlx::query!(
        "SELECT number, id, begun_at, backup_made_at FROM installation_epoch ORDER BY number DESC LIMIT 1"
    )
    .fetch_one(pool)
    .await?;
    Ok(Epoch {
        number: row.number,
        id: row.id,
        begun_at: row.begun_at.to_jiff(),
        backup_made_at: row.backup_made_at.map(|at| at.to_jiff()),
    })
}

/// Begins the next epoch: the first at the founding, every other with a restored backup.
pub(crate) async fn begin_epoch(
    owner: &mut PgConnection,
    id: Uuid,
    now: Timestamp,
    backup_made_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO installation_epoch (number, id, begun_at, backup_made_at)
         SELECT coalesce(max(number), 0) + 1, $1, $2, $3 FROM installation_epoch",
        id,
        now.to_sqlx() as _,
        backup_made_at.map(|at| at.to_sqlx()) as _,
    )
    .execute(owner)
    .await?;
    Ok(())
}
