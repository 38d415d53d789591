//! The binary as people run it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod allowance;
mod backup;
mod backup_kills;
mod bench;
mod check;
mod config;
mod decide;
mod demo;
mod faults;
mod first_start;
mod folder;
mod import;
mod init;
mod keys;
mod kills;
mod load;
mod month_kills;
mod operations;
mod resident_id;
mod rules;
mod run;
mod serve;
mod served;
mod upgrade;
mod workdays;
