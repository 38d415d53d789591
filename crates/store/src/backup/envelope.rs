//! The envelope of a backup: a header in clear, then chunks that are sealed one by one and in their order.
//!
//! The header wraps the file's own random key, for a passphrase (Argon2id, as the escrow) or a public key (X25519). The
//! chunks follow the STREAM construction with AES-256-GCM-SIV: the nonce is the chunk's number and whether it is the
//! last, so that a chunk changed, moved, left out or cut off does not open.

use std::io::{self, BufRead, Read, Write};
use std::path::Path;

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hmac::Mac;
use kernel::clock::Entropy;
use sha2::{Digest, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::error::BackupError;
use super::recipient::{Identity, Recipient};
use crate::keys::{Passphrase, hmac};

/// The first bytes of every backup of this version.
pub(super) const MAGIC: &[u8; 16] = b"HUTONG BACKUP 1\n";
/// Plain bytes in a chunk.
const CHUNK: usize = 256 * 1024;
/// What sealing adds to a chunk.
const TAG: usize = 16;

/// Whom a backup is made for.
#[derive(Debug)]
pub enum SealFor {
    /// Whoever knows the passphrase.
    Passphrase(Passphrase),
    /// Whoever holds the secret half of this key.
    Recipient(Recipient),
}

/// What a backup is opened with.
#[derive(Debug)]
pub enum OpenWith {
    /// Its passphrase.
    Passphrase(Passphrase),
    /// The key pair it was made for.
    Identity(Identity),
}

/// The header in clear.
struct Header {
    by_passphrase: bool,
    /// The salt and sixteen zeros, or the ephemeral public key.
    mark: [u8; 32],
    /// The file's key, sealed.
    wrapped: [u8; 32 + TAG],
}

impl Header {
    const LENGTH: usize = 1 + 32 + 32 + TAG;

    fn bytes(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[0] = if self.by_passphrase { b'P' } else { b'X' };
        bytes[1..33].copy_from_slice(&self.mark);
        bytes[33..].copy_from_slice(&self.wrapped);
        bytes
    }

    fn of(bytes: &[u8; Self::LENGTH]) -> Option<Self> {
        let by_passphrase = match bytes[0] {
            b'P' => true,
            b'X' => false,
            _ => return None,
        };
        Some(Self {
            by_passphrase,
            mark: *bytes[1..].first_chunk()?,
            wrapped: *bytes[33..].first_chunk()?,
        })
    }

    /// Tells a damaged header from a wrong passphrase, which the seal alone could not.
    fn check(bytes: &[u8; Self::LENGTH]) -> [u8; 8] {
        let digest = Sha256::new().chain_update(MAGIC).chain_update(bytes);
        let digest = <[u8; 32]>::from(digest.finalize());
        let mut check = [0; 8];
        check.copy_from_slice(&digest[..8]);
        check
    }
}

fn passphrase_key(
    passphrase: &Passphrase,
    mark: &[u8; 32],
) -> Result<Zeroizing<[u8; 32]>, io::Error> {
    let mut salt = [0; 16];
    salt.copy_from_slice(&mark[..16]);
    passphrase.derive(&salt).map_err(io::Error::other)
}

/// The key that both ends of the exchange come to (HKDF of RFC 5869 with one block, salted with both public keys).
fn shared_key(
    secret: &StaticSecret,
    other: &PublicKey,
    ephemeral: &PublicKey,
    recipient: &PublicKey,
) -> Zeroizing<[u8; 32]> {
    let shared = secret.diffie_hellman(other);
    let mut salt = [0; 32];
    let both = Sha256::new()
        .chain_update(ephemeral.as_bytes())
        .chain_update(recipient.as_bytes());
    salt.copy_from_slice(&both.finalize());
    let mut extract = hmac(&salt);
    extract.update(shared.as_bytes());
    let extracted = Zeroizing::new(<[u8; 32]>::from(extract.finalize().into_bytes()));
    derived(&extracted, b"hutong backup key wrap v1")
}

fn derived(key: &[u8; 32], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut expand = hmac(key);
    expand.update(purpose);
    expand.update(&[1]);
    Zeroizing::new(expand.finalize().into_bytes().into())
}

/// The chunks' key belongs to this very header.
fn chunk_cipher(file_key: &[u8; 32], header: &[u8; Header::LENGTH]) -> Aes256GcmSiv {
    let purpose = [b"hutong backup chunks v1".as_slice(), header].concat();
    Aes256GcmSiv::new((&*derived(file_key, &purpose)).into())
}

/// A wrapping key is used once, so its nonce is fixed.
const WRAP: [u8; 12] = *b"hutong wrap1";

fn nonce(number: u64, is_last: bool) -> Nonce {
    let mut bytes = [0; 12];
    bytes[3..11].copy_from_slice(&number.to_be_bytes());
    bytes[11] = u8::from(is_last);
    Nonce::from(bytes)
}

/// Seals what is written to it.
pub(super) struct Sealing<W: Write> {
    out: W,
    cipher: Aes256GcmSiv,
    chunk: Zeroizing<Vec<u8>>,
    number: u64,
}

impl<W: Write> Sealing<W> {
    /// Writes the header.
    pub(super) fn begin(mut out: W, to: &SealFor, entropy: &dyn Entropy) -> io::Result<Self> {
        let mut file_key = Zeroizing::new([0; 32]);
        entropy.fill(&mut *file_key);
        let mut mark = [0; 32];
        let wrap = match to {
            SealFor::Passphrase(passphrase) => {
                entropy.fill(&mut mark[..16]);
                passphrase_key(passphrase, &mark)?
            }
            SealFor::Recipient(recipient) => {
                let mut bytes = Zeroizing::new([0; 32]);
                entropy.fill(&mut *bytes);
                let secret = StaticSecret::from(*bytes);
                let ephemeral = PublicKey::from(&secret);
                mark = *ephemeral.as_bytes();
                shared_key(&secret, recipient.key(), &ephemeral, recipient.key())
            }
        };
        let sealed = Aes256GcmSiv::new((&*wrap).into())
            .encrypt(&Nonce::from(WRAP), file_key.as_slice())
            .map_err(|_| io::Error::other("the key cannot be sealed"))?;
        let mut wrapped = [0; 32 + TAG];
        wrapped.copy_from_slice(&sealed);
        let by_passphrase = matches!(to, SealFor::Passphrase(_));
        let header = Header {
            by_passphrase,
            mark,
            wrapped,
        }
        .bytes();
        out.write_all(MAGIC)?;
        out.write_all(&header)?;
        out.write_all(&Header::check(&header))?;
        Ok(Self {
            out,
            cipher: chunk_cipher(&file_key, &header),
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK)),
            number: 0,
        })
    }

    fn seal(&mut self, is_last: bool) -> io::Result<()> {
        let payload = Payload::from(self.chunk.as_slice());
        let sealed = self
            .cipher
            .encrypt(&nonce(self.number, is_last), payload)
            .map_err(|_| io::Error::other("a chunk cannot be sealed"))?;
        self.out.write_all(&sealed)?;
        self.number += 1;
        self.chunk.clear();
        Ok(())
    }

    /// Seals the last chunk, without which the file does not open to its end.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunk.len() == CHUNK {
            self.seal(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    /// Only whole chunks are sealed: there is nothing to hurry.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens what [`Sealing`] sealed; damage is [`io::ErrorKind::InvalidData`].
pub(super) struct Opening<R: BufRead> {
    from: R,
    cipher: Aes256GcmSiv,
    chunk: Zeroizing<Vec<u8>>,
    read: usize,
    number: u64,
    ended: bool,
}

impl<R: BufRead> Opening<R> {
    /// Reads the header and unwraps the file's key.
    pub(super) fn begin(mut from: R, with: &OpenWith, path: &Path) -> Result<Self, BackupError> {
        let bytes = header(&mut from, path)?;
        let header =
            Header::of(&bytes).ok_or_else(|| BackupError::NotABackup(path.to_path_buf()))?;
        let (wrap, refused) = match (with, header.by_passphrase) {
            (OpenWith::Passphrase(passphrase), true) => {
                let key = passphrase_key(passphrase, &header.mark);
                let key = key.map_err(|error| BackupError::io(path, error))?;
                (key, BackupError::Passphrase)
            }
            (OpenWith::Identity(identity), false) => {
                let ephemeral = PublicKey::from(header.mark);
                let recipient = identity.recipient();
                let key = shared_key(identity.secret(), &ephemeral, &ephemeral, recipient.key());
                (key, BackupError::Identity)
            }
            (_, by_passphrase) => return Err(BackupError::OtherWay { by_passphrase }),
        };
        let opened = Aes256GcmSiv::new((&*wrap).into())
            .decrypt(&Nonce::from(WRAP), header.wrapped.as_slice())
            .map(Zeroizing::new)
            .map_err(|_| refused)?;
        let mut file_key = Zeroizing::new([0; 32]);
        file_key.copy_from_slice(&opened);
        Ok(Self {
            from,
            cipher: chunk_cipher(&file_key, &bytes),
            chunk: Zeroizing::new(Vec::new()),
            read: 0,
            number: 0,
            ended: false,
        })
    }

    fn open_next(&mut self) -> io::Result<()> {
        let mut sealed = Vec::with_capacity(CHUNK + TAG);
        (&mut self.from)
            .take((CHUNK + TAG) as u64)
            .read_to_end(&mut sealed)?;
        self.ended = self.from.fill_buf()?.is_empty();
        let opened = self
            .cipher
            .decrypt(
                &nonce(self.number, self.ended),
                Payload::from(sealed.as_slice()),
            )
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        self.chunk = Zeroizing::new(opened);
        self.read = 0;
        self.number += 1;
        Ok(())
    }
}

impl<R: BufRead> Read for Opening<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.read == self.chunk.len() && !self.ended {
            self.open_next()?;
        }
        let left = &self.chunk[self.read..];
        let given = left.len().min(into.len());
        into[..given].copy_from_slice(&left[..given]);
        self.read += given;
        Ok(given)
    }
}

fn header(from: &mut impl Read, path: &Path) -> Result<[u8; Header::LENGTH], BackupError> {
    let mut magic = [0; 16];
    let mut bytes = [0; Header::LENGTH];
    let mut check = [0; 8];
    let no_backup = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => BackupError::NotABackup(path.to_path_buf()),
        _ => BackupError::io(path, error),
    };
    from.read_exact(&mut magic).map_err(no_backup)?;
    if magic != *MAGIC {
        return Err(BackupError::NotABackup(path.to_path_buf()));
    }
    let reading = |error| BackupError::reading(path, error);
    from.read_exact(&mut bytes).map_err(reading)?;
    from.read_exact(&mut check).map_err(reading)?;
    if check == Header::check(&bytes) {
        Ok(bytes)
    } else {
        Err(BackupError::Damaged(path.to_path_buf()))
    }
}
