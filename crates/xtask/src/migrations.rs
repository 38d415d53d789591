//! The store's migrations as files: their order, and a record of what the query data was made from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::workspace;

/// The folder of migrations, relative to the workspace.
pub(crate) const FOLDER: &str = "crates/store/migrations";

/// Every migration in the order in which it is applied.
pub(crate) fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let folder = root.join(FOLDER);
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {FOLDER}"))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// One line a migration: git's hash of its content and its name.
pub(crate) fn record(root: &Path) -> Result<String> {
    let mut lines = String::new();
    for file in files(root)? {
        let hash = workspace::output(
            Command::new("git")
                .args(["hash-object", "--no-filters"])
                .arg(&file),
        )?;
        let name = file
            .file_name()
            .context("a migration without a name")?
            .to_string_lossy();
        lines.push_str(&format!("{} {name}\n", hash.trim()));
    }
    Ok(lines)
}
