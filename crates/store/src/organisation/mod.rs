//! The organisation's tables: divisions, units with their reach, officers and their appointments.

mod divisions;
mod founding;
mod officers;
mod posts;

pub use divisions::{Entered, count_divisions, divisions_of, enter_divisions, load_divisions};
pub(crate) use founding::operator_in;
pub use founding::{Founder, FounderPost, InvitedFounder, found_office, found_root, operator};
pub use officers::{division_name, officer_name, officer_unit};
pub use posts::{NewPost, NewUnit, Staffed, UnitsFounded, unit_of};
