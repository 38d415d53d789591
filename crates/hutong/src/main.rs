//! The binary: one verb, one file under `verbs`.

mod cli;
mod figures;
mod lines;
mod outcome;
mod passphrase;
mod progress;
mod runtime;
mod verbs;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
