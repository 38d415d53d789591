//! The binary: one verb, one file under `verbs`.

mod cli;
mod lines;
mod outcome;
mod verbs;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
