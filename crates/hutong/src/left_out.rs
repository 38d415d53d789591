//! The workbook of rows that an import left out: where it lies, and how it gets there.
//!
//! **Invariant.** It appears whole or not at all, for its owner alone, and never in place of another file: somebody may
//! be correcting that one.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::runtime::Unwritable;

/// Writes the workbook beside its ledger and answers where. One that lies there already word for word is kept.
pub(crate) fn put(ledger: &Path, workbook: &[u8]) -> Result<PathBuf, Unwritable> {
    for number in 1..=u32::MAX {
        let path = beside(ledger, number);
        match std::fs::read(&path) {
            Ok(there) if there == workbook => return Ok(path),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return match write_new(&path, workbook) {
                    Ok(()) => Ok(path),
                    Err(cause) => Err(Unwritable { path, cause }),
                };
            }
            Ok(_) | Err(_) => {}
        }
    }
    Err(Unwritable {
        path: beside(ledger, u32::MAX),
        cause: ErrorKind::AlreadyExists.into(),
    })
}

/// Under the ledger's own name with a word added, and a number where that is taken.
fn beside(ledger: &Path, number: u32) -> PathBuf {
    let stem = ledger
        .file_stem()
        .map_or_else(|| "台账".into(), |stem| stem.to_string_lossy());
    ledger.with_file_name(match number {
        1 => format!("{stem}-未登记.xlsx"),
        number => format!("{stem}-未登记-{number}.xlsx"),
    })
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("xlsx.part");
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&draft, path));
    if written.is_err() {
        // Whatever there is of it would only be in the way; the fault to tell is the first.
        let _ = std::fs::remove_file(&draft);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lying(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn no_file_is_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = folder.path().join("台账.xls");
        let first = put(&ledger, b"one").expect("written");
        assert_eq!(put(&ledger, b"one").expect("kept"), first);
        std::fs::write(&first, "corrected by hand").expect("written");
        let second = put(&ledger, b"one").expect("written");
        assert_ne!(second, first);
        assert_eq!(std::fs::read(&first).expect("read"), b"corrected by hand");
        assert_eq!(
            lying(folder.path()),
            ["台账-未登记-2.xlsx", "台账-未登记.xlsx"]
        );
    }
}
