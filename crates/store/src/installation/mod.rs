//! The installation: what this database is, which keys open it, and opening it.

mod epoch;
mod founding;
mod maintenance;
mod open;
mod record;
mod upgrade;

pub(crate) use epoch::begin_epoch;
pub use epoch::{Epoch, epoch};
pub use maintenance::Maintenance;
pub use open::{OpenError, Opened, Wanted};
pub(crate) use record::admit_to_figures;
pub use record::{Installation, Kind, found, read, shift_clock};
