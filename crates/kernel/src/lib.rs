//! The ground every other room stands on: ids, money, dates, the working-day calendar, resident ids,
//! divisions, reach, roles and the journal entry.
//!
//! **Invariant.** Nothing here does I/O or draws a random number, and only [`clock::SystemClock`] reads the
//! wall clock. Everything else is a pure function of its arguments.

pub mod calendar;
pub mod category;
pub mod clock;
pub mod division;
pub mod explain;
pub mod gazetteer;
pub mod ids;
pub mod journal;
pub mod money;
pub mod month;
pub mod reach;
pub mod resident_id;
pub mod roles;
