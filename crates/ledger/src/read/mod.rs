//! Opens a ledger by what it is, not by its name, and yields its rows.
//!
//! **Invariant:** nothing is allocated by a count a file merely claims, and
//! every bound of [`crate::Limits`] is checked before a parser sees the bytes.

mod ahead;
mod corrections;
mod csv;
mod kind;
mod row_gatherer;
mod trouble;
mod workbook;
mod xls;
mod xls_records;
mod xls_strings;
mod xlsx;
mod xlsx_bounds;
mod xml_scan;

pub use corrections::Corrections;
pub use workbook::{Sheet, Workbook, contents};
