//! How the registry's errors are told.

use app::registry::{CaseError, Hindrance};
use domain::registry::{EditError, holds_number};

use crate::problem::{Kind, Problem};

pub(super) fn problem(error: CaseError) -> Problem {
    match error {
        CaseError::NotFound => Kind::NotFound.into(),
        CaseError::Stale { since, .. } => {
            let mut changed: Vec<&str> = since
                .iter()
                .flat_map(|revision| revision.fields.iter().map(String::as_str))
                .collect();
            changed.sort_unstable();
            changed.dedup();
            Problem::stale(&changed)
        }
        CaseError::Edit(ref edit) => {
            let field = edit.field().to_owned();
            Problem::explained(Kind::Invalid, edit).with("field", field)
        }
        CaseError::Hindered(Hindrance::MediaType | Hindrance::Size) => {
            Problem::explained(Kind::Invalid, &error).with("field", "content")
        }
        CaseError::Store(error) => error.into(),
        hindered => Problem::explained(Kind::Conflict, &hindered),
    }
}

/// A division by its code, or a problem that names the field.
pub(super) fn division(field: &str, code: i64) -> Result<kernel::division::Division, Problem> {
    kernel::division::Division::new(code).map_err(|_| invalid(field))
}

/// A category by its code, or a problem that names the field.
pub(super) fn category(field: &str, code: &str) -> Result<kernel::category::Category, Problem> {
    code.parse().map_err(|_| invalid(field))
}

/// A sex by its code, or a problem that names the field.
pub(super) fn sex(field: &str, code: &str) -> Result<kernel::resident_id::Sex, Problem> {
    kernel::resident_id::Sex::from_code(code).ok_or_else(|| invalid(field))
}

/// A purpose of 1 to 200 characters. The journal keeps it readable, so no number may stand in it.
pub(crate) fn purpose(text: &str) -> Result<&str, Problem> {
    let text = text.trim();
    if !(1..=200).contains(&text.chars().count()) || text.chars().any(char::is_control) {
        return Err(invalid("purpose"));
    }
    if holds_number(text) {
        return Err(problem(EditError::HoldsNumber("purpose").into()));
    }
    Ok(text)
}

pub(super) fn invalid(field: &str) -> Problem {
    Problem::from(Kind::Invalid).with("field", field)
}
