//! Ledgers as offices send them, checked as a whole.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod correcting;
mod hostile;
mod marking;
mod samples;
mod support;
mod variants;
