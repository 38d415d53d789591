//! Use cases: load, decide, apply.

pub mod allowances;
pub mod applications;
pub mod demo;
pub mod exchange;
pub mod organisation;
pub mod registry;
