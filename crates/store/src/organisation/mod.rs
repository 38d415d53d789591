//! The organisation's tables: divisions, units with their reach, officers and their appointments.

mod divisions;
mod founding;
mod officers;
mod posts;
mod seat;

pub use divisions::{
    DivisionFilter, Entered, PlaceNames, count_divisions, division_path, divisions,
    divisions_around, divisions_of, enter_divisions, is_entered, load_divisions, place_names,
};
pub(crate) use founding::operator_in;
pub use founding::{
    Founder, FounderPost, InvitedFounder, found_office, found_root, has_operator, operator,
};
pub use officers::{division_name, officer_name};
pub use posts::{NewPost, NewUnit, Staffed, UnitsFounded, unit_of};
pub use seat::seat;
