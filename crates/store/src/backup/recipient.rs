//! The key pair that backups are made for: the public half makes them, the secret half alone opens them.
//!
//! The secret half is kept away from the machine, so that whoever takes the machine and its backups reads neither.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::clock::Entropy;
use sha2::{Digest, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::error::BackupError;

const PUBLIC: &str = "hutong-backup-public-";
const SECRET: &str = "hutong-backup-secret-";
const NOTE: &str = "# 护童备份私钥：没有它，备份无法打开。请离线保管，勿放在备份所在的机器上。\n# The secret key of Hutong's backups: they open with it alone. Keep it away from the machine.\n";
/// No key file is larger.
const LARGEST: u64 = 4096;

/// The public half: what backups are made for (X25519).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient(PublicKey);

impl Recipient {
    /// Reads the key as it is written, check letters included.
    ///
    /// # Errors
    /// [`BackupError::NotAKey`], also for one mistyped letter.
    pub fn parse(text: &str) -> Result<Self, BackupError> {
        let bytes = decode(text.trim(), PUBLIC).ok_or(BackupError::NotAKey)?;
        Ok(Self(PublicKey::from(*bytes)))
    }

    /// Reads a file that holds the key on a line of its own.
    ///
    /// # Errors
    /// [`BackupError::NotAKey`], [`BackupError::Io`].
    pub fn read(path: &Path) -> Result<Self, BackupError> {
        let text = text_of(path)?;
        let line = text.lines().find(|line| line.starts_with(PUBLIC));
        Self::parse(line.ok_or(BackupError::NotAKey)?)
    }

    pub(super) fn key(&self) -> &PublicKey {
        &self.0
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&encode(PUBLIC, self.0.as_bytes()))
    }
}

/// Both halves; never shown.
pub struct Identity(StaticSecret);

impl Identity {
    /// Makes a new pair.
    #[must_use]
    pub fn make(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(&mut *bytes);
        Self(StaticSecret::from(*bytes))
    }

    /// The public half.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(PublicKey::from(&self.0))
    }

    /// Writes the pair to a new file, readable by its owner alone.
    ///
    /// # Errors
    /// [`BackupError::Exists`], [`BackupError::Io`].
    pub fn write_new(&self, path: &Path) -> Result<(), BackupError> {
        let secret = Zeroizing::new(encode(SECRET, self.0.as_bytes()));
        let text = Zeroizing::new(format!("{NOTE}{}\n{}\n", self.recipient(), secret.as_str()));
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            });
        written.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => BackupError::Exists(path.to_path_buf()),
            _ => BackupError::io(path, error),
        })
    }

    /// Reads what [`Identity::write_new`] wrote.
    ///
    /// # Errors
    /// [`BackupError::NotAKey`], [`BackupError::Io`].
    pub fn read(path: &Path) -> Result<Self, BackupError> {
        let text = text_of(path)?;
        let line = text.lines().find(|line| line.starts_with(SECRET));
        let bytes = line
            .and_then(|line| decode(line.trim(), SECRET))
            .ok_or(BackupError::NotAKey)?;
        Ok(Self(StaticSecret::from(*bytes)))
    }

    pub(super) fn secret(&self) -> &StaticSecret {
        &self.0
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Identity(…)")
    }
}

fn text_of(path: &Path) -> Result<Zeroizing<String>, BackupError> {
    let at = |error| BackupError::io(path, error);
    if fs::metadata(path).map_err(at)?.len() > LARGEST {
        return Err(BackupError::NotAKey);
    }
    let bytes = Zeroizing::new(fs::read(path).map_err(at)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| BackupError::NotAKey)?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Thirty-two bytes and four that tell a mistyped key: a backup for a key that nobody has would be lost.
fn encode(prefix: &str, key: &[u8; 32]) -> String {
    let mut bytes = Zeroizing::new(key.to_vec());
    bytes.extend_from_slice(&check(prefix, key));
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(&*bytes))
}

fn decode(text: &str, prefix: &str) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.strip_prefix(prefix)?).ok()?);
    let (key, told) = bytes.split_first_chunk::<32>()?;
    (check(prefix, key) == told).then(|| Zeroizing::new(*key))
}

fn check(prefix: &str, key: &[u8; 32]) -> [u8; 4] {
    let digest = Sha256::new().chain_update(prefix).chain_update(key);
    let [a, b, c, d, ..] = <[u8; 32]>::from(digest.finalize());
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use kernel::clock::SeededEntropy;

    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written_and_a_mistyped_one_is_refused() {
        let identity = Identity::make(&SeededEntropy::new(1));
        let text = identity.recipient().to_string();
        assert_eq!(Recipient::parse(&text).unwrap(), identity.recipient());
        for at in PUBLIC.len()..text.len() {
            let mut mistyped = text.clone().into_bytes();
            mistyped[at] = if mistyped[at] == b'A' { b'B' } else { b'A' };
            let mistyped = String::from_utf8(mistyped).unwrap();
            assert!(Recipient::parse(&mistyped).is_err(), "{mistyped}");
        }
        assert!(Recipient::parse("").is_err());
    }

    #[test]
    fn a_pair_is_written_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let identity = Identity::make(&SeededEntropy::new(2));
        identity.write_new(&path).unwrap();
        assert!(matches!(
            identity.write_new(&path),
            Err(BackupError::Exists(_))
        ));
        assert_eq!(
            Identity::read(&path).unwrap().recipient(),
            identity.recipient()
        );
        assert_eq!(Recipient::read(&path).unwrap(), identity.recipient());
    }
}
