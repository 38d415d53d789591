//! The rules held against cases written down beside them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cases;
mod clocks;
mod pairs;
