//! Where an installation's files lie.

use std::path::{Path, PathBuf};

use super::error::ClusterError;

/// The data folder of one installation and the paths inside it.
///
/// ```
/// let place = store::cluster::Place::at("/var/lib/hutong")?;
/// assert_eq!(place.key_file().to_str(), Some("/var/lib/hutong/keys/hutong.keys"));
/// # Ok::<(), store::cluster::ClusterError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    data: PathBuf,
}

impl Place {
    /// The installation in the given folder, made absolute; nothing is created.
    ///
    /// # Errors
    /// [`ClusterError::Io`] for an empty path, or a relative one when the working folder is gone.
    pub fn at(data: impl AsRef<Path>) -> Result<Self, ClusterError> {
        let data = data.as_ref();
        std::path::absolute(data)
            .map(|data| Self { data })
            .map_err(|error| ClusterError::io(data, error))
    }

    /// The installation named by `--data`, by `HUTONG_DATA`, or the usual one: `/var/lib/hutong` as root,
    /// `$XDG_DATA_HOME/hutong` or `~/.local/share/hutong` otherwise.
    ///
    /// # Errors
    /// [`ClusterError::NoHome`] when no folder is given and no home is known.
    pub fn find(data: Option<&Path>) -> Result<Self, ClusterError> {
        if let Some(data) = data {
            return Self::at(data);
        }
        if let Some(data) = std::env::var_os("HUTONG_DATA").filter(|data| !data.is_empty()) {
            return Self::at(PathBuf::from(data));
        }
        if rustix::process::geteuid().is_root() {
            return Self::at("/var/lib/hutong");
        }
        let absolute = |name| {
            std::env::var_os(name)
                .map(PathBuf::from)
                .filter(|path: &PathBuf| path.is_absolute())
        };
        absolute("XDG_DATA_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
            .ok_or(ClusterError::NoHome)
            .and_then(|base| Self::at(base.join("hutong")))
    }

    /// The data folder itself.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Whether there is no room for two of PostgreSQL's log segments: one that finds none for the next breaks off and
    /// cannot say so to whom it served.
    #[must_use]
    pub fn is_nearly_full(&self) -> bool {
        const SEGMENTS: u64 = 2 * 16 * 1024 * 1024;
        rustix::fs::statvfs(&self.data)
            .is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < SEGMENTS)
    }

    /// PostgreSQL's own folder (PGDATA), owned by the account PostgreSQL runs as.
    #[must_use]
    pub fn cluster(&self) -> PathBuf {
        self.data.join("cluster")
    }

    /// Where a new cluster is made before it is moved to [`Place::cluster`].
    pub(super) fn nursery(&self) -> PathBuf {
        self.data.join("cluster.new")
    }

    /// The folder of the key file; never inside a backup.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.data.join("keys")
    }

    /// The key file.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.keys().join("hutong.keys")
    }

    /// The folder with the passwords of the database's roles.
    #[must_use]
    pub fn secrets(&self) -> PathBuf {
        self.data.join("secrets")
    }

    /// PostgreSQL's log files: seven, one a weekday.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.data.join("log")
    }

    /// Where the database is dumped before its schema changes.
    #[must_use]
    pub fn upgrades(&self) -> PathBuf {
        self.data.join("upgrades")
    }

    /// The note that an office is being founded here.
    #[must_use]
    pub fn founding(&self) -> PathBuf {
        self.data.join("founding")
    }

    /// The file whose lock says that a program uses this folder.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.data.join("lock")
    }
}
