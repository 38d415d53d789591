//! Use cases: load, decide, apply.

pub mod demo;
pub mod registry;
