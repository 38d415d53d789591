//! The key file on disk and in memory.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kernel::clock::{Clock, Entropy};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::error::KeyError;
use super::secret::Secret;
use super::text;

/// How long a retired key is kept at least: a program that has not yet noticed the rotation may still seal with it.
pub const GRACE: SignedDuration = SignedDuration::from_hours(24);

/// No key file is larger than this.
const LARGEST: u64 = 1024 * 1024;

/// What a master key is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Seals and opens.
    Active,
    /// Only opens what was sealed before.
    Retired {
        /// Since when.
        since: Timestamp,
    },
}

/// One master key; the keys that seal are derived from it, one for each table.
#[derive(Debug, Clone)]
pub struct MasterKey {
    id: u32,
    created: Date,
    state: KeyState,
    secret: Secret,
}

impl MasterKey {
    pub(super) fn new(id: u32, created: Date, state: KeyState, secret: Secret) -> Self {
        Self {
            id,
            created,
            state,
            secret,
        }
    }

    /// Its number, written into the header of everything it seals.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The legal day it was made.
    #[must_use]
    pub fn created(&self) -> Date {
        self.created
    }

    /// Whether it seals or only opens.
    #[must_use]
    pub fn state(&self) -> KeyState {
        self.state
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// The secrets of one installation.
///
/// ```
/// use kernel::clock::SystemClock;
/// use store::entropy::OsEntropy;
/// use store::keys::KeyFile;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("keys/hutong.keys");
/// let made = KeyFile::create(&path, &SystemClock, &OsEntropy)?;
/// assert_eq!(KeyFile::open(&path)?.fingerprint(), made.fingerprint());
/// assert!(KeyFile::create(&path, &SystemClock, &OsEntropy).is_err(), "never overwritten");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct KeyFile {
    installation: Uuid,
    index: Secret,
    /// In the order of their making, so the last is active.
    keys: Vec<MasterKey>,
}

impl KeyFile {
    pub(super) fn from_parts(installation: Uuid, index: Secret, keys: Vec<MasterKey>) -> Self {
        Self {
            installation,
            index,
            keys,
        }
    }

    /// Makes the keys of a new installation and writes them; an existing file is never overwritten.
    ///
    /// # Errors
    /// [`KeyError::Exists`], or [`KeyError::Io`].
    pub fn create(path: &Path, clock: &dyn Clock, entropy: &dyn Entropy) -> Result<Self, KeyError> {
        let mut id = [0; 16];
        entropy.fill(&mut id);
        let keys = Self {
            installation: uuid::Builder::from_random_bytes(id).into_uuid(),
            index: Secret::random(entropy),
            keys: vec![MasterKey::new(
                1,
                clock.today(),
                KeyState::Active,
                Secret::random(entropy),
            )],
        };
        keys.write_new(path)?;
        Ok(keys)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError::Missing`], [`KeyError::Permissions`] when anybody else could read it, [`KeyError::Malformed`].
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        let file = File::open(path).map_err(|error| KeyError::io(path, error))?;
        let found = file.metadata().map_err(|error| KeyError::io(path, error))?;
        let mine = found.uid() == rustix::process::geteuid().as_raw();
        if !found.is_file() || !mine || found.mode() & 0o077 != 0 {
            return Err(KeyError::Permissions(path.to_path_buf()));
        }
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(LARGEST)
            .read_to_end(&mut bytes)
            .map_err(|error| KeyError::io(path, error))?;
        let malformed = |line| KeyError::Malformed {
            path: path.to_path_buf(),
            line,
        };
        text::read(std::str::from_utf8(&bytes).map_err(|_| malformed(1))?).map_err(malformed)
    }

    /// Adds a new active key and retires the one before; written at once and as a whole.
    ///
    /// # Errors
    /// As [`KeyFile::open`], or [`KeyError::Io`].
    pub fn rotate(path: &Path, clock: &dyn Clock, entropy: &dyn Entropy) -> Result<Self, KeyError> {
        let mut keys = Self::open(path)?;
        let since = clock.now();
        for key in keys
            .keys
            .iter_mut()
            .filter(|key| key.state == KeyState::Active)
        {
            key.state = KeyState::Retired { since };
        }
        let id = keys.keys.iter().map(MasterKey::id).max().unwrap_or(0) + 1;
        keys.keys.push(MasterKey::new(
            id,
            clock.today(),
            KeyState::Active,
            Secret::random(entropy),
        ));
        keys.replace(path)?;
        Ok(keys)
    }

    /// Drops the keys that were retired more than [`GRACE`] ago and are not among `used`; answers their ids.
    ///
    /// # Errors
    /// As [`KeyFile::open`], or [`KeyError::Io`].
    pub fn drop_retired(
        path: &Path,
        clock: &dyn Clock,
        used: &[u32],
    ) -> Result<Vec<u32>, KeyError> {
        let mut keys = Self::open(path)?;
        let now = clock.now();
        let (dropped, kept): (Vec<_>, Vec<_>) =
            keys.keys.into_iter().partition(|key| match key.state {
                KeyState::Active => false,
                KeyState::Retired { since } => {
                    now.duration_since(since) > GRACE && !used.contains(&key.id)
                }
            });
        keys.keys = kept;
        if !dropped.is_empty() {
            keys.replace(path)?;
        }
        Ok(dropped.iter().map(MasterKey::id).collect())
    }

    /// The installation these keys belong to.
    #[must_use]
    pub fn installation(&self) -> Uuid {
        self.installation
    }

    /// What the database keeps to know its key file by: the same after every rotation, and it gives nothing away.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mark = self
            .index
            .derive(&["hutong fingerprint v1", &self.installation.to_string()]);
        let mark: String = mark
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("{}/{mark}", self.installation)
    }

    /// Checks that these are the keys of the database that stored this fingerprint.
    ///
    /// # Errors
    /// [`KeyError::Foreign`] when they are not.
    pub fn belongs_to(&self, fingerprint: &str) -> Result<(), KeyError> {
        if self.fingerprint() == fingerprint {
            Ok(())
        } else {
            Err(KeyError::Foreign)
        }
    }

    /// All keys, oldest first.
    #[must_use]
    pub fn keys(&self) -> &[MasterKey] {
        &self.keys
    }

    pub(crate) fn index(&self) -> &Secret {
        &self.index
    }

    /// Writes the keys to a path where nothing is yet.
    pub(crate) fn write_new(&self, path: &Path) -> Result<(), KeyError> {
        if path.symlink_metadata().is_ok() {
            return Err(KeyError::Exists(path.to_path_buf()));
        }
        let folder = folder_of(path);
        // The key file is for its owner alone; the database's own user only passes through the folder.
        DirBuilder::new()
            .mode(0o711)
            .recursive(true)
            .create(folder)
            .map_err(|error| KeyError::io(folder, error))?;
        let draft = self.draft(path)?;
        // A link, unlike a rename, fails when somebody was quicker.
        let linked = fs::hard_link(&draft, path).map_err(|error| KeyError::io(path, error));
        fs::remove_file(&draft).map_err(|error| KeyError::io(&draft, error))?;
        linked.and_then(|()| sync(folder))
    }

    fn replace(&self, path: &Path) -> Result<(), KeyError> {
        let draft = self.draft(path)?;
        fs::rename(&draft, path).map_err(|error| KeyError::io(path, error))?;
        sync(folder_of(path))
    }

    /// Writes the text beside the key file. What an interrupted attempt left there is replaced.
    fn draft(&self, path: &Path) -> Result<std::path::PathBuf, KeyError> {
        let draft = path.with_extension("draft");
        let write = || -> io::Result<()> {
            match fs::remove_file(&draft) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&draft)?;
            file.write_all(text::write(self).as_bytes())?;
            file.sync_all()
        };
        write().map_err(|source| KeyError::Io {
            path: draft.clone(),
            source,
        })?;
        Ok(draft)
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn sync(folder: &Path) -> Result<(), KeyError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| KeyError::io(folder, error))
}
