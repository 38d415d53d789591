//! Why something about payment was not done, as a problem.

use app::allowances::PayError;
use domain::allowances::AccountError;

use crate::problem::{Kind, Problem};

/// Beyond reach is nothing there; what does not fit is a conflict in its own words.
pub(super) fn pay_problem(error: PayError) -> Problem {
    match error {
        PayError::NotFound => Kind::NotFound.into(),
        PayError::Stale => Kind::Stale.into(),
        PayError::Store(error) => error.into(),
        PayError::Account(error) => {
            let problem = Problem::explained(Kind::Conflict, &error);
            match field(error) {
                Some(field) => problem.with("field", field),
                None => problem,
            }
        }
        hindered => Problem::explained(Kind::Conflict, &hindered),
    }
}

/// The field of a stated account that is at fault.
const fn field(error: AccountError) -> Option<&'static str> {
    match error {
        AccountError::Words => Some("holder"),
        AccountError::Number => Some("number"),
        AccountError::Reason => Some("reason"),
        AccountError::NotOnFile => Some("bank"),
        AccountError::SamePerson | AccountError::Decided => None,
    }
}
