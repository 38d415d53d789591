//! What may happen: one module per subsystem.
//!
//! **Invariant.** Nothing here does I/O, reads a clock or draws a random number: a decision is a function of its facts.

pub mod allowances;
pub mod applications;
pub mod document;
pub mod exchange;
pub mod organisation;
pub mod registry;
