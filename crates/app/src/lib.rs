//! Use cases: load, decide, apply.

pub mod applications;
pub mod demo;
pub mod organisation;
pub mod registry;
