//! Use cases: load, decide, apply.

pub mod demo;
pub mod organisation;
pub mod registry;
