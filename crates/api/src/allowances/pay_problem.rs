//! Why something about payment was not done, as a problem.

use app::allowances::PayError;

use crate::problem::{Kind, Problem};

/// Beyond reach is nothing there; what does not fit is a conflict in its own words.
pub(super) fn pay_problem(error: PayError) -> Problem {
    match error {
        PayError::NotFound => Kind::NotFound.into(),
        PayError::Stale => Kind::Stale.into(),
        PayError::Store(error) => error.into(),
        hindered => Problem::explained(Kind::Conflict, &hindered),
    }
}
