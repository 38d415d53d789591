//! Reads the spreadsheets that offices really keep, and says what is wrong with them.
//!
//! A ledger goes through four hands: [`read`] opens the file and yields rows,
//! [`header`] finds the columns, [`record`] tidies a row into a child's
//! record, [`check`] finds faults cell by cell. [`mark`] writes them back into
//! a workbook. [`bank`] writes a bank's files and reads its answers.

pub mod bank;
pub mod cell;
pub mod check;
pub mod error;
pub mod header;
pub mod limits;
pub mod mark;
pub mod read;
pub mod record;
pub mod text;
pub mod values;

pub use error::LedgerError;
pub use limits::Limits;
