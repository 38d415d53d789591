//! Why something was not done for somebody without an account, as a problem.

use std::time::Duration;

use app::applications::ApplicationError;
use app::applications::public::{PublicError, PublicObstacle};
use jiff::Timestamp;
use store::accounts::TicketCode;
use store::applications::public::PublicStore;

use crate::problem::{Kind, Problem};
use crate::state::ApiState;

/// The problem, told at this moment.
pub(super) fn problem(now: Timestamp, error: PublicError) -> Problem {
    match error {
        PublicError::NoSuchCase => Problem::explained(Kind::NotFound, &error),
        PublicError::Wait(until) => {
            let seconds = until.duration_since(now).as_secs().max(1);
            let wait = Duration::from_secs(seconds.unsigned_abs());
            Problem::explained(Kind::TooMany, &error).retry_after(wait)
        }
        PublicError::Misfit(field) => {
            Problem::explained(Kind::Invalid, &error).with("field", field)
        }
        PublicError::Hindered(PublicObstacle::PhotoKind | PublicObstacle::PhotoSize) => {
            Problem::explained(Kind::Invalid, &error).with("field", "content")
        }
        PublicError::Hindered(_) => Problem::explained(Kind::Conflict, &error),
        PublicError::Application(ApplicationError::Store(error)) => error.into(),
        PublicError::Application(ApplicationError::Edit(ref edit)) => {
            let field = edit.field().to_owned();
            Problem::explained(Kind::Invalid, edit).with("field", field)
        }
        PublicError::Application(_) => Problem::explained(Kind::Conflict, &error),
    }
}

/// The store of the public pages.
pub(super) fn store(state: &ApiState) -> Result<&PublicStore, Problem> {
    state.public().ok_or(Kind::DatabaseAway.into())
}

/// The code as somebody typed it.
pub(super) fn code(text: &str) -> TicketCode {
    TicketCode::typed(text)
}
