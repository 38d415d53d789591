//! The use cases of allowances: a month's batch prepared, and its way through other hands.

mod child;
mod error;
mod facts;
mod look;
mod move_on;
mod prepare;
mod reasons;
mod run;
mod walk;

pub use error::MonthError;
pub use look::{BatchLook, look, months, read_statement};
pub use move_on::move_on;
pub use prepare::{MonthOrder, PreparedMonth, prepare, prepare_month};
pub use run::prepare_and_commit;
