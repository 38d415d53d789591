//! The rulebook: what the law sets, as dated parameters with their citations.
//!
//! **Invariant.** Nothing the law may change is a constant in code. A rulebook that was read holds, for every
//! series, periods without gap or overlap; what has not been verified says so.

mod error;
mod parameter;
mod rulebook;

pub use error::{NotInForce, RulebookError};
pub use parameter::{Parameter, Series};
pub use rulebook::Rulebook;
