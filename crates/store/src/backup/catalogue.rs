//! Which tables and sequences there are, and what they come to.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, PgConnection};

use super::error::BackupError;
use super::manifest::{JournalHead, SequenceState, TableTotals};
use super::rows::{Tally, hex};
use crate::error::StoreError;
use crate::schema::MIGRATIONS;

/// The journal, whose entries are read in their order.
const JOURNAL: &str = "public.journal_entry";

/// A table as it is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// Schema and name, quoted where SQL wants it.
    pub(super) name: String,
    /// Columns whose values are stored, quoted where SQL wants it.
    pub(super) columns: Vec<String>,
    money: Vec<String>,
    /// Whether its rows lie in partitions.
    pub(super) is_partitioned: bool,
}

/// Every table of the product, in the order of their names; the migrator's own record is the program's.
pub(super) async fn tables(conn: &mut PgConnection) -> Result<Vec<Table>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS "name!",
                  c.relkind = 'p' AS "is_partitioned!",
                  array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS "columns!: Vec<String>",
                  coalesce(array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attname LIKE '%\_fen' AND a.atttypid = 'int8'::regtype), '{}') AS "money!: Vec<String>"
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
           WHERE n.nspname IN ('public', 'auth') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
             AND c.relname NOT IN ('_sqlx_migrations', 'restore_unfinished')
             AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
           GROUP BY 1, 2 ORDER BY 1"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Table {
            name: row.name,
            columns: row.columns,
            money: row.money,
            is_partitioned: row.is_partitioned,
        })
        .collect())
}

/// Where the rows of a table go while they are counted.
pub(super) trait Sink {
    /// Takes the next bytes of the binary COPY.
    async fn rows(&mut self, bytes: &[u8]) -> Result<(), BackupError>;
}

/// For counting alone.
pub(super) struct Nowhere;

impl Sink for Nowhere {
    async fn rows(&mut self, _: &[u8]) -> Result<(), BackupError> {
        Ok(())
    }
}

/// Copies a table out, and answers what it comes to. `head` is set where it is the journal.
pub(super) async fn copy_out(
    conn: &mut PgConnection,
    table: &Table,
    sink: &mut impl Sink,
    head: &mut JournalHead,
) -> Result<TableTotals, BackupError> {
    let (name, columns) = (&table.name, table.columns.join(", "));
    let is_journal = name == JOURNAL;
    let copy = if is_journal {
        format!("COPY (SELECT {columns} FROM {name} ORDER BY seq) TO STDOUT (FORMAT binary)")
    } else if table.is_partitioned {
        format!("COPY (SELECT {columns} FROM {name}) TO STDOUT (FORMAT binary)")
    } else {
        format!("COPY {name} ({columns}) TO STDOUT (FORMAT binary)")
    };
    let mut tally = Tally::new(is_journal);
    let mut stream = conn.copy_out_raw(&copy).await?;
    while let Some(bytes) = stream.try_next().await? {
        tally.take(&bytes).map_err(|_| BackupError::BrokenOff)?;
        sink.rows(&bytes).await?;
    }
    drop(stream);
    let (rows, digest, chain) = tally.finish().map_err(|_| BackupError::BrokenOff)?;
    if let Some(chain) = chain {
        let last = sqlx::query_scalar!("SELECT max(seq) FROM journal_entry")
            .fetch_one(&mut *conn)
            .await?;
        *head = JournalHead { last, chain };
    }
    Ok(TableTotals {
        table: name.clone(),
        rows,
        digest,
        sums: sums(conn, table).await?,
    })
}

/// The sum of each column of money.
async fn sums(
    conn: &mut PgConnection,
    table: &Table,
) -> Result<BTreeMap<String, String>, StoreError> {
    let mut sums = BTreeMap::new();
    for column in &table.money {
        let select = format!(
            "SELECT coalesce(sum({column}), 0)::text FROM {}",
            table.name
        );
        let sum: String = sqlx::query_scalar(AssertSqlSafe(select))
            .fetch_one(&mut *conn)
            .await?;
        sums.insert(column.clone(), sum);
    }
    Ok(sums)
}

/// Where every sequence stands. Sequences follow no snapshot: read after the tables, they are past every number in them.
pub(super) async fn sequences(conn: &mut PgConnection) -> Result<Vec<SequenceState>, StoreError> {
    let names = sqlx::query_scalar!(
        r#"SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS "name!"
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname IN ('public', 'auth') AND c.relkind = 'S' ORDER BY 1"#
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut states = Vec::new();
    for sequence in names {
        let select = format!("SELECT last_value, is_called FROM {sequence}");
        let (last, is_called) = sqlx::query_as(AssertSqlSafe(select))
            .fetch_one(&mut *conn)
            .await?;
        states.push(SequenceState {
            sequence,
            last,
            is_called,
        });
    }
    Ok(states)
}

/// Digest of this program's migrations up to a version; `None` for a version it does not carry.
pub(super) fn migrations_to(version: i64) -> Option<String> {
    let mut digest = Sha256::new();
    let mut found = false;
    for migration in MIGRATIONS.iter().filter(|m| m.version <= version) {
        digest.update(migration.version.to_be_bytes());
        digest.update(&migration.checksum);
        found |= migration.version == version;
    }
    found.then(|| hex(&digest.finalize()))
}
