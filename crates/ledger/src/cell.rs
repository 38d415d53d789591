//! A cell and a row as every kind of file yields them.

use std::borrow::Cow;

use jiff::civil::Date;

/// The value of one cell, as stored; nothing is tidied here.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell<'a> {
    /// Nothing in it.
    #[default]
    Empty,
    /// Text, as typed.
    Text(Cow<'a, str>),
    /// A number without the format of a date.
    Number(f64),
    /// A number shown as a date.
    Date(Date),
    /// TRUE or FALSE.
    Bool(bool),
}

impl Cell<'_> {
    /// The cell with its text as its own.
    #[must_use]
    pub fn detached(&self) -> Cell<'static> {
        match self {
            Self::Empty => Cell::Empty,
            Self::Text(text) => Cell::Text(Cow::Owned(text.clone().into_owned())),
            Self::Number(number) => Cell::Number(*number),
            Self::Date(date) => Cell::Date(*date),
            Self::Bool(value) => Cell::Bool(*value),
        }
    }

    /// Whether there is nothing to see in the cell.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text
                .chars()
                .all(|c| c.is_whitespace() || crate::text::is_invisible(c)),
            _ => false,
        }
    }

    /// The cell as text: dates as 2015-11-20, whole numbers without a fraction.
    #[must_use]
    pub fn display(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            // Display of f64 never uses an exponent, so digits stay visible.
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Bool(true) => Cow::Borrowed("TRUE"),
            Self::Bool(false) => Cow::Borrowed("FALSE"),
        }
    }
}

/// One row of a sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row<'a> {
    /// The spreadsheet's own row number, from 1.
    pub number: u32,
    /// The cells from column A to the last one filled.
    pub cells: Vec<Cell<'a>>,
}

impl Row<'_> {
    /// The row with its texts as its own.
    #[must_use]
    pub fn detached(&self) -> Row<'static> {
        Row {
            number: self.number,
            cells: self.cells.iter().map(Cell::detached).collect(),
        }
    }

    /// Whether no cell holds anything visible.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }
}

/// Whether a spreadsheet's serial number stands for a day from 1900-03-01 to 2100-12-31.
///
/// The 1900 system counts a 29 February 1900 that never was, so serials below
/// 61 are off by one there; nothing later than 2100 is a birth or an office's date.
#[must_use]
pub fn is_dated_serial(serial: f64) -> bool {
    (61.0..73_416.0).contains(&serial)
}

/// The day a spreadsheet's serial number stands for, in the 1900 or the 1904 system.
///
/// ```
/// use jiff::civil::date;
/// assert_eq!(ledger::cell::serial_date(42309.0, false), Some(date(2015, 11, 1)));
/// assert_eq!(ledger::cell::serial_date(40847.0, true), Some(date(2015, 11, 1)));
/// ```
#[must_use]
pub fn serial_date(serial: f64, since_1904: bool) -> Option<Date> {
    if !is_dated_serial(serial) {
        return None;
    }
    let epoch = if since_1904 {
        jiff::civil::date(1904, 1, 1)
    } else {
        jiff::civil::date(1899, 12, 30)
    };
    // Bounded above, so the whole days fit.
    let days = serial.floor() as i32;
    epoch.checked_add(jiff::Span::new().days(days)).ok()
}
