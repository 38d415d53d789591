//! Arguments that several verbs take: the words for them, and what they may be.

use jiff::civil::Date;

/// What the value of a date is called in `--help`; [`crate::usage`] knows a bad date by it.
pub(crate) const DATE: &str = "DATE";

/// Exactly `2021-11-04`; jiff alone would also take times, signs and dates without hyphens.
pub(crate) fn day(text: &str) -> Option<Date> {
    let hyphens = text
        .bytes()
        .enumerate()
        .all(|(at, byte)| (byte == b'-') == matches!(at, 4 | 7));
    let plain = text.len() == 10 && hyphens;
    plain.then(|| text.parse().ok()).flatten()
}

/// As [`day`], for an option whose value is named [`DATE`].
pub(crate) fn date(text: &str) -> Result<Date, String> {
    day(text).ok_or_else(|| "not a date".to_owned())
}
