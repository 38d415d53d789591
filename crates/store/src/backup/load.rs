//! Loading a backup into a database that has its schema and nothing else, and reading it back to compare.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::archive::{ArchiveReader, Piece};
use super::catalogue::{Nowhere, Table, copy_out, migrations_to, sequences, tables};
use super::envelope::OpenWith;
use super::error::BackupError;
use super::manifest::{Comparison, Head, JournalHead, Manifest, SequenceState};
use super::stripped::Stripped;
use crate::error::StoreError;
use crate::schema::{MIGRATIONS, newest};

/// A backup file whose head has been read.
pub(super) struct Opened {
    pub(super) head: Head,
    reader: ArchiveReader<BufReader<File>>,
}

/// Pieces that wait for the database at most.
const WAITING: usize = 16;

impl Opened {
    /// Opens a backup that this program can restore.
    ///
    /// # Errors
    /// [`BackupError`] for what cannot be opened, [`BackupError::OtherSchema`] and [`StoreError::NewerSchema`] for what
    /// another program made.
    pub(super) async fn open(path: &Path, with: OpenWith) -> Result<Self, BackupError> {
        let path = path.to_path_buf();
        let opened = tokio::task::spawn_blocking(move || {
            let file = File::open(&path).map_err(|error| BackupError::io(&path, error))?;
            ArchiveReader::begin(BufReader::with_capacity(1 << 20, file), &with, &path)
        })
        .await
        .map_err(|_| BackupError::BrokenOff)?;
        let (reader, head) = opened?;
        match migrations_to(head.schema) {
            Some(digest) if digest == head.migrations => Ok(Self { head, reader }),
            None if head.schema > newest() => Err(StoreError::NewerSchema {
                found: head.schema,
                known: newest(),
            }
            .into()),
            _ => Err(BackupError::OtherSchema(head.schema)),
        }
    }

    /// Makes the schema of the backup's time in an empty database, loads every table in one transaction and compares what
    /// it then holds with the manifest.
    ///
    /// # Errors
    /// [`BackupError::Differs`] with everything rolled back but the schema, and whatever file and database have to say.
    pub(super) async fn load(
        self,
        owner: &PgPool,
        mut progress: impl FnMut(u64),
    ) -> Result<Comparison, BackupError> {
        MIGRATIONS
            .run_to(self.head.schema, owner)
            .await
            .map_err(StoreError::Migration)?;
        let mut tx = owner.begin().await?;
        // One connection builds all indexes.
        sqlx::raw_sql("SET LOCAL maintenance_work_mem = '256MB'")
            .execute(&mut *tx)
            .await?;
        let (sender, receiver) = channel(WAITING);
        let mut reader = self.reader;
        let reading = tokio::task::spawn_blocking(move || read(&mut reader, &sender));
        let filled = fill(&mut tx, receiver, &mut progress).await;
        let read = reading.await.map_err(|_| BackupError::BrokenOff)?;
        let expected = match (read, filled) {
            (Err(BackupError::BrokenOff) | Ok(()), Err(error)) | (Err(error), _) => {
                return Err(error);
            }
            (Ok(()), Ok(expected)) => expected,
        };
        let found = read_back(&mut tx).await?;
        let comparison = expected.compare(&found);
        if comparison.findings.is_empty() {
            tx.commit().await?;
            Ok(comparison)
        } else {
            Err(BackupError::Differs(Box::new(comparison)))
        }
    }
}

/// Opens and inflates on a thread of its own, while the rows before are stored.
fn read(
    reader: &mut ArchiveReader<BufReader<File>>,
    sender: &Sender<Piece>,
) -> Result<(), BackupError> {
    loop {
        let piece = reader.next_piece()?;
        let is_last = matches!(piece, Piece::End(_));
        sender
            .blocking_send(piece)
            .map_err(|_| BackupError::BrokenOff)?;
        if is_last {
            return Ok(());
        }
    }
}

/// Fills all tables, and answers the manifest that followed them.
async fn fill(
    tx: &mut PgConnection,
    mut pieces: Receiver<Piece>,
    progress: &mut impl FnMut(u64),
) -> Result<Manifest, BackupError> {
    let all = tables(tx).await?;
    let stripped = Stripped::of(tx, &all).await?;
    let names: Vec<&str> = all.iter().map(|table| table.name.as_str()).collect();
    let names = names.join(", ");
    // Some rows come with the migrations. A table emptied here is also filled without a second thought to its rows'
    // visibility (FREEZE).
    run(tx, format!("TRUNCATE {names}")).await?;
    let mut rows = 0;
    let mut filled = Vec::new();
    let mut next = pieces.recv().await;
    let manifest = loop {
        match next {
            None => return Err(BackupError::BrokenOff),
            Some(Piece::End(manifest)) => break manifest,
            Some(Piece::Rows(_)) => return Err(other_tables(&filled)),
            Some(Piece::Table { name, columns }) => {
                let table = all.iter().find(|table| table.name == name);
                let Some(table) = table.filter(|table| table.columns == columns) else {
                    return Err(other_tables(&[name]));
                };
                filled.push(name);
                let (loaded, after) = copy_in(tx, table, &mut pieces).await?;
                rows += loaded;
                progress(rows);
                next = after;
            }
        }
    };
    stripped.put_back(tx).await?;
    set_sequences(tx, &manifest.sequences).await?;
    run(tx, format!("ANALYZE {names}")).await?;
    Ok(manifest)
}

/// A whole file whose tables are not those of its schema was made by another program.
fn other_tables(names: &[String]) -> BackupError {
    tracing::error!(?names, "a backup's tables are not those of its schema");
    BackupError::BrokenOff
}

/// Loads one table; answers its rows and the piece that follows them.
async fn copy_in(
    tx: &mut PgConnection,
    table: &Table,
    pieces: &mut Receiver<Piece>,
) -> Result<(u64, Option<Piece>), BackupError> {
    let freeze = if table.is_partitioned {
        // Batches are loaded before their lines: they say which months there are.
        run(tx, "SELECT auth.part_months()".to_owned()).await?;
        ""
    } else {
        ", FREEZE"
    };
    let copy = format!(
        "COPY {} ({}) FROM STDIN (FORMAT binary{freeze})",
        table.name,
        table.columns.join(", ")
    );
    let mut copying = tx.copy_in_raw(&copy).await?;
    loop {
        match pieces.recv().await {
            Some(Piece::Rows(bytes)) => {
                copying.send(bytes).await?;
            }
            None => {
                copying.abort("the backup cannot be read on").await?;
                return Ok((0, None));
            }
            other => return Ok((copying.finish().await?, other)),
        }
    }
}

async fn set_sequences(tx: &mut PgConnection, states: &[SequenceState]) -> Result<(), StoreError> {
    for state in states {
        sqlx::query_scalar!(
            "SELECT setval(to_regclass($1), $2, $3)",
            state.sequence,
            state.last,
            state.is_called
        )
        .fetch_one(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn read_back(tx: &mut PgConnection) -> Result<Manifest, BackupError> {
    let mut journal = JournalHead::default();
    let mut totals = Vec::new();
    for table in tables(tx).await? {
        totals.push(copy_out(tx, &table, &mut Nowhere, &mut journal).await?);
    }
    Ok(Manifest {
        tables: totals,
        sequences: sequences(tx).await?,
        journal,
    })
}

async fn run(tx: &mut PgConnection, statement: String) -> Result<(), StoreError> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(tx).await?;
    Ok(())
}
