//! The registry's use cases.

mod import;
mod open;
mod record;
mod taking;

pub use import::{ImportError, ImportRequest, Imported, import};
pub use open::{OpenError, open};
