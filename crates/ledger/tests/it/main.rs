//! Ledgers as offices send them, checked as a whole.

mod hostile;
mod marking;
mod samples;
mod support;
mod variants;
