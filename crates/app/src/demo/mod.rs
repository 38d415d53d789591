//! The invented city: real divisions of 枣庄, invented people, the figures of the founding brief.
//!
//! **Invariant.** [`invent`] is a function of the day, the seed and the gazetteer: the same three give the same city,
//! another seed gives other people with the same figures. Nobody in it exists.

mod applications;
mod chance;
mod children;
mod circumstances;
mod city;
mod family;
mod figures;
mod filing;
mod found;
mod households;
mod ledgers;
mod life;
mod names;
mod numbers;
mod officers;
mod statuses;
#[cfg(test)]
mod tests;
mod units;

pub use applications::{Applied, Done, InventedApplication};
pub use city::{City, InventedChild, InventedPost, InventedStatus, InventedUnit, invent};
pub use figures::{
    AIDS_AFFECTED, DE_FACTO_UNATTENDED, INSTITUTION_ORPHANS, KEY_HARDSHIP, LEFT_BEHIND,
    LEFT_BEHIND_WITH_CASH, OPEN_CHILDREN, PAST_CHILDREN, SCATTERED_ORPHANS,
};
pub use found::found;
pub use ledgers::{LEDGER_DAY, LEDGER_HEADINGS, LedgerRow, Ledgers};
pub use officers::{DemoOfficer, OFFICERS, PASSWORD, SECOND_FACTOR};
