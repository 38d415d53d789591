//! Backup and restore: one consistent picture of every table, sealed into a file that nobody can change unnoticed.
//!
//! A backup is taken while the program works on. It holds every table as PostgreSQL's own binary COPY gives it and a
//! [`Manifest`] of what must be found again: rows, digests, sums of money, the head of the journal. The schema is not
//! in it: a restore runs this program's migrations up to the backup's version, loads the tables, compares, and runs
//! the later migrations. Keys are not in it either: what is sealed in the database is sealed in the backup.
//!
//! **Invariant.** A file with a backup's name is whole, and a database that opens has been compared with its
//! manifest: a draft is renamed, and a database being restored is marked as such, until everything has been checked.

mod archive;
mod catalogue;
mod envelope;
mod error;
mod explain;
mod file;
mod load;
mod manifest;
mod nightly;
mod recipient;
mod restore;
mod rows;
mod stripped;
mod take;
mod verify;

pub use archive::{ArchiveReader, ArchiveWriter, Piece};
pub use envelope::{OpenWith, SealFor};
pub use error::BackupError;
pub use file::{Target, is_backup};
pub use manifest::{Comparison, Finding, Head, JournalHead, Manifest, SequenceState, TableTotals};
pub use nightly::{Last, Nightly, back_up_now, last, nightly};
pub use recipient::{Identity, Recipient};
pub use restore::{Restored, Source, restore};
pub use take::{Taken, take};
pub use verify::{Verified, verify};
