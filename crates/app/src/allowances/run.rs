//! A run from beginning to end, made again when the database goes away in the middle.

use std::time::Duration;

use policy::allowance::AllowanceRules;
use store::error::StoreError;
use store::session::SessionToken;
use store::work::Store;

use super::error::MonthError;
use super::prepare::{MonthOrder, PreparedMonth, prepare};

/// How often a run is made again while the database comes back, and how long it waits each time.
const AGAIN: usize = 120;
const WAIT: Duration = Duration::from_millis(250);

/// Prepares a month's batch and commits it. A PostgreSQL that crashed is back within seconds: the run is then made anew,
/// and finds either nothing or the whole batch.
///
/// # Errors
/// [`MonthError`], also when the database stays away.
pub async fn prepare_and_commit(
    store: &Store,
    token: &SessionToken,
    rules: &AllowanceRules,
    rulebook: &str,
    order: MonthOrder,
) -> Result<PreparedMonth, MonthError> {
    for _ in 0..AGAIN {
        match attempt(store, token, rules, rulebook, order).await {
            Err(error) if error.is_cut_off() => {
                tracing::warn!(%error, month = %order.month, "the run was cut off and is made again");
                tokio::time::sleep(WAIT).await;
            }
            done => return done,
        }
    }
    attempt(store, token, rules, rulebook, order).await
}

async fn attempt(
    store: &Store,
    token: &SessionToken,
    rules: &AllowanceRules,
    rulebook: &str,
    order: MonthOrder,
) -> Result<PreparedMonth, MonthError> {
    let begun: Result<_, StoreError> = store.begin(token, "编制发放批次").await;
    let mut work = begun?;
    let prepared = prepare(&mut work, rules, rulebook, order).await?;
    work.commit().await?;
    Ok(prepared)
}
