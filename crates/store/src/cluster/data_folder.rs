//! The data folder before PostgreSQL is started: made, checked for owner, version and damage.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;

use super::account::Account;
use super::binaries::{Binaries, Majors};
use super::error::ClusterError;
use super::place::Place;

/// Makes the data folder. Where another account runs PostgreSQL it may pass through, but see nothing else.
pub(super) fn make(place: &Place, account: &Account) -> Result<(), ClusterError> {
    let data = place.data();
    let mode = if account.is_other() { 0o711 } else { 0o700 };
    match DirBuilder::new().mode(mode).create(data) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parents = data.parent().unwrap_or(data);
            DirBuilder::new()
                .mode(0o755)
                .recursive(true)
                .create(parents)
                .map_err(|error| ClusterError::io(parents, error))?;
            DirBuilder::new()
                .mode(mode)
                .create(data)
                .map_err(|error| ClusterError::io(data, error))?;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => check_owner(data)?,
        made => made.map_err(|error| ClusterError::io(data, error))?,
    }
    account.may_enter(data)
}

fn check_owner(data: &Path) -> Result<(), ClusterError> {
    let found = fs::metadata(data).map_err(|error| ClusterError::io(data, error))?;
    if !found.is_dir() {
        return Err(ClusterError::Unwritable(data.to_path_buf()));
    }
    let user = rustix::process::geteuid();
    if found.uid() == user.as_raw() || user.is_root() {
        Ok(())
    } else {
        Err(ClusterError::NotOwner(data.to_path_buf()))
    }
}

/// Makes a folder for the account alone.
pub(super) fn private(path: &Path, account: &Account) -> Result<(), ClusterError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(ClusterError::io(path, error));
        }
        _ => {}
    }
    account.give(path)
}

/// Whether there is a cluster; an empty folder, as a mount point has, is none.
pub(super) fn has_cluster(place: &Place) -> Result<bool, ClusterError> {
    let cluster = place.cluster();
    match fs::read_dir(&cluster) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(ClusterError::io(&cluster, error)),
    }
}

/// The binaries that fit the existing cluster.
///
/// # Errors
/// `Broken` when its version cannot be read, `Newer` or `Older` when no installed PostgreSQL is of that version.
pub(super) fn binaries_for(place: &Place) -> Result<Binaries, ClusterError> {
    let path = place.cluster();
    let found = version(&path)?;
    if let Some(binaries) = Binaries::of_major(found)? {
        return Ok(binaries);
    }
    // With no PostgreSQL at all the useful message is how to install one.
    let best = Binaries::find()?;
    let newer = found > best.major().max(highest_installed());
    Err(if newer {
        ClusterError::Newer { path, found }
    } else {
        ClusterError::Older { path, found }
    })
}

/// The newest supported version installed, 0 for none.
fn highest_installed() -> u32 {
    Majors::SUPPORTED
        .rev()
        .find(|major| matches!(Binaries::of_major(*major), Ok(Some(_))))
        .unwrap_or(0)
}

/// Whether there is too little space left for PostgreSQL to work, or even to write down why it does not.
pub(super) fn is_full(path: &Path) -> bool {
    const TOO_LITTLE: u64 = 4 * 1024 * 1024;
    rustix::fs::statvfs(path)
        .is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < TOO_LITTLE)
}

/// Reads `PG_VERSION` and looks for the pieces every cluster has.
fn version(cluster: &Path) -> Result<u32, ClusterError> {
    let broken = |detail: String| ClusterError::Broken {
        path: cluster.to_path_buf(),
        detail,
    };
    let text = match fs::read(cluster.join("PG_VERSION")) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(broken("no PG_VERSION".into()));
        }
        Err(error) => return Err(ClusterError::io(cluster.join("PG_VERSION"), error)),
    };
    let major = text
        .trim()
        .parse()
        .ok()
        .filter(|major| (7..100).contains(major));
    let major = major.ok_or_else(|| {
        broken(format!(
            "PG_VERSION: {:?}",
            text.chars().take(20).collect::<String>()
        ))
    })?;
    let missing = ["global/pg_control", "base", "pg_wal"]
        .into_iter()
        .find(|piece| !cluster.join(piece).exists());
    match missing {
        Some(piece) => Err(broken(format!("no {piece}"))),
        None => Ok(major),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster_with(version: Option<&str>) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        if let Some(version) = version {
            fs::write(folder.path().join("PG_VERSION"), version).unwrap();
        }
        for piece in ["global", "base", "pg_wal"] {
            fs::create_dir(folder.path().join(piece)).unwrap();
        }
        fs::write(folder.path().join("global/pg_control"), "").unwrap();
        folder
    }

    #[test]
    fn tells_a_version_from_damage() {
        assert_eq!(version(cluster_with(Some("15\n")).path()).unwrap(), 15);
        assert_eq!(version(cluster_with(Some("19\n")).path()).unwrap(), 19);
        for garbled in [
            None,
            Some(""),
            Some("\u{0}\u{0}"),
            Some("fifteen"),
            Some("0"),
            Some("99999"),
        ] {
            assert!(
                matches!(
                    version(cluster_with(garbled).path()),
                    Err(ClusterError::Broken { .. })
                ),
                "{garbled:?}"
            );
        }
        let folder = cluster_with(Some("15"));
        fs::remove_file(folder.path().join("global/pg_control")).unwrap();
        assert!(matches!(
            version(folder.path()),
            Err(ClusterError::Broken { .. })
        ));
    }
}
