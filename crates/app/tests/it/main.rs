//! Use cases in an office with people in it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod bulk;
mod desk;
mod doubts;
mod figures;
mod ledgers;
mod news;
