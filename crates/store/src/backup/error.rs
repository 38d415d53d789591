//! What can go wrong with a backup.

use std::io;
use std::path::{Path, PathBuf};

use super::manifest::Comparison;
use crate::cluster::ClusterError;
use crate::error::StoreError;
use crate::installation::OpenError;
use crate::keys::KeyError;

/// Why a backup was not made, or not restored. The installation it was made of is untouched.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The server, the database or the keys.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is a file of this name already.
    #[error("{0} exists already")]
    Exists(PathBuf),
    /// Another program is writing this very backup.
    #[error("{0} is being written")]
    Busy(PathBuf),
    /// The folder for backups is not there.
    #[error("no folder {0}")]
    NoFolder(PathBuf),
    /// The disk that the backup goes to is full.
    #[error("no space for {0}")]
    DiskFull(PathBuf),
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Not a backup of a version this program reads.
    #[error("{0} is not a backup")]
    NotABackup(PathBuf),
    /// The file is cut short or changed.
    #[error("{0} is damaged")]
    Damaged(PathBuf),
    /// The passphrase does not open it.
    #[error("the passphrase does not open this backup")]
    Passphrase,
    /// The key pair is not the one it was made for.
    #[error("the backup was made for another key")]
    Identity,
    /// It opens with a passphrase and a key was given, or the other way round.
    #[error("the backup opens otherwise")]
    OtherWay {
        /// Whether it was made for a passphrase.
        by_passphrase: bool,
    },
    /// A public key, or a file with a key pair, that cannot be one.
    #[error("not a key for backups")]
    NotAKey,
    /// A passphrase file that cannot be read or is too short.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The migrations it was made under are not those of this program.
    #[error("the backup's schema {0} is not this program's")]
    OtherSchema(i64),
    /// Where it should go there is an installation.
    #[error("{0} holds an installation")]
    Occupied(PathBuf),
    /// The key file lacks keys that values of the backup are sealed under.
    #[error("keys {0:?} are missing from the key file")]
    KeysMissing(Vec<u32>),
    /// What was loaded is not what the manifest says.
    #[error("the restored data differ from the manifest")]
    Differs(Box<Comparison>),
    /// A part of the work ended without a word.
    #[error("the work was broken off")]
    BrokenOff,
}

impl BackupError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(path),
            _ => Self::Io { path, source },
        }
    }

    /// A fault met in reading a backup: what does not open, inflate or parse is damage, all else the system's.
    pub(super) fn reading(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::UnexpectedEof => Self::Damaged(path.to_path_buf()),
            _ => Self::io(path, source),
        }
    }
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::Open(OpenError::Store(error))
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<ClusterError> for BackupError {
    fn from(error: ClusterError) -> Self {
        Self::Open(OpenError::Cluster(error))
    }
}
