//! Integration tests against a real PostgreSQL, in one binary.

mod cluster;
mod journal;
mod keys;
mod plaintext;
mod reach;
mod registry;
mod schema;
mod seal;
mod search;
