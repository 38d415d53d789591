//! The binary: one verb, one file under `verbs`.

mod arguments;
mod cli;
mod configuration;
mod divisions;
mod figures;
mod left_out;
mod lines;
mod outcome;
mod output;
mod passphrase;
mod progress;
mod rules;
mod runtime;
mod usage;
mod verbs;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
