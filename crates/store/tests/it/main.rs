//! Integration tests against a real PostgreSQL, in one binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod accounts;
mod backup;
mod cluster;
mod journal;
mod keys;
mod plaintext;
mod reach;
mod registry;
mod schema;
mod seal;
mod search;
