//! How often a code was tried in vain, and how often an address came.
//!
//! **Invariant.** A try is counted before the code is looked at, under a lock, so that guesses sent all at once wait for
//! one another; the answer depends on failures and times alone, not on whether the code exists.

use domain::organisation::throttle::{Counted, Patience, Tries, patience, standing};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;

use super::pages::PublicStore;
use crate::accounts::TicketCode;
use crate::error::StoreError;

/// What is counted, by its keyed digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    digest: [u8; 32],
    counted: Counted,
}

impl Counter {
    /// Tries of a code, whether it exists or not.
    #[must_use]
    pub fn of_code(store: &PublicStore, code: &TicketCode) -> Self {
        let code = code.digest(store.sealer());
        Self {
            digest: store.sealer().blind_index_bytes("public.code", &code),
            counted: Counted::Code,
        }
    }

    /// Tries from an address, whatever codes it tries.
    #[must_use]
    pub fn of_address(store: &PublicStore, address: &str) -> Self {
        Self::of(store, "public.address", address)
    }

    /// What an address did of one kind within a stretch of time, both named by the caller.
    #[must_use]
    pub fn of_visits(store: &PublicStore, address: &str, kind: &str, stretch: i64) -> Self {
        Self::of(
            store,
            "public.visits",
            &format!("{kind} {stretch} {address}"),
        )
    }

    fn of(store: &PublicStore, purpose: &str, text: &str) -> Self {
        Self {
            digest: store.sealer().blind_index(purpose, text),
            counted: Counted::Address,
        }
    }
}

/// What a try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It may go ahead, and is this failure in the row unless it is forgotten.
    Go,
    /// Not before this moment.
    Not(Timestamp),
}

/// Asks whether one more try may be made, and counts it as failed for now.
///
/// # Errors
/// When the database does not answer.
pub async fn try_once(store: &PublicStore, counter: &Counter) -> Result<Tried, StoreError> {
    let now = store.clock().now();
    let mut tx = store.pool().begin().await?;
    let tries = standing(tries(&mut tx, counter, now).await?, now);
    let tried = match patience(counter.counted, tries, now) {
        Patience::Wait(until) | Patience::LockedOut(until) => Tried::Not(until),
        Patience::Go => {
            set(&mut tx, counter, tries.failures.saturating_add(1), now).await?;
            Tried::Go
        }
    };
    tx.commit().await?;
    Ok(tried)
}

/// Counts one more, and answers how many there are.
///
/// # Errors
/// When the database does not answer.
pub async fn count(store: &PublicStore, counter: &Counter) -> Result<u32, StoreError> {
    let now = store.clock().now();
    let mut tx = store.pool().begin().await?;
    let counted = tries(&mut tx, counter, now).await?.failures;
    let counted = counted.saturating_add(1);
    set(&mut tx, counter, counted, now).await?;
    tx.commit().await?;
    Ok(counted)
}

/// Forgets the failures: whoever knew the code is no guesser.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(store: &PublicStore, counter: &Counter) -> Result<(), StoreError> {
    let mut connection = store.pool().acquire().await?;
    set(&mut connection, counter, 0, store.clock().now()).await
}

async fn tries(
    connection: &mut sqlx::PgConnection,
    counter: &Counter,
    now: Timestamp,
) -> Result<Tries, StoreError> {
    let row = sqlx::query!(
        r#"SELECT failures AS "failures!", last_at AS "last_at!: jiff_sqlx::Timestamp" FROM auth.public_tries($1, $2)"#,
        &counter.digest[..],
        now.to_sqlx() as _
    )
    .fetch_one(connection)
    .await?;
    Ok(Tries {
        failures: u32::try_from(row.failures).unwrap_or(0),
        last: row.last_at.to_jiff(),
    })
}

async fn set(
    connection: &mut sqlx::PgConnection,
    counter: &Counter,
    failures: u32,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query!(
        "SELECT auth.public_count($1, $2, $3)",
        &counter.digest[..],
        i32::try_from(failures).unwrap_or(i32::MAX),
        now.to_sqlx() as _
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}
