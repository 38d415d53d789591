//! Why something was not done with an application, as a problem.

use app::applications::{ApplicationError, Obstacle};

use crate::problem::{Kind, Problem};

/// Beyond reach is nothing there; a rule is a conflict in its own words.
pub(super) fn problem(error: ApplicationError) -> Problem {
    match error {
        ApplicationError::NotFound => Kind::NotFound.into(),
        ApplicationError::Stale => Kind::Stale.into(),
        ApplicationError::Edit(ref edit) => {
            let field = edit.field().to_owned();
            Problem::explained(Kind::Invalid, edit).with("field", field)
        }
        ApplicationError::Hindered(Obstacle::MediaType | Obstacle::Size) => {
            Problem::explained(Kind::Invalid, &error).with("field", "content")
        }
        ApplicationError::Store(error) => error.into(),
        hindered => Problem::explained(Kind::Conflict, &hindered),
    }
}
