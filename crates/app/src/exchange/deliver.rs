//! Sending over the network what waits for its receipt.
//!
//! **Invariant.** A package is sent until its receipt is there or its time is over, each time the same bytes: that an
//! answer was lost is repaired by sending again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kernel::explain::Explain;
use store::error::StoreError;
use store::exchange::{Unsent, failed, unsent};
use store::work::Store;

use super::receive::receive;

/// How long whoever sends a package has it to himself.
const LEASE: SignedDuration = SignedDuration::from_mins(3);
/// How long to wait after the first time; twice as long after each further one.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// The longest wait.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);
/// How long to rest when nothing waits.
const PAUSE: Duration = Duration::from_secs(5);

/// Why a package was not handed in, by the code that the other side or the network gives for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not handed in: {0}")]
pub struct Undelivered(pub String);

/// The code where nobody answered as an installation does.
pub const UNREACHABLE: &str = "exchange.unreachable";

/// Hands packages in at other installations.
pub trait Carrier: Send + Sync {
    /// Hands a package in at this address; answers the receipt.
    fn hand_in(
        &self,
        address: &str,
        package: Vec<u8>,
    ) -> impl Future<Output = Result<Vec<u8>, Undelivered>> + Send;
}

/// Sends packages until told to stop.
pub async fn run_deliveries(store: Store, carrier: impl Carrier, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            match deliver_next(&store, &carrier).await {
                Ok(true) => (),
                Ok(false) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    tracing::warn!(%error, "a package could not be sent");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        };
        tokio::select! {
            () = &mut stop => return,
            () = next => (),
        }
    }
}

/// Sends the package that has waited longest; whether there was one.
///
/// # Errors
/// When the database does not answer. A package that is not taken is no error: it waits for the next time.
pub async fn deliver_next(store: &Store, carrier: &impl Carrier) -> Result<bool, StoreError> {
    let lease = after(store, LEASE);
    let Some(next) = unsent(store, lease).await? else {
        return Ok(false);
    };
    let Unsent {
        id,
        package,
        address,
        tries,
        ..
    } = next;
    let code = match carrier.hand_in(&address, package).await {
        Ok(receipt) => match receive(store, &receipt).await {
            Ok(_) => return Ok(true),
            Err(error) => error.code().to_owned(),
        },
        Err(Undelivered(code)) => code,
    };
    tracing::info!(package = %id, tries, code, "a package was not taken");
    failed(store, id, &code, after(store, wait(tries))).await?;
    Ok(true)
}

fn after(store: &Store, span: SignedDuration) -> Timestamp {
    let moment = store.clock().now().saturating_add(span);
    moment.unwrap_or(Timestamp::MAX)
}

/// How long to wait after so many times.
fn wait(tries: i32) -> SignedDuration {
    let doubled = u32::try_from(tries - 1).unwrap_or(0).min(20);
    FIRST_WAIT.saturating_mul(1 << doubled).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_does_not_answer_is_asked_less_and_less_often() {
        assert_eq!(wait(1), FIRST_WAIT);
        assert_eq!(wait(3), FIRST_WAIT * 4);
        assert_eq!(wait(40), LONGEST_WAIT);
    }
}
