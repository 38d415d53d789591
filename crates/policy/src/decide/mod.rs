//! The decision on one child: which classes hold, why, and what the others lack.
//!
//! **Invariant.** A fact that is not known neither grants a class nor refuses it: where it could turn the
//! answer, the answer says that it is missing.

mod classes;
mod decision;
mod points;
mod standing;
mod truth;

pub use decision::{Decision, Not, Rest, Undecided, Why};

#[cfg(test)]
mod tests;
