//! Taking a backup beside the running program: one snapshot, one connection, one file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use kernel::clock::{Clock, Entropy};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::archive::{ArchiveWriter, PIECE, Piece};
use super::catalogue::{Sink, Table, copy_out, migrations_to, sequences, tables};
use super::envelope::SealFor;
use super::error::BackupError;
use super::file::{Draft, Target};
use super::manifest::{Head, JournalHead, Manifest, TableTotals};
use crate::error::StoreError;
use crate::{installation, schema};

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// What it says of itself.
    pub head: Head,
    /// What is in it.
    pub manifest: Manifest,
}

/// Pieces that wait for the writer at most.
const WAITING: usize = 16;

/// Makes a backup of what the database holds at this moment, into a file or a folder.
///
/// # Errors
/// [`BackupError`]; no file with the backup's name is left then.
pub async fn take(
    owner: &PgPool,
    to: &Path,
    seal_for: SealFor,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    mut progress: impl FnMut(u64),
) -> Result<Taken, BackupError> {
    let head = head(owner, clock.now()).await?;
    let target = Target::at(to, head.installation, head.made_at);
    let (draft, file) = Draft::open(&target)?;
    let handle = file
        .try_clone()
        .map_err(|error| BackupError::io(target.path(), error))?;
    let path = target.path().to_path_buf();
    let begun = ArchiveWriter::begin(BufWriter::new(handle), &seal_for, &head, entropy);
    let archive = begun.map_err(|error| BackupError::io(&path, error))?;
    let mut tx = owner
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let (sender, receiver) = channel(WAITING);
    let writer = tokio::task::spawn_blocking(move || write(archive, receiver, &path));
    let copied = copy_all(&mut tx, &sender, &mut progress).await;
    drop(sender);
    let written = writer.await.map_err(|_| BackupError::BrokenOff)?;
    let manifest = match (written, copied) {
        // Whichever of the two failed first, the other only hears that nobody listens.
        (Err(BackupError::BrokenOff) | Ok(()), Err(error)) | (Err(error), _) => return Err(error),
        (Ok(()), Ok(manifest)) => manifest,
    };
    let path = draft.target().to_path_buf();
    let bytes = tokio::task::spawn_blocking(move || draft.finish(&file))
        .await
        .map_err(|_| BackupError::BrokenOff)??;
    Ok(Taken {
        path,
        bytes,
        head,
        manifest,
    })
}

async fn head(owner: &PgPool, now: Timestamp) -> Result<Head, BackupError> {
    let schema = schema::applied(owner).await?;
    let migrations = migrations_to(schema).ok_or(StoreError::NewerSchema {
        found: schema,
        known: schema::newest(),
    })?;
    let founded = installation::read(owner)
        .await?
        .ok_or(StoreError::NotFounded)?;
    let epoch = installation::epoch(owner).await?;
    Ok(Head {
        schema,
        migrations,
        installation: founded.id,
        keys: founded.keys,
        epoch: epoch.number,
        epoch_id: epoch.id,
        // Seconds are as far as anybody reads it.
        made_at: Timestamp::from_second(now.as_second()).unwrap_or(now),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

async fn copy_all(
    tx: &mut PgConnection,
    sender: &Sender<Piece>,
    progress: &mut impl FnMut(u64),
) -> Result<Manifest, BackupError> {
    let all = tables(tx).await?;
    // Nobody alters a table between the snapshot and its turn.
    let names: Vec<&str> = all.iter().map(|table| table.name.as_str()).collect();
    let lock = format!("LOCK TABLE {} IN ACCESS SHARE MODE", names.join(", "));
    sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut *tx).await?;
    let mut journal = JournalHead::default();
    let mut totals = Vec::new();
    let mut rows = 0;
    for table in &all {
        let copied = copy_table(tx, table, sender, &mut journal).await?;
        rows += copied.rows;
        progress(rows);
        totals.push(copied);
    }
    let manifest = Manifest {
        tables: totals,
        sequences: sequences(tx).await?,
        journal,
    };
    send(sender, Piece::End(manifest.clone())).await?;
    Ok(manifest)
}

async fn copy_table(
    tx: &mut PgConnection,
    table: &Table,
    sender: &Sender<Piece>,
    journal: &mut JournalHead,
) -> Result<TableTotals, BackupError> {
    let begin = Piece::Table {
        name: table.name.clone(),
        columns: table.columns.clone(),
    };
    send(sender, begin).await?;
    let mut sink = Gathered {
        sender,
        bytes: Vec::with_capacity(PIECE),
    };
    let totals = copy_out(tx, table, &mut sink, journal).await?;
    send(sender, Piece::Rows(sink.bytes)).await?;
    Ok(totals)
}

/// Rows come one by one and go on in large pieces.
struct Gathered<'a> {
    sender: &'a Sender<Piece>,
    bytes: Vec<u8>,
}

impl Sink for Gathered<'_> {
    async fn rows(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() < PIECE {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.bytes, Vec::with_capacity(PIECE));
        send(self.sender, Piece::Rows(full)).await
    }
}

async fn send(sender: &Sender<Piece>, piece: Piece) -> Result<(), BackupError> {
    sender.send(piece).await.map_err(|_| BackupError::BrokenOff)
}

/// Deflates, seals and writes on a thread of its own, while the next rows are read.
fn write(
    mut archive: ArchiveWriter<BufWriter<File>>,
    mut pieces: Receiver<Piece>,
    path: &Path,
) -> Result<(), BackupError> {
    let at = |error| BackupError::io(path, error);
    let mut is_whole = false;
    while let Some(piece) = pieces.blocking_recv() {
        archive.add(&piece).map_err(at)?;
        is_whole = matches!(piece, Piece::End(_));
    }
    if !is_whole {
        return Err(BackupError::BrokenOff);
    }
    archive.finish().and_then(|mut out| out.flush()).map_err(at)
}
