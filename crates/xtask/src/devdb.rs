//! `cargo xtask devdb`: a freshly migrated scratch database to develop queries against.

use std::process::ExitCode;

use anyhow::Result;

use crate::{postgres::Scratch, workspace};

/// Starts (or stops and removes) the scratch server; every start makes the database anew.
pub(crate) fn run(stop: bool) -> Result<ExitCode> {
    let root = workspace::root()?;
    let _lock = workspace::lock(&root)?;
    let server = Scratch::for_development(&root)?;
    if stop {
        server.remove()?;
        return Ok(ExitCode::SUCCESS);
    }
    server.start()?;
    server.migrate(&root, "dev")?;
    println!("# as the owner, with queries checked against it:");
    println!(
        "export SQLX_OFFLINE=false DATABASE_URL='{}'",
        server.url("dev")
    );
    println!("# as the program's role: {}", server.app_url("dev"));
    println!("# stop and remove it:    cargo xtask devdb --stop");
    Ok(ExitCode::SUCCESS)
}
