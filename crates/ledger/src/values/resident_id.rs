//! Resident ids as they stand in cells: as text with stray signs, or as numbers that lost digits.

use kernel::resident_id::{ResidentId, ResidentIdError};

use crate::cell::Cell;
use crate::text::{compact, says_nothing};

/// What is wrong with a resident id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdFault {
    /// A number cell keeps 15 digits only; the last three are gone.
    PrecisionLost,
    /// The number itself is wrong.
    Invalid(ResidentIdError),
}

/// From here on a spreadsheet's number no longer holds every digit.
pub(crate) const FIRST_ROUNDED: f64 = 1e15;

/// Reads a resident id; `None` for an empty cell.
///
/// # Errors
/// [`IdFault`], the first that applies.
pub fn read(cell: &Cell<'_>) -> Result<Option<ResidentId>, IdFault> {
    if matches!(cell, Cell::Number(number) if number.abs() >= FIRST_ROUNDED) {
        return Err(IdFault::PrecisionLost);
    }
    let text = cell.display();
    let text = compact(&text);
    let is_quote = |c| matches!(c, '\'' | '‘' | '’' | '`' | '"' | '“' | '”');
    let text = text.trim_start_matches(is_quote);
    let text = text.trim_end_matches(|c| is_quote(c) || matches!(c, '。' | '.' | ',' | ';' | '、'));
    if text.is_empty() || says_nothing(text) {
        return Ok(None);
    }
    if is_scientific(text) {
        return Err(IdFault::PrecisionLost);
    }
    ResidentId::parse(text).map(Some).map_err(IdFault::Invalid)
}

/// 3.70481E+17, as a spreadsheet shows a long number and saves it to csv.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let is_number = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    is_number(mantissa) && is_number(exponent.strip_prefix('+').unwrap_or(exponent))
}
