//! Where the workspace lies and which files belong to it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The workspace's root folder: two above this package, which cargo names to what it runs.
pub(crate) fn root() -> Result<PathBuf> {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").context("start this tool with cargo xtask")?;
    Path::new(&package)
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .context("xtask lies outside the workspace")
}

/// Waits until no other xtask of this workspace works on the scratch server; released when dropped.
pub(crate) fn lock(root: &Path) -> Result<File> {
    let folder = root.join("target/xtask");
    fs::create_dir_all(&folder)?;
    let file = File::create(folder.join("lock"))?;
    file.lock()?;
    Ok(file)
}

/// Runs a command to its end and answers its standard output; a failure carries its standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command
        .output()
        .with_context(|| format!("cannot run {name}"))?;
    if !done.status.success() {
        bail!(
            "{name} failed ({}): {}",
            done.status,
            String::from_utf8_lossy(&done.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
