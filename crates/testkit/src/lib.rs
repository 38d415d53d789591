//! A private cluster for tests, one database per test from a template, personas, builders, a fixed clock.

pub mod builders;
pub mod database;
pub mod ledgers;
pub mod office;

pub use database::TestDatabase;
pub use office::Office;
