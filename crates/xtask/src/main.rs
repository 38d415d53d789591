//! The house's own tool: architecture checks, the committed query data, a database to develop against.

mod check;
mod codegen;
mod devdb;
mod migrations;
mod passed;
mod postgres;
mod prepare;
mod suite;
mod testserver;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    about = "Checks and generated files of this workspace"
)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Check the architecture's rules on every source file and report all violations at once.
    Check,
    /// Regenerate the committed query data in .sqlx from the migrations and the store's queries.
    Prepare {
        /// Change nothing; fail when the committed data differs from what would be written.
        #[arg(long)]
        check: bool,
    },
    /// Write openapi.json, docs/permissions.md and the front end's types anew from the operations' declarations.
    Codegen,
    /// Start a scratch PostgreSQL with a freshly migrated database and print how to reach it.
    Devdb {
        /// Stop the scratch PostgreSQL and remove it.
        #[arg(long)]
        stop: bool,
    },
    /// Run a command, a test run, with a PostgreSQL of its own that tests find in HUTONG_TEST_SERVER.
    Testserver {
        /// The command and its arguments.
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
    /// Run every test program that did not pass before with the same contents, with such a PostgreSQL.
    Suite,
    /// Run a command unless it passed before with the same contents.
    UnlessPassed {
        /// What the step is called.
        name: String,
        /// The files and folders that it goes by.
        #[arg(long = "of", required = true)]
        paths: Vec<String>,
        /// What else it goes by, such as the version of a browser.
        #[arg(long)]
        with: Vec<OsString>,
        /// The command and its arguments.
        #[arg(required = true, last = true)]
        command: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Check => check::run(),
        Task::Prepare { check } => prepare::run(check),
        Task::Codegen => codegen::run(),
        Task::Devdb { stop } => devdb::run(stop),
        Task::Testserver { command } => testserver::run(&command),
        Task::Suite => suite::run(),
        Task::UnlessPassed {
            name,
            paths,
            with,
            command,
        } => passed::run(&name, &paths, &with, &command),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}
