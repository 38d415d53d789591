//! Checks ledgers: every fault of every row, each at its cell.

mod ages;
mod checker;
mod duplicates;
mod issue;
mod report;

pub use ages::AgeLimits;
pub use checker::{Checker, FileReport, Rules};
pub use issue::{Code, Issue, Severity, Where};
pub use report::json;
