//! Reads single values: dates, resident ids, phones, accounts, villages.

mod account;
mod day;
mod phone;
mod places;
mod resident_id;

pub use account::{Account, AccountFault, read as account};
pub use day::{Day, read as day};
pub use phone::{PhoneFault, read as phones};
pub use places::{Places, Unplaced};
pub(crate) use resident_id::FIRST_ROUNDED;
pub use resident_id::{IdFault, read as resident_id};
