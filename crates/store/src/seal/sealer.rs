//! Seals and opens single values, and makes blind indexes.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use aes_gcm_siv::aead::{AeadInOut, KeyInit};
use aes_gcm_siv::{Aes256GcmSiv, Nonce, Tag};
use hmac::{Hmac, Mac};
use kernel::clock::Entropy;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::error::SealError;
use crate::keys::{KeyError, KeyFile, KeyState, MasterKey, Secret, hmac};

const VERSION: u8 = 1;
const KEY_END: usize = 5;
const NONCE_END: usize = 17;
const TAG: usize = 16;
/// How long a rotation by another process may go unnoticed; far below [`crate::keys::GRACE`].
const NOTICE: Duration = Duration::from_secs(10);

/// The cell a value is sealed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedAt {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's id.
    pub row: Uuid,
}

impl SealedAt {
    fn associated(&self) -> Vec<u8> {
        [
            self.table.as_bytes(),
            &[0],
            self.column.as_bytes(),
            &[0],
            self.row.as_bytes(),
        ]
        .concat()
    }
}

/// Seals with the active key of a key file and opens with all of them.
///
/// ```
/// use std::sync::Arc;
/// use kernel::clock::SystemClock;
/// use store::entropy::OsEntropy;
/// use store::keys::KeyFile;
/// use store::seal::{SealedAt, Sealer};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("hutong.keys");
/// KeyFile::create(&path, &SystemClock, &OsEntropy)?;
/// let sealer = Sealer::open_file(&path, Arc::new(OsEntropy))?;
/// let cell = SealedAt { table: "registry_child", column: "address", row: uuid::Uuid::nil() };
/// let sealed = sealer.seal(cell, "荆河街道".as_bytes());
/// assert_eq!(&**sealer.open(cell, &sealed)?, "荆河街道".as_bytes());
/// assert!(sealer.open(SealedAt { column: "note", ..cell }, &sealed).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Sealer {
    ring: RwLock<Arc<Ring>>,
    source: Option<Source>,
    index: Hmac<Sha256>,
    entropy: Arc<dyn Entropy>,
}

/// The key file on disk, as last seen.
struct Source {
    path: PathBuf,
    fingerprint: String,
    seen: Mutex<Seen>,
}

struct Seen {
    stamp: Stamp,
    at: Instant,
}

/// A rewritten key file is another inode.
type Stamp = Option<(u64, i64, i64)>;

/// The master keys, and the keys derived from them so far.
struct Ring {
    active: u32,
    masters: HashMap<u32, Secret>,
    derived: RwLock<HashMap<(u32, &'static str), Arc<Aes256GcmSiv>>>,
}

impl Ring {
    fn of(keys: &KeyFile) -> Self {
        let active = keys
            .keys()
            .iter()
            .find(|key| key.state() == KeyState::Active)
            .map_or(0, MasterKey::id);
        let masters = keys
            .keys()
            .iter()
            .map(|key| (key.id(), key.secret().clone()))
            .collect();
        Self {
            active,
            masters,
            derived: RwLock::default(),
        }
    }

    fn cipher(&self, id: u32, table: &'static str) -> Option<Arc<Aes256GcmSiv>> {
        let known = self
            .derived
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(id, table))
            .cloned();
        if known.is_some() {
            return known;
        }
        let key = self.masters.get(&id)?.derive(&["hutong seal v1", table]);
        let cipher = Arc::new(Aes256GcmSiv::new((&*key).into()));
        self.derived
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((id, table), Arc::clone(&cipher));
        Some(cipher)
    }
}

impl Sealer {
    /// A sealer over keys in memory; it does not notice a later rotation of their file.
    #[must_use]
    pub fn new(keys: &KeyFile, entropy: Arc<dyn Entropy>) -> Self {
        let index = hmac(&keys.index().derive(&["hutong index v1"]));
        Self {
            ring: RwLock::new(Arc::new(Ring::of(keys))),
            source: None,
            index,
            entropy,
        }
    }

    /// A sealer over a key file, which it reads again when the file is rotated.
    ///
    /// # Errors
    /// As [`KeyFile::open`].
    pub fn open_file(path: &Path, entropy: Arc<dyn Entropy>) -> Result<Self, KeyError> {
        let stamp = stamp(path);
        let keys = KeyFile::open(path)?;
        let seen = Mutex::new(Seen {
            stamp,
            at: Instant::now(),
        });
        let source = Source {
            path: path.to_path_buf(),
            fingerprint: keys.fingerprint(),
            seen,
        };
        Ok(Self {
            source: Some(source),
            ..Self::new(&keys, entropy)
        })
    }

    /// Seals a value for its cell.
    ///
    /// # Panics
    /// When the value passes 64 GiB, the limit of AES-GCM-SIV.
    #[must_use]
    pub fn seal(&self, at: SealedAt, plain: &[u8]) -> Vec<u8> {
        self.notice_rotation();
        let ring = self.ring();
        let mut sealed = Vec::with_capacity(NONCE_END + plain.len() + TAG);
        sealed.push(VERSION);
        sealed.extend_from_slice(&ring.active.to_be_bytes());
        let mut nonce = [0; 12];
        self.entropy.fill(&mut nonce);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let body = &mut sealed[NONCE_END..];
        let tag = ring.cipher(ring.active, at.table).and_then(|cipher| {
            cipher
                .encrypt_inout_detached(&Nonce::from(nonce), &at.associated(), body.into())
                .ok()
        });
        let Some(tag) = tag else {
            panic!("a value of {} bytes cannot be sealed", plain.len());
        };
        sealed.extend_from_slice(&tag);
        sealed
    }

    /// Opens a value in its cell; the plaintext is wiped when dropped.
    ///
    /// # Errors
    /// [`SealError`] when it is not a sealed value, its key is unknown, or it was changed or moved.
    pub fn open(&self, at: SealedAt, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let id = key_of(sealed).ok_or(SealError::Malformed)?;
        let mut cipher = self.ring().cipher(id, at.table);
        if cipher.is_none() && self.reload() {
            cipher = self.ring().cipher(id, at.table);
        }
        let cipher = cipher.ok_or(SealError::UnknownKey(id))?;
        let (body, tag) = sealed[NONCE_END..]
            .split_last_chunk::<TAG>()
            .ok_or(SealError::Malformed)?;
        let nonce = sealed[KEY_END..]
            .first_chunk::<12>()
            .ok_or(SealError::Malformed)?;
        let mut plain = Zeroizing::new(body.to_vec());
        cipher
            .decrypt_inout_detached(
                &Nonce::from(*nonce),
                &at.associated(),
                plain.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .map_err(|_| SealError::Tampered)?;
        Ok(plain)
    }

    /// The keyed digest a normalised text is found again by; different purposes give unrelated digests.
    #[must_use]
    pub fn blind_index(&self, purpose: &str, normalised: &str) -> [u8; 32] {
        self.blind_index_bytes(purpose, normalised.as_bytes())
    }

    /// As [`Sealer::blind_index`], for bytes.
    #[must_use]
    pub fn blind_index_bytes(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let mut mac = self.index.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }

    /// Whether a sealed value should be sealed anew, its key being no longer the active one.
    #[must_use]
    pub fn needs_reseal(&self, sealed: &[u8]) -> bool {
        sealed.get(..KEY_END) != Some(&self.header())
    }

    /// What everything sealed by the active key begins with.
    #[must_use]
    pub fn header(&self) -> [u8; KEY_END] {
        let [a, b, c, d] = self.ring().active.to_be_bytes();
        [VERSION, a, b, c, d]
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the key file from time to time, so that a rotation by another process takes effect here.
    fn notice_rotation(&self) {
        let Some(source) = &self.source else { return };
        let Ok(mut seen) = source.seen.try_lock() else {
            return;
        };
        if seen.at.elapsed() < NOTICE {
            return;
        }
        seen.at = Instant::now();
        let changed = stamp(&source.path) != seen.stamp;
        drop(seen);
        if changed {
            self.reload();
        }
    }

    /// Reads the key file again; whether that gave other keys of the same installation.
    fn reload(&self) -> bool {
        let Some(source) = &self.source else {
            return false;
        };
        let stamp = stamp(&source.path);
        let read = KeyFile::open(&source.path)
            .and_then(|keys| keys.belongs_to(&source.fingerprint).map(|()| keys));
        match read {
            Ok(keys) => {
                *self.ring.write().unwrap_or_else(PoisonError::into_inner) =
                    Arc::new(Ring::of(&keys));
                source
                    .seen
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .stamp = stamp;
                true
            }
            Err(error) => {
                tracing::error!(%error, "the key file cannot be read again; going on with the keys known");
                false
            }
        }
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Sealer")
            .field("active", &self.ring().active)
            .finish_non_exhaustive()
    }
}

/// The id of the key a value was sealed by.
fn key_of(sealed: &[u8]) -> Option<u32> {
    if sealed.len() < NONCE_END + TAG || sealed[0] != VERSION {
        return None;
    }
    sealed[1..].first_chunk().map(|id| u32::from_be_bytes(*id))
}

fn stamp(path: &Path) -> Stamp {
    fs::metadata(path)
        .ok()
        .map(|found| (found.ino(), found.mtime(), found.mtime_nsec()))
}
