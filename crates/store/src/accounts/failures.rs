//! Failed sign-ins, counted by login name and by address.
//!
//! **Invariant.** A try of a name is counted before the password is looked at, under a lock, so that guesses sent all
//! at once wait for one another.

use domain::organisation::Login;
use domain::organisation::throttle::{Counted, Patience, Tries, patience, standing};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;

use crate::error::StoreError;
use crate::seal::Sealer;
use crate::work::Store;

/// The keyed digest that failures are counted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    digest: [u8; 32],
    counted: Counted,
}

impl Key {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.digest
    }
}

/// The key of a login name, whether it exists or not.
#[must_use]
pub fn login_key(sealer: &Sealer, login: &Login) -> Key {
    Key {
        digest: sealer.blind_index("sign_in.login", login.as_str()),
        counted: Counted::Login,
    }
}

/// The key of an address.
#[must_use]
pub fn address_key(sealer: &Sealer, address: &str) -> Key {
    Key {
        digest: sealer.blind_index("sign_in.address", address),
        counted: Counted::Address,
    }
}

/// What a try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It may go ahead, and is this failure in the row unless it is forgotten.
    Go {
        /// Failures with this one.
        failures: u32,
    },
    /// It may not: until when, and whether that is a lock-out.
    Not {
        /// When the next may.
        until: Timestamp,
        /// Whether the name or address is locked out.
        locked_out: bool,
    },
}

/// Asks whether one more try may be made, and if `count`, counts it as failed for now.
///
/// # Errors
/// When the database does not answer.
pub async fn try_once(store: &Store, key: &Key, count: bool) -> Result<Tried, StoreError> {
    let now = store.clock().now();
    let mut tx = store.pool().begin().await?;
    let row = sqlx::query!(
        r#"SELECT failures AS "failures!", last_at AS "last_at!: jiff_sqlx::Timestamp" FROM auth.tries($1, $2)"#,
        key.bytes(),
        now.to_sqlx() as _
    )
    .fetch_one(&mut *tx)
    .await?;
    let tries = standing(
        Tries {
            failures: u32::try_from(row.failures).unwrap_or(0),
            last: row.last_at.to_jiff(),
        },
        now,
    );
    let tried = match patience(key.counted, tries, now) {
        Patience::Wait(until) => Tried::Not {
            until,
            locked_out: false,
        },
        Patience::LockedOut(until) => Tried::Not {
            until,
            locked_out: true,
        },
        Patience::Go => Tried::Go {
            failures: tries.failures.saturating_add(1),
        },
    };
    if let (Tried::Go { failures }, true) = (tried, count) {
        set(&mut tx, key, failures, now).await?;
    }
    tx.commit().await?;
    Ok(tried)
}

/// Forgets the failures of a key: whoever signed in is no guesser.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(store: &Store, key: &Key) -> Result<(), StoreError> {
    let mut connection = store.pool().acquire().await?;
    set(&mut connection, key, 0, store.clock().now()).await
}

async fn set(
    connection: &mut sqlx::PgConnection,
    key: &Key,
    failures: u32,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query!(
        "SELECT auth.count_try($1, $2, $3)",
        key.bytes(),
        i32::try_from(failures).unwrap_or(i32::MAX),
        now.to_sqlx() as _
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// Journals a failed sign-in, or the lock-out it led to, where the name is an account's.
///
/// # Errors
/// When the database does not answer.
pub async fn journal_failure(
    store: &Store,
    login: &Login,
    lock_out: bool,
) -> Result<(), StoreError> {
    sqlx::query!(
        "SELECT auth.journal_failure($1, $2, $3)",
        login.as_str(),
        lock_out,
        store.clock().now().to_sqlx() as _
    )
    .fetch_one(store.pool())
    .await?;
    Ok(())
}
