//! The escrow: a copy of the key file that a passphrase opens, for a safe outside the office.
//!
//! Argon2id with 64 MiB and three passes makes the key, AES-256-GCM-SIV seals. Version 1 fixes both, so a
//! changed file cannot talk the program into a weaker or an endless derivation.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::clock::Entropy;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::error::KeyError;
use super::file::KeyFile;
use super::text;

const HEAD: &str = "HUTONG KEY ESCROW 1";
const NOTE: &str = "# 护童密钥托管文件，须凭口令打开（hutong keys restore）。 / Opened by its passphrase with: hutong keys restore";
/// Kibibytes and passes of Argon2id.
const MEMORY: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// A passphrase long enough to be worth deriving a key from.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// The fewest characters a passphrase may have.
    pub const SHORTEST: usize = 12;

    /// Takes a passphrase; line ends are cut off.
    ///
    /// # Errors
    /// [`KeyError::ShortPassphrase`].
    pub fn new(text: Zeroizing<String>) -> Result<Self, KeyError> {
        let cut = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
        if cut.chars().count() < Self::SHORTEST {
            Err(KeyError::ShortPassphrase)
        } else {
            Ok(Self(cut))
        }
    }

    /// The key that this passphrase makes with a salt, by Argon2id.
    pub(crate) fn derive(&self, salt: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>, argon2::Error> {
        let params = Params::new(MEMORY, PASSES, 1, Some(32))?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
            self.0.as_bytes(),
            salt,
            &mut *key,
        )?;
        Ok(key)
    }

    fn key(&self, salt: &[u8; 16], path: &Path) -> Result<Aes256GcmSiv, KeyError> {
        let key = self.derive(salt).map_err(|error| KeyError::Io {
            path: path.to_path_buf(),
            source: std::io::Error::other(error),
        })?;
        Ok(Aes256GcmSiv::new((&*key).into()))
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Passphrase(…)")
    }
}

/// Writes an escrow of these keys to a new file, readable by its owner alone.
///
/// # Errors
/// [`KeyError::Exists`], or [`KeyError::Io`].
pub fn escrow(
    keys: &KeyFile,
    out: &Path,
    passphrase: &Passphrase,
    entropy: &dyn Entropy,
) -> Result<(), KeyError> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let mut nonce = [0; 12];
    entropy.fill(&mut nonce);
    let plain = text::write(keys);
    let payload = Payload {
        msg: plain.as_bytes(),
        aad: HEAD.as_bytes(),
    };
    let sealed = passphrase
        .key(&salt, out)?
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|error| KeyError::Io {
            path: out.to_path_buf(),
            source: std::io::Error::other(error.to_string()),
        })?;

    let body = [salt.as_slice(), &nonce, &sealed].concat();
    let mut text = format!("{HEAD}\n{NOTE}\n{}\n", check(&body));
    for line in STANDARD.encode(&body).as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(out)
        .map_err(|error| KeyError::of_escrow(out, error))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| KeyError::io(out, error))
}

/// Opens an escrow and writes the key file to a path where none is yet.
///
/// # Errors
/// [`KeyError::Escrow`] for a damaged file, [`KeyError::Passphrase`] for the wrong passphrase, [`KeyError::Exists`].
pub fn restore(from: &Path, to: &Path, passphrase: &Passphrase) -> Result<KeyFile, KeyError> {
    let written = fs::read_to_string(from).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => KeyError::Escrow(from.to_path_buf()),
        _ => KeyError::of_escrow(from, error),
    })?;
    let body = body(&written).ok_or_else(|| KeyError::Escrow(from.to_path_buf()))?;
    let (salt, rest) = body
        .split_first_chunk::<16>()
        .ok_or_else(|| KeyError::Escrow(from.to_path_buf()))?;
    let (nonce, sealed) = rest
        .split_first_chunk::<12>()
        .ok_or_else(|| KeyError::Escrow(from.to_path_buf()))?;
    let payload = Payload {
        msg: sealed,
        aad: HEAD.as_bytes(),
    };
    let plain = passphrase
        .key(salt, from)?
        .decrypt(&Nonce::from(*nonce), payload)
        .map(Zeroizing::new);
    let plain = plain.map_err(|_| KeyError::Passphrase)?;
    let text = std::str::from_utf8(&plain).map_err(|_| KeyError::Escrow(from.to_path_buf()))?;
    let keys = text::read(text).map_err(|_| KeyError::Escrow(from.to_path_buf()))?;
    keys.write_new(to)?;
    Ok(keys)
}

/// Tells a damaged copy from a wrong passphrase, which the seal alone could not.
fn check(body: &[u8]) -> String {
    Sha256::digest(body)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn body(written: &str) -> Option<Vec<u8>> {
    let mut lines = written
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    if lines.next()? != HEAD {
        return None;
    }
    let expected = lines.next()?;
    let body = STANDARD.decode(lines.collect::<String>()).ok()?;
    (check(&body) == expected).then_some(body)
}
