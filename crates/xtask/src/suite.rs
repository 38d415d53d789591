//! `cargo xtask suite`: every test program of the workspace that did not pass before with the same contents.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::passed::{Contents, Passed, Step};
use crate::{postgres, testserver, workspace};

const NEXTEST: [&str; 3] = ["nextest", "--workspace", "--locked"];

/// The package whose tests run the program, and read what all others keep for theirs.
const PROGRAMS: &str = "hutong";

/// The packages whose programs hand out the built front ends, which they read from the disk unless they are a release.
const SHOWING: [&str; 2] = ["api", PROGRAMS];

/// A program of tests, as cargo built it.
struct TestProgram {
    /// As in `app::it`.
    id: String,
    package: String,
    file: PathBuf,
}

/// Runs the programs that have changed beside a fresh server, and remembers them when all have passed.
pub(crate) fn run() -> Result<ExitCode> {
    let root = workspace::root()?;
    let programs = built(&root)?;
    let files = workspace::files(&root)?;
    let passed = Passed::at(&root);
    let mut steps: BTreeMap<&str, Step> = BTreeMap::new();
    for program in &programs {
        let step = passed.step(&program.id, contents(&root, program, &files)?);
        steps.insert(&program.id, step);
    }
    let (done, due): (BTreeMap<_, _>, BTreeMap<_, _>) =
        steps.into_iter().partition(|(_, step)| step.has_passed());
    if !done.is_empty() {
        let done: Vec<&str> = done.into_keys().collect();
        println!(
            "passed before with the same contents; ALL=1 runs them again: {}",
            done.join(", ")
        );
    }
    if due.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let code = testserver::run(&command(due.keys()))?;
    if code == ExitCode::SUCCESS {
        due.values().try_for_each(Step::keep)?;
    }
    Ok(code)
}

/// The run of these programs.
fn command<'p>(programs: impl Iterator<Item = &'p &'p str>) -> Vec<OsString> {
    let meant: Vec<String> = programs.map(|id| format!("binary_id(={id})")).collect();
    let [nextest, workspace, locked] = NEXTEST;
    let words = [nextest, "run", workspace, locked, "--no-tests=pass", "-E"];
    let words = words.map(OsString::from).into_iter();
    let cargo = std::iter::once(workspace::cargo());
    let meant = std::iter::once(meant.join(" | ").into());
    cargo.chain(words).chain(meant).collect()
}

/// Builds every program of tests and lists them.
fn built(root: &Path) -> Result<Vec<TestProgram>> {
    let [nextest, workspace, locked] = NEXTEST;
    let listed = workspace::command(workspace::cargo())
        .current_dir(root)
        .args([nextest, "list", workspace, locked])
        .args(["--list-type", "binaries-only", "--message-format", "json"])
        .stderr(Stdio::inherit())
        .output()?;
    if !listed.status.success() {
        bail!("the tests do not build");
    }
    let listed: Value = serde_json::from_slice(&listed.stdout)?;
    let programs = listed["rust-binaries"].as_object();
    let programs = programs.context("nextest lists no programs")?.iter();
    programs
        .map(|(id, program)| {
            let package = id.split("::").next().unwrap_or(id);
            let file = program["binary-path"].as_str();
            Ok(TestProgram {
                id: id.clone(),
                package: package.to_owned(),
                file: file.with_context(|| format!("{id} has no file"))?.into(),
            })
        })
        .collect()
}

/// What a program of tests goes by: itself, PostgreSQL, and the files it may read while it runs.
fn contents(root: &Path, program: &TestProgram, files: &[String]) -> Result<Contents> {
    let mut contents = Contents::none();
    contents.add_file(&program.file)?;
    contents.add_file(&postgres::find_binaries(root)?.join("postgres"))?;
    let read = files.iter().filter(|file| may_read(&program.package, file));
    contents.add_files(root, read)?;
    if SHOWING.contains(&&*program.package) {
        let built = workspace::made_below(root, "frontend/dist")?;
        contents.add_files(root, built.iter())?;
    }
    if program.package == PROGRAMS {
        contents.add_file(&root.join("target/debug").join(PROGRAMS))?;
    }
    Ok(contents)
}

/// What no program of tests reads: what is compiled into it, what a front end is built from, and what only says how all is
/// run.
const UNREAD: [&str; 5] = [".sqlx", "frontend", "setup", ".ci", "Makefile"];

/// Whether the tests of a package may read this file: what lies in a crate is its own, and the rest everybody's.
fn may_read(package: &str, file: &str) -> bool {
    let mut folders = file.split('/');
    match (folders.next(), folders.next()) {
        _ if file.ends_with(".rs") => false,
        (Some(first), _) if UNREAD.contains(&first) => false,
        (Some("crates"), Some(owner)) => [owner, PROGRAMS].contains(&package),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_reads_its_own_files_and_those_of_no_crate() {
        for (package, file, reads) in [
            ("policy", "crates/policy/cases/orphan.toml", true),
            ("domain", "crates/policy/cases/orphan.toml", false),
            ("hutong", "crates/ledger/tests/ledgers/a.xlsx", true),
            ("domain", "docs/applications.md", true),
            ("kernel", "Cargo.lock", true),
            ("kernel", "crates/kernel/src/lib.rs", false),
            ("api", "frontend/apps/console/index.html", false),
            ("store", ".sqlx/query-1.json", false),
            ("hutong", "setup/test.sh", false),
            ("hutong", "Makefile", false),
        ] {
            assert_eq!(may_read(package, file), reads, "{package} {file}");
        }
    }

    #[test]
    fn only_the_programs_that_are_due_are_run() {
        let words = command(["app", "app::it"].iter());
        let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
        assert_eq!(words.last(), Some(&"binary_id(=app) | binary_id(=app::it)"));
        assert!(words.contains(&"run"));
    }
}
