//! Why something was not done with a month, as a problem.

use app::allowances::MonthError;

use crate::problem::{Kind, Problem};

/// Beyond reach is nothing there; a rule is a conflict in its own words.
pub(super) fn problem(error: MonthError) -> Problem {
    match error {
        MonthError::NotFound => Kind::NotFound.into(),
        MonthError::Stale => Kind::Stale.into(),
        MonthError::Store(error) => error.into(),
        hindered => Problem::explained(Kind::Conflict, &hindered),
    }
}

/// A month as it is written, or a problem that names the field.
pub(super) fn month(text: &str, field: &'static str) -> Result<kernel::month::Month, Problem> {
    text.parse()
        .map_err(|_| Problem::from(Kind::Invalid).with("field", field))
}
