//! Files for a bank and the bank's answers, by templates: CSV, workbooks, and text of fixed widths.
//!
//! A file begins with a record of control totals; text separated by commas and workbooks have a row of titles after it.
//! **Invariant.** A file is written whole or not at all: a character that the encoding lacks or a value too wide for its
//! column names the line. Widths of fixed text are bytes, not characters.

mod answer;
mod error;
mod template;
mod write;

pub use answer::{BankAnswer, BankAnswerLine};
pub use error::BankError;
pub use template::{BankField, BankFormat, Template};
pub use write::{PayLine, PayOrder};
