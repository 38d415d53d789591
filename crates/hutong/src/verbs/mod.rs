//! One file per verb: its arguments, and `run`.

pub(crate) mod resident_id;
pub(crate) mod workdays;
