//! The backup of every night, made by whichever running program comes first, and what came of it.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use kernel::clock::{Clock, Entropy, next_at, previous_at};
use kernel::explain::Explain;
use sqlx::PgPool;

use super::envelope::SealFor;
use super::error::BackupError;
use super::file::keep_newest;
use super::recipient::Recipient;
use super::take::{Taken, take};
use crate::error::StoreError;

/// When backups are made, where they go, and how many are kept.
#[derive(Debug, Clone)]
pub struct Nightly {
    /// The folder they go to.
    pub folder: PathBuf,
    /// The time of day in Asia/Shanghai.
    pub at: Time,
    /// How many of this installation's backups stay in the folder.
    pub keep: NonZeroU32,
    /// Whom they are made for.
    pub recipient: Recipient,
}

/// The last backup that the schedule made, or failed to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// When it began.
    pub at: Timestamp,
    /// Its size in bytes, or the stable code of what went wrong.
    pub outcome: Result<i64, String>,
}

/// The last backup of the schedule; the program's role may ask. `None` before the first.
///
/// # Errors
/// When the database does not answer.
pub async fn last(pool: &PgPool) -> Result<Option<Last>, StoreError> {
    let row = sqlx::query!(
        "SELECT begun_at, bytes, failure FROM installation_backup ORDER BY begun_at DESC LIMIT 1"
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Last {
        at: row.begun_at.to_jiff(),
        outcome: row.bytes.ok_or_else(|| row.failure.unwrap_or_default()),
    }))
}

/// How often the clock is looked at: a machine that slept, or whose clock was set, is late by this at most.
const LOOK: Duration = Duration::from_secs(30);
/// When a backup that failed is tried again: a full disk or a database that restarts should not cost a night.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// The advisory lock of whoever makes the backup.
const LOCK: i64 = 7_040_006;

/// Makes the backup of every night until it is dropped; one that was missed is made up at once, one that failed an hour
/// later.
///
/// The pool needs two connections of the owner.
pub async fn nightly(
    owner: PgPool,
    plan: Nightly,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) {
    loop {
        let due = previous_at(clock.now(), plan.at);
        let made = back_up_since(&owner, &plan, due, &*clock, &*entropy).await;
        let next = next_at(clock.now(), plan.at);
        let next = match made {
            Ok(Some(taken)) => {
                tracing::info!(bytes = taken.bytes, "the nightly backup is made");
                next
            }
            Ok(None) => next,
            Err(error) => {
                tracing::error!(code = error.code(), "the nightly backup was not made");
                clock.now().checked_add(AGAIN).unwrap_or(next).min(next)
            }
        };
        while clock.now() < next {
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// Makes a backup according to the plan now, notes what came of it, and removes the oldest; `None` while another program
/// is making one.
///
/// # Errors
/// [`BackupError`], which has been noted as well where the database answers.
pub async fn back_up_now(
    owner: &PgPool,
    plan: &Nightly,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<Option<Taken>, BackupError> {
    back_up_since(owner, plan, Timestamp::MAX, clock, entropy).await
}

/// As [`back_up_now`], unless one that was begun since `due` is made.
async fn back_up_since(
    owner: &PgPool,
    plan: &Nightly,
    due: Timestamp,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<Option<Taken>, BackupError> {
    let mut guard = owner.acquire().await?;
    let is_ours = sqlx::query_scalar!(r#"SELECT pg_try_advisory_lock($1) AS "ours!""#, LOCK)
        .fetch_one(&mut *guard)
        .await?;
    if !is_ours {
        return Ok(None);
    }
    let made = match last(owner).await {
        Ok(Some(last)) if last.at >= due && last.outcome.is_ok() => Ok(None),
        Ok(_) => back_up(owner, plan, clock, entropy).await.map(Some),
        Err(error) => Err(error.into()),
    };
    // The lock is the connection's: it ends with it where this fails.
    let released = sqlx::query_scalar!("SELECT pg_advisory_unlock($1)", LOCK)
        .fetch_one(&mut *guard)
        .await;
    if released.is_err() {
        drop(guard.detach());
    }
    made
}

async fn back_up(
    owner: &PgPool,
    plan: &Nightly,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<Taken, BackupError> {
    let begun = clock.now();
    let made = if plan.folder.is_dir() {
        let seal_for = SealFor::Recipient(plan.recipient);
        take(owner, &plan.folder, seal_for, clock, entropy, |_| ()).await
    } else {
        Err(BackupError::NoFolder(plan.folder.clone()))
    };
    let kept = match &made {
        Ok(taken) => keep_newest(
            &plan.folder,
            taken.head.installation,
            usize::try_from(plan.keep.get()).unwrap_or(usize::MAX),
        ),
        Err(_) => Ok(0),
    };
    if let Err(error) = &kept {
        tracing::warn!(code = error.code(), "old backups were not removed");
    }
    let bytes = made
        .as_ref()
        .ok()
        .and_then(|taken| i64::try_from(taken.bytes).ok());
    let failure = made.as_ref().err().map(Explain::code);
    sqlx::query!(
        "INSERT INTO installation_backup (begun_at, ended_at, bytes, failure) VALUES ($1, $2, $3, $4)",
        begun.to_sqlx() as _,
        clock.now().max(begun).to_sqlx() as _,
        bytes,
        failure,
    )
    .execute(owner)
    .await?;
    made
}
