//! Bank accounts: digits in groups, card numbers with a check digit (ISO/IEC 7812).

use std::borrow::Cow;

use super::resident_id::FIRST_ROUNDED;
use crate::cell::Cell;
use crate::text::{compact, says_nothing};

/// An account number without spaces.
pub type Account = String;

/// A card number whose check digit is wrong, or that lost digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountFault;

/// Reads an account number; `None` for an empty cell.
///
/// Only UnionPay card numbers (16 to 19 digits beginning 62) are checked;
/// passbooks and company accounts have no common check digit.
///
/// # Errors
/// [`AccountFault`] for a card number that fails, and for one that the spreadsheet rounded.
///
/// ```
/// use ledger::{cell::Cell, values::{account, AccountFault}};
/// let text = |text: &'static str| account(&Cell::Text(text.into()));
/// assert_eq!(text("6259 8409 6358 9238 202"), Ok(Some("6259840963589238202".into())));
/// assert_eq!(text("6259840963589238203"), Err(AccountFault));
/// assert_eq!(account(&Cell::Number(6_235_029_435_717_210_000.0)), Err(AccountFault));
/// ```
pub fn read(cell: &Cell<'_>) -> Result<Option<Account>, AccountFault> {
    let text = cell.display();
    let text = compact(&text);
    let digits: Cow<'_, str> = if text.contains(['-', '\'', '’', '`']) {
        Cow::Owned(
            text.chars()
                .filter(|c| !matches!(c, '-' | '\'' | '’' | '`'))
                .collect(),
        )
    } else {
        text
    };
    if digits.is_empty() || says_nothing(&digits) {
        return Ok(None);
    }
    // 6.21746E+18: the spreadsheet kept only the first digits of a card number.
    let is_shortened = digits.starts_with("6.2") && digits.contains(['E', 'e']);
    let is_card = (16..=19).contains(&digits.len())
        && digits.starts_with("62")
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    // Of 17 digits and more a number cell keeps 15, and one time in ten what is left fits.
    let is_rounded = matches!(cell, Cell::Number(number) if *number >= FIRST_ROUNDED * 10.0);
    if is_shortened || (is_card && (is_rounded || !passes_luhn(digits.as_bytes()))) {
        return Err(AccountFault);
    }
    Ok(Some(digits.into_owned()))
}

fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled @ 0..=9) => doubled,
                (_, doubled) => doubled - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}
