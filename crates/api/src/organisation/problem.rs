//! Why something about an appointment or an account was not done, as a problem.

use app::organisation::AppointmentError;

use crate::problem::{Kind, Problem};

/// Beyond reach is nothing there; a rule is a conflict in its own words.
pub(super) fn problem(error: AppointmentError) -> Problem {
    match error {
        AppointmentError::NotFound => Kind::NotFound.into(),
        AppointmentError::Store(error) => error.into(),
        AppointmentError::Propose(_)
        | AppointmentError::Confirm(_)
        | AppointmentError::Account
        | AppointmentError::LastConfirmer => Problem::explained(Kind::Conflict, &error),
    }
}
