//! `cargo xtask codegen`: what is written from the operations' declarations and the stages' tables, for people and for
//! the front end.
//!
//! **Invariant**: each file follows from `api::operations` or a table of `domain` alone. Tests of those crates find a
//! stale page or document; the types name the document they were made from, which `cargo xtask check` compares.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::workspace;

/// The operations in OpenAPI.
pub(crate) const DOCUMENT: &str = "openapi.json";
/// The operations and who may call them.
const PERMISSIONS: &str = "docs/permissions.md";
/// The stages of an application.
const STAGES: &str = "docs/states/applications.md";
/// The document's types for the front end.
pub(crate) const TYPES: &str = "frontend/packages/api/generated/schema.d.ts";

/// Writes all of them anew.
pub(crate) fn run() -> Result<ExitCode> {
    let root = workspace::root()?;
    let documents = |which| printed(&root, "api", &["documents", which]);
    let document = documents("openapi")?;
    fs::write(root.join(DOCUMENT), &document)?;
    fs::write(root.join(PERMISSIONS), documents("permissions")?)?;
    fs::write(root.join(STAGES), printed(&root, "domain", &["states"])?)?;
    let types = types(&root)?;
    fs::write(root.join(TYPES), format!("{}\n{types}", seal(&document)))?;
    println!("written: {DOCUMENT}, {PERMISSIONS}, {STAGES}, {TYPES}");
    Ok(ExitCode::SUCCESS)
}

/// The first line of the types: the document they were made from.
pub(crate) fn seal(document: &str) -> String {
    let digest = Sha256::digest(document);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("// Written by cargo xtask codegen from openapi.json {digest}")
}

/// What an example of a crate prints: its name, then its arguments.
fn printed(root: &Path, package: &str, example: &[&str]) -> Result<String> {
    let mut command = workspace::command(workspace::cargo());
    command
        .current_dir(root)
        .args(["run", "--quiet", "--locked", "--package", package])
        .arg("--example")
        .args(example);
    workspace::output(&mut command)
}

/// The types that openapi-typescript makes of the document, installed first where it is missing.
fn types(root: &Path) -> Result<String> {
    let frontend = root.join("frontend");
    if !frontend.join("node_modules/openapi-typescript").is_dir() {
        let installed = Command::new("npm")
            .args(["ci", "--silent"])
            .current_dir(&frontend)
            .status();
        if !installed.context("npm is needed for the types")?.success() {
            bail!("npm ci failed in frontend");
        }
    }
    let mut command = Command::new("node");
    command.current_dir(&frontend).args([
        "node_modules/openapi-typescript/bin/cli.js",
        "../openapi.json",
        "--alphabetize",
    ]);
    workspace::output(&mut command)
}
