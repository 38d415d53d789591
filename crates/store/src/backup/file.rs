//! The file of a backup: a draft beside its place, which is renamed once it is whole and on the disk.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::{FlockOperation, flock};
use uuid::Uuid;

use super::error::BackupError;

/// How the name of every backup in a folder ends.
const EXTENSION: &str = ".hutong-backup";
/// What a draft's name has more.
const DRAFT: &str = ".part";

/// Where a backup goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(PathBuf);

impl Target {
    /// This file, or in a folder one named after the installation and the moment, such as
    /// `hutong-0192f3a1-20261123T183000Z.hutong-backup`.
    #[must_use]
    pub fn at(to: &Path, installation: Uuid, now: Timestamp) -> Self {
        if !to.is_dir() {
            return Self(to.to_path_buf());
        }
        let id = installation.simple().to_string();
        let moment = now.strftime("%Y%m%dT%H%M%SZ");
        Self(to.join(format!("hutong-{}-{moment}{EXTENSION}", &id[..8])))
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// Whether a file's name is that of a backup in a folder.
#[must_use]
pub fn is_backup(name: &str) -> bool {
    name.starts_with("hutong-") && name.ends_with(EXTENSION)
}

/// A backup being written. Dropped before it is finished it is removed; a kill leaves the draft alone.
pub(super) struct Draft {
    path: PathBuf,
    target: PathBuf,
    finished: bool,
}

impl Draft {
    /// Opens the draft, and clears what killed backups left in the folder.
    pub(super) fn open(target: &Target) -> Result<(Self, File), BackupError> {
        let target = target.path();
        if target.symlink_metadata().is_ok() {
            return Err(BackupError::Exists(target.to_path_buf()));
        }
        let folder = folder_of(target);
        if !folder.is_dir() {
            return Err(BackupError::NoFolder(folder.to_path_buf()));
        }
        clear_drafts(folder);
        let mut path = target.as_os_str().to_owned();
        path.push(DRAFT);
        let path = PathBuf::from(path);
        let at = |error| BackupError::io(&path, error);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(at)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => file.set_len(0).map_err(at)?,
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(BackupError::Busy(target.to_path_buf()));
            }
            Err(error) => return Err(at(error.into())),
        }
        let draft = Self {
            path,
            target: target.to_path_buf(),
            finished: false,
        };
        Ok((draft, file))
    }

    /// Puts the whole file in its place, and answers its size in bytes.
    pub(super) fn finish(mut self, file: &File) -> Result<u64, BackupError> {
        let at = |error| BackupError::io(&self.path, error);
        file.sync_all().map_err(at)?;
        let bytes = file.metadata().map_err(at)?.len();
        fs::rename(&self.path, &self.target).map_err(at)?;
        File::open(folder_of(&self.target))
            .and_then(|folder| folder.sync_all())
            .map_err(at)?;
        self.finished = true;
        Ok(bytes)
    }

    /// Where it will be.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.finished && fs::remove_file(&self.path).is_err() {
            tracing::warn!("a half-written backup could not be removed");
        }
    }
}

/// Removes the drafts that nobody writes any more; one that cannot be removed is no reason to make no backup.
fn clear_drafts(folder: &Path) {
    for path in named(folder, |name| {
        name.strip_suffix(DRAFT).is_some_and(is_backup)
    })
    .unwrap_or_default()
    {
        let free = File::open(&path)
            .is_ok_and(|file| flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok());
        if free && fs::remove_file(&path).is_err() {
            tracing::warn!("what a killed backup left could not be removed");
        }
    }
}

/// Removes all backups of an installation in a folder but the newest `keep`; answers how many.
pub(super) fn keep_newest(
    folder: &Path,
    installation: Uuid,
    keep: usize,
) -> Result<usize, BackupError> {
    let own = format!("hutong-{}-", &installation.simple().to_string()[..8]);
    let at = |error| BackupError::io(folder, error);
    let mut backups =
        named(folder, |name| name.starts_with(&own) && is_backup(name)).map_err(at)?;
    // The moment in their names is their order.
    backups.sort_unstable();
    let surplus = backups.len().saturating_sub(keep);
    for path in &backups[..surplus] {
        fs::remove_file(path).map_err(|error| BackupError::io(path, error))?;
    }
    Ok(surplus)
}

fn named(folder: &Path, fits: impl Fn(&str) -> bool) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.flatten();
    let fitting = entries.filter(|entry| entry.file_name().to_str().is_some_and(&fits));
    Ok(fitting.map(|entry| entry.path()).collect())
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_generations_stay_and_other_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let moment = |hour: i64| Timestamp::from_second(1_700_000_000 + hour * 3600).unwrap();
        let (own, other) = (Uuid::from_u128(7 << 100), Uuid::from_u128(9 << 100));
        let mut made: Vec<PathBuf> = (0..5)
            .map(|hour| Target::at(folder.path(), own, moment(hour)).0)
            .collect();
        made.push(Target::at(folder.path(), other, moment(0)).0);
        made.push(folder.path().join("notes.txt"));
        for path in &made {
            fs::write(path, "x").unwrap();
        }
        assert_eq!(keep_newest(folder.path(), own, 2).unwrap(), 3);
        let left: Vec<bool> = made.iter().map(|path| path.exists()).collect();
        assert_eq!(left, [false, false, false, true, true, true, true]);
        assert_eq!(keep_newest(folder.path(), own, 2).unwrap(), 0);
    }

    #[test]
    fn a_draft_is_no_backup_until_it_is_finished() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::at(folder.path(), Uuid::nil(), Timestamp::UNIX_EPOCH);
        let (draft, _file) = Draft::open(&target).unwrap();
        assert!(matches!(Draft::open(&target), Err(BackupError::Busy(_))));
        drop(draft);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        // As a kill leaves it.
        let left = folder.path().join("hutong-1-x.hutong-backup.part");
        fs::write(&left, "half").unwrap();
        let (draft, file) = Draft::open(&target).unwrap();
        assert!(!left.exists());
        assert_eq!(draft.finish(&file).unwrap(), 0);
        assert!(target.path().exists());
        assert!(matches!(Draft::open(&target), Err(BackupError::Exists(_))));
    }
}
