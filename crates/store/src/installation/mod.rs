//! The installation: what this database is, which keys open it, and opening it.

mod maintenance;
mod open;
mod record;

pub use maintenance::Maintenance;
pub use open::{OpenError, Opened, Wanted};
pub use record::{Installation, Kind, found, read, shift_clock};
