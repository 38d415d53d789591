//! `cargo xtask testserver COMMAND…`: one PostgreSQL for a whole test run, gone when the run ends.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::{postgres::Scratch, workspace};

/// What `testkit` reads; without it every test starts a private cluster of its own.
const VARIABLE: &str = "HUTONG_TEST_SERVER";

/// Runs the command beside a fresh server and answers its exit code.
pub(crate) fn run(command: &[OsString]) -> Result<ExitCode> {
    let (program, arguments) = command.split_first().context("no command to run")?;
    let server = Scratch::for_tests(&workspace::root()?)?;
    let ended = server.start().and_then(|()| {
        let status = workspace::command(program)
            .args(arguments)
            .env(VARIABLE, server.socket())
            .env("TMPDIR", server.beside())
            .status();
        status.with_context(|| format!("cannot run {}", program.to_string_lossy()))
    });
    server.remove()?;
    let code = ended?
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Ok(ExitCode::from(code))
}
