//! `cargo xtask prepare`: the committed `.sqlx`, which lets a fresh clone build without a database.
//!
//! **Invariant**: `.sqlx` holds exactly what the store's queries and migrations give, nothing stale, and
//! a record of the migrations it was made from, so that `cargo xtask check` sees a changed schema.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::{migrations, postgres::Scratch, workspace};

/// The file inside `.sqlx` that names the migrations it was made from.
pub(crate) const RECORD: &str = "migrations.txt";

/// File name to content.
type Files = BTreeMap<String, String>;

/// Writes `.sqlx` anew, or with `check` reports where the committed one differs (exit code 1).
pub(crate) fn run(check: bool) -> Result<ExitCode> {
    let root = workspace::root()?;
    let _lock = workspace::lock(&root)?;
    let fresh = generate(&root)?;
    let committed_folder = root.join(".sqlx");
    let committed = read(&committed_folder)?;
    let differing: Vec<&String> = fresh
        .keys()
        .chain(committed.keys().filter(|name| !fresh.contains_key(*name)))
        .filter(|name| fresh.get(*name) != committed.get(*name))
        .collect();
    if check {
        for name in &differing {
            eprintln!(".sqlx/{name}: not what the queries give; run make prepare and commit .sqlx");
        }
        if !differing.is_empty() {
            return Ok(ExitCode::from(1));
        }
        println!(
            ".sqlx: {} queries, all fresh",
            fresh.len().saturating_sub(1)
        );
        return Ok(ExitCode::SUCCESS);
    }
    fs::create_dir_all(&committed_folder)?;
    for name in &differing {
        match fresh.get(*name) {
            Some(text) => fs::write(committed_folder.join(name), text)?,
            None => fs::remove_file(committed_folder.join(name))?,
        }
    }
    println!(
        ".sqlx: {} queries, {} files changed",
        fresh.len().saturating_sub(1),
        differing.len()
    );
    Ok(ExitCode::SUCCESS)
}

/// Compiles the store against a scratch database and answers the query data that sqlx saved.
fn generate(root: &Path) -> Result<Files> {
    let server = Scratch::for_development(root)?;
    let was_running = server.running();
    server.start()?;
    let database = format!("prepare_{}", std::process::id());
    let made = server
        .migrate(root, &database)
        .and_then(|()| describe(root, &server.url(&database)));
    let cleaned = if was_running {
        server.drop_database(&database)
    } else {
        server.remove()
    };
    let files = made?;
    cleaned?;
    Ok(files)
}

fn describe(root: &Path, url: &str) -> Result<Files> {
    let saved = root.join("target/xtask/sqlx");
    if saved.exists() {
        fs::remove_dir_all(&saved)?;
    }
    fs::create_dir_all(&saved)?;
    let touched = Touched::new(root)?;
    let status = workspace::command(workspace::cargo())
        .current_dir(root)
        .args(["check", "--quiet", "--package", "store", "--all-targets"])
        .env("DATABASE_URL", url)
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", &saved)
        .status()
        .context("cannot run cargo")?;
    touched.restore()?;
    if !status.success() {
        bail!("the store does not compile against its own migrations");
    }
    let mut files = read(&saved)?;
    files.insert(RECORD.to_owned(), migrations::record(root)?);
    Ok(files)
}

/// The roots of the store's targets with a newer file time, which makes cargo expand their macros again.
///
/// The old times come back afterwards: the sources did not change, and nothing else need be rebuilt.
struct Touched {
    before: Vec<(PathBuf, SystemTime)>,
    stamp: SystemTime,
}

impl Touched {
    fn new(root: &Path) -> Result<Self> {
        let marker = root.join("target/xtask/stamp");
        fs::write(&marker, "")?;
        let stamp = fs::metadata(&marker)?.modified()?;
        let store = root.join("crates/store");
        let mut roots = vec![store.join("src/lib.rs")];
        for folder in ["tests", "benches", "examples", "src/bin"] {
            roots.extend(target_roots(&store.join(folder)));
        }
        let mut before = Vec::new();
        for path in roots {
            let file = File::options()
                .append(true)
                .open(&path)
                .with_context(|| format!("cannot open {}", path.display()))?;
            before.push((path, file.metadata()?.modified()?));
            file.set_modified(stamp)?;
        }
        Ok(Self { before, stamp })
    }

    /// Puts the old time back, except where someone has edited the file meanwhile.
    fn restore(self) -> Result<()> {
        for (path, time) in self.before {
            let file = File::options().append(true).open(&path)?;
            if file.metadata()?.modified()? == self.stamp {
                file.set_modified(time)?;
            }
        }
        Ok(())
    }
}

/// The files cargo takes as targets in `folder`: `x.rs` and `x/main.rs`.
fn target_roots(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|entry| entry.path())
        .filter_map(|path| {
            if path.is_dir() {
                Some(path.join("main.rs")).filter(|main| main.exists())
            } else {
                Some(path)
            }
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(files);
    };
    for entry in entries {
        let entry = entry?;
        files.insert(
            entry.file_name().to_string_lossy().into_owned(),
            fs::read_to_string(entry.path())?,
        );
    }
    Ok(files)
}
