//! What lies in the envelope: the head, the tables and the manifest, one after another and deflated.

use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use kernel::clock::Entropy;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::envelope::{OpenWith, Opening, SealFor, Sealing};
use super::error::BackupError;
use super::manifest::{Head, Manifest};

/// Bytes of rows in one piece.
pub(super) const PIECE: usize = 256 * 1024;
/// No piece is longer.
const LONGEST: u32 = 16 * 1024 * 1024;

/// A part of a backup, in their order: each table's name and columns, then its rows, and last the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A table begins.
    Table {
        /// Schema and name, quoted where SQL wants it.
        name: String,
        /// Its columns, quoted where SQL wants it.
        columns: Vec<String>,
    },
    /// The next bytes of the table's binary COPY.
    Rows(Vec<u8>),
    /// What must be found again; nothing follows.
    End(Manifest),
}

/// Writes a backup.
pub struct ArchiveWriter<W: Write> {
    out: DeflateEncoder<Sealing<W>>,
}

impl<W: Write> ArchiveWriter<W> {
    /// Begins with the head.
    ///
    /// # Errors
    /// When writing fails.
    pub fn begin(
        out: W,
        seal_for: &SealFor,
        head: &Head,
        entropy: &dyn Entropy,
    ) -> io::Result<Self> {
        let sealing = Sealing::begin(out, seal_for, entropy)?;
        // Half of a backup is ciphertext, from which no level gains anything.
        let mut writer = Self {
            out: DeflateEncoder::new(sealing, Compression::fast()),
        };
        writer.frame(b'H', &json(head)?)?;
        Ok(writer)
    }

    /// Adds the next piece.
    ///
    /// # Errors
    /// When writing fails.
    pub fn add(&mut self, piece: &Piece) -> io::Result<()> {
        match piece {
            Piece::Table { name, columns } => self.frame(b'T', &json(&(name, columns))?),
            Piece::Rows(bytes) => bytes
                .chunks(PIECE)
                .try_for_each(|bytes| self.frame(b'R', bytes)),
            Piece::End(manifest) => self.frame(b'M', &json(manifest)?),
        }
    }

    fn frame(&mut self, kind: u8, body: &[u8]) -> io::Result<()> {
        let length = u32::try_from(body.len())
            .ok()
            .filter(|length| *length <= LONGEST)
            .ok_or_else(|| io::Error::other("a piece of the backup is too long"))?;
        self.out.write_all(&[kind])?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(body)
    }

    /// Writes the end, without which the whole does not open.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(self) -> io::Result<W> {
        self.out.finish()?.finish()
    }
}

fn json(value: &impl Serialize) -> io::Result<Vec<u8>> {
    Ok(serde_json::to_vec(value)?)
}

/// Reads a backup.
pub struct ArchiveReader<R: BufRead> {
    from: DeflateDecoder<Opening<R>>,
    path: PathBuf,
}

impl<R: BufRead> ArchiveReader<R> {
    /// Opens the envelope and reads the head; `path` is for messages.
    ///
    /// # Errors
    /// [`BackupError`]: no backup, damaged, or not opened by this.
    pub fn begin(from: R, with: &OpenWith, path: &Path) -> Result<(Self, Head), BackupError> {
        let mut reader = Self {
            from: DeflateDecoder::new(Opening::begin(from, with, path)?),
            path: path.to_path_buf(),
        };
        let (kind, body) = reader.frame()?;
        if kind != b'H' {
            return Err(reader.damaged());
        }
        let head = reader.parsed(&body)?;
        Ok((reader, head))
    }

    /// The next piece; after [`Piece::End`] the file is known to be whole.
    ///
    /// # Errors
    /// [`BackupError::Damaged`], [`BackupError::Io`].
    pub fn next_piece(&mut self) -> Result<Piece, BackupError> {
        let (kind, body) = self.frame()?;
        match kind {
            b'T' => {
                let (name, columns) = self.parsed(&body)?;
                Ok(Piece::Table { name, columns })
            }
            b'R' => Ok(Piece::Rows(body)),
            b'M' => {
                let manifest = self.parsed(&body)?;
                self.ends()?;
                Ok(Piece::End(manifest))
            }
            _ => Err(self.damaged()),
        }
    }

    /// Nothing follows, and the last chunk was the last.
    fn ends(&mut self) -> Result<(), BackupError> {
        let at = |error| BackupError::reading(&self.path, error);
        let more = self.from.read(&mut [0]).map_err(at)?;
        let left = self.from.get_mut().read(&mut [0]).map_err(at)?;
        if more + left == 0 {
            Ok(())
        } else {
            Err(self.damaged())
        }
    }

    fn frame(&mut self) -> Result<(u8, Vec<u8>), BackupError> {
        let at = |error| BackupError::reading(&self.path, error);
        let mut kind = [0];
        self.from.read_exact(&mut kind).map_err(at)?;
        let mut length = [0; 4];
        self.from.read_exact(&mut length).map_err(at)?;
        let length = u32::from_le_bytes(length);
        if length > LONGEST {
            return Err(self.damaged());
        }
        let mut body = vec![0; length as usize];
        self.from.read_exact(&mut body).map_err(at)?;
        Ok((kind[0], body))
    }

    fn parsed<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, BackupError> {
        serde_json::from_slice(body).map_err(|_| self.damaged())
    }

    fn damaged(&self) -> BackupError {
        BackupError::Damaged(self.path.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use kernel::clock::SeededEntropy;
    use uuid::Uuid;
    use zeroize::Zeroizing;

    use super::super::manifest::JournalHead;
    use super::super::recipient::Identity;
    use super::*;
    use crate::keys::Passphrase;

    fn head() -> Head {
        Head {
            schema: 6,
            migrations: "aa".into(),
            installation: Uuid::nil(),
            keys: "bb".into(),
            epoch: 1,
            epoch_id: Uuid::nil(),
            made_at: jiff::Timestamp::UNIX_EPOCH,
            program: "0".into(),
        }
    }

    fn pieces(entropy: &SeededEntropy) -> Vec<Piece> {
        let mut bytes = vec![0; 150_000];
        entropy.fill(&mut bytes);
        let table = Piece::Table {
            name: "public.a".into(),
            columns: vec!["id".into()],
        };
        let manifest = Manifest {
            tables: Vec::new(),
            sequences: Vec::new(),
            journal: JournalHead::default(),
        };
        let rows = (0..4).map(|_| Piece::Rows(bytes.clone()));
        std::iter::once(table)
            .chain(rows)
            .chain([Piece::End(manifest)])
            .collect()
    }

    fn written(seal_for: &SealFor, entropy: &SeededEntropy) -> Vec<u8> {
        let mut writer = ArchiveWriter::begin(Vec::new(), seal_for, &head(), entropy).unwrap();
        for piece in pieces(&SeededEntropy::new(9)) {
            writer.add(&piece).unwrap();
        }
        writer.finish().unwrap()
    }

    fn read(bytes: &[u8], with: &OpenWith) -> Result<Vec<Piece>, BackupError> {
        let (mut reader, found) = ArchiveReader::begin(Cursor::new(bytes), with, Path::new("x"))?;
        assert_eq!(found, head());
        let mut pieces = Vec::new();
        loop {
            let piece = reader.next_piece()?;
            let is_last = matches!(piece, Piece::End(_));
            pieces.push(piece);
            if is_last {
                return Ok(pieces);
            }
        }
    }

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(Zeroizing::new(text.to_owned())).unwrap()
    }

    #[test]
    fn a_passphrase_opens_what_it_sealed_and_another_does_not() {
        let entropy = SeededEntropy::new(1);
        let to = SealFor::Passphrase(passphrase("一句足够长的口令用于备份"));
        let bytes = written(&to, &entropy);
        let with = OpenWith::Passphrase(passphrase("一句足够长的口令用于备份"));
        assert_eq!(read(&bytes, &with).unwrap(), pieces(&SeededEntropy::new(9)));
        let other = OpenWith::Passphrase(passphrase("一句足够长的口令用于备分"));
        assert!(matches!(read(&bytes, &other), Err(BackupError::Passphrase)));
        let key = OpenWith::Identity(Identity::make(&entropy));
        assert!(matches!(
            read(&bytes, &key),
            Err(BackupError::OtherWay {
                by_passphrase: true
            })
        ));
    }

    #[test]
    fn a_flipped_bit_anywhere_and_every_cut_is_refused() {
        let entropy = SeededEntropy::new(2);
        let identity = Identity::make(&entropy);
        let bytes = written(&SealFor::Recipient(identity.recipient()), &entropy);
        let with = OpenWith::Identity(identity);
        assert_eq!(read(&bytes, &with).unwrap(), pieces(&SeededEntropy::new(9)));
        let mut draw = [0; 8];
        for turn in 0..130 {
            entropy.fill(&mut draw);
            let place = usize::try_from(u64::from_le_bytes(draw) % (bytes.len() as u64)).unwrap();
            // Every byte of the header, and as many of the rest as there is patience for.
            let place = if turn < 105 { turn } else { place };
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << (turn % 8);
            let refused = read(&flipped, &with);
            assert!(
                matches!(
                    refused,
                    Err(BackupError::Damaged(_) | BackupError::NotABackup(_))
                ),
                "byte {place}: {refused:?}"
            );
            assert!(read(&bytes[..place], &with).is_err(), "cut at {place}");
        }
        let longer = [&bytes[..], b"x"].concat();
        assert!(matches!(read(&longer, &with), Err(BackupError::Damaged(_))));
        // Two chunks exchanged: each opens by itself, neither in the other's place.
        let (first, chunk) = (105, 262_160);
        let mut turned = bytes.clone();
        let (a, b) = (
            bytes[first..first + chunk].to_vec(),
            bytes[first + chunk..first + 2 * chunk].to_vec(),
        );
        turned[first..first + chunk].copy_from_slice(&b);
        turned[first + chunk..first + 2 * chunk].copy_from_slice(&a);
        assert!(matches!(read(&turned, &with), Err(BackupError::Damaged(_))));
        let stranger = OpenWith::Identity(Identity::make(&entropy));
        assert!(matches!(
            read(&bytes, &stranger),
            Err(BackupError::Identity)
        ));
    }
}
