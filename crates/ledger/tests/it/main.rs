//! Ledgers as offices send them, checked as a whole.

mod samples;
mod support;
