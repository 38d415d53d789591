//! One file per verb: its arguments, and `run`.

pub(crate) mod allowance;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod decide;
pub(crate) mod demo;
pub(crate) mod divisions;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod keys;
pub(crate) mod resident_id;
pub(crate) mod restore;
pub(crate) mod rules;
pub(crate) mod serve;
pub(crate) mod workdays;
