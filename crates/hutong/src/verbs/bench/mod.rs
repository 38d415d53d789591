//! `hutong bench`: what the product promises about speed and size, each figure beside a raw limit of the same run.
//!
//! **Invariant.** It works on data and clusters of its own making in a temporary folder that is gone afterwards; the
//! installation on this machine is neither read nor touched.

mod asking;
mod backing;
mod child;
mod deciding;
mod error;
mod figure;
mod importing;
mod ledgers;
mod month;
mod nuisance;
mod pgbench;
mod promise;
mod reading;
mod replaying;
mod report;
mod requesting;
mod returning;
mod run;
mod searching;
mod serving;
mod weighing;

pub(crate) use run::{Args, run};
