//! Why nothing was exchanged, as a problem.

use app::exchange::ExchangeError;
use jiff::Timestamp;

use crate::problem::{Kind, Problem};

/// Beyond reach is nothing there; what is not taken is a conflict under its own code.
pub(super) fn problem(now: Timestamp, error: ExchangeError) -> Problem {
    match error {
        ExchangeError::NotFound => Kind::NotFound.into(),
        ExchangeError::Store(error) => error.into(),
        ExchangeError::Misfit(field) => {
            Problem::explained(Kind::Invalid, &error).with("field", field)
        }
        ExchangeError::Card(_) => Problem::explained(Kind::Invalid, &error).with("field", "card"),
        ExchangeError::Wait(until) => {
            let seconds = until.duration_since(now).as_secs().max(1).unsigned_abs();
            let wait = std::time::Duration::from_secs(seconds);
            Problem::explained(Kind::TooMany, &error).retry_after(wait)
        }
        error => Problem::explained(Kind::Conflict, &error),
    }
}
