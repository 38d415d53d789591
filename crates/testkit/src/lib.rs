//! A private cluster for tests, one database per test from a template, personas, builders, a fixed clock.

#![allow(
    clippy::expect_used,
    reason = "what fails here fails the test that called it"
)]

pub mod between;
pub mod builders;
mod casework;
pub mod census;
pub mod contents;
pub mod crowd;
pub mod damage;
pub mod database;
mod exchange;
pub mod ledgers;
pub mod months;
pub mod office;
pub mod payments;
pub mod public;
pub mod raise;
mod sessions;

pub use census::Census;
pub use database::TestDatabase;
pub use office::Office;
