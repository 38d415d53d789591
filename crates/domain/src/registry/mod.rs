//! The registry: one child, one file.

mod department;
mod due;
mod edit;
mod intake;
mod name;
mod national;
mod number;
mod particulars;
mod status;

pub use department::{Bond, DepartmentList, Doubt, Doubtful, Kinship, Listable, Told, doubts};
pub use due::{Standing, standing};
pub use edit::{EARLIEST_DAY, EDITABLE_FIELDS, EditError, edit, parted};
pub use intake::{Amendment, amend, said_so_far};
pub use name::{name_keys, name_order, query_key};
pub use national::{Comparison, Difference, Entered, Found, Held, IdDigest, compare};
pub use number::{holds_number, holds_number_of};
pub use particulars::{Hidden, Particulars, Relation, Relative, SEALED_FIELDS, journal_view};
pub use status::{OpenStatus, StatusDecision, place_in};
