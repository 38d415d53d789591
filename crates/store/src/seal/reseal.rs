//! Seals anew, while the program works on, what retired keys have sealed.
//!
//! Rows go in small batches, each its own transaction, and a row is replaced only while it still holds the very
//! ciphertext that was opened: whoever changes it meanwhile wins, and a later pass looks again. What is done is
//! recognised by the key id in its header, so an interrupted run simply starts over.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use super::sealer::{SealedAt, Sealer};
use crate::error::StoreError;

/// A column of the domain `sealed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The uuid column by which the table is gone through in order: the first of its primary key.
    pub under: &'static str,
    /// The uuid column that names the row in the associated data; unique in the table.
    pub id: &'static str,
    /// Rows in one batch: fewer where whole files are sealed, because a batch is held in memory.
    pub batch: u16,
}

const fn short(table: &'static str, column: &'static str) -> SealedColumn {
    SealedColumn {
        table,
        column,
        under: "id",
        id: "id",
        batch: 1000,
    }
}

const fn file(table: &'static str, column: &'static str) -> SealedColumn {
    SealedColumn {
        batch: 1,
        ..short(table, column)
    }
}

/// Of a table whose rows are kept child by child.
const fn of_child(table: &'static str, column: &'static str) -> SealedColumn {
    SealedColumn {
        under: "child_id",
        ..short(table, column)
    }
}

/// Every sealed column of the database. A column missing here would be lost when its key is dropped.
pub const SEALED_COLUMNS: &[SealedColumn] = &[
    SealedColumn {
        under: "officer_id",
        id: "officer_id",
        ..short("auth.account", "totp_secret")
    },
    short("auth.invitation", "totp_secret"),
    short("auth.ticket", "draft"),
    file("auth.ticket_photo", "content"),
    short("auth.exchange_keys", "secret"),
    short("organisation_officer", "phone"),
    short("registry_person", "resident_id"),
    short("registry_child", "address"),
    short("registry_child", "bank_account"),
    short("registry_child", "note"),
    of_child("registry_guardian", "resident_id"),
    of_child("registry_guardian", "phone"),
    short("registry_relative", "resident_id"),
    short("registry_relative", "phone"),
    file("registry_document", "content"),
    file("registry_ledger", "content"),
    of_child("registry_ledger_row", "content"),
    short("registry_work_item", "raw"),
    short("registry_merge", "snapshot"),
    file("registry_job", "content"),
    file("registry_job", "file"),
    short("applications_application", "stated"),
    short("applications_step", "reason"),
    short("applications_limit", "note"),
    file("applications_paper", "content"),
    short("applications_decision", "grounds"),
    short("allowances_account", "number"),
    short("allowances_account", "reason"),
    short("allowances_confirmation", "note"),
    short("allowances_recovery", "reason"),
    short("allowances_recovery", "notice"),
    file("allowances_bank_file", "content"),
    file("allowances_return", "content"),
    SealedColumn {
        under: "standard_id",
        id: "standard_id",
        ..file("allowances_standard_scan", "content")
    },
];

/// What sealing anew came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Values now under the active key.
    pub done: u64,
    /// Values still under a retired key after the last pass, because somebody kept changing them.
    pub left: u64,
    /// Values that do not open; each is named in the log by table, column and row. No key may be dropped then.
    pub unreadable: u64,
}

/// How far it has got, for a progress bar.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The column being worked on.
    pub column: SealedColumn,
    /// Values sealed anew so far, in all columns.
    pub done: u64,
    /// Values that were to be sealed anew when it began, in all columns.
    pub total: u64,
}

/// Passes over a column before rows that keep changing are left for the next run.
const PASSES: u32 = 5;

/// Seals everything in these columns under the sealer's active key, as the owner of the tables.
///
/// # Errors
/// When the database does not answer; what was done until then stays done.
pub async fn reseal(
    owner: &PgPool,
    sealer: &Sealer,
    columns: &[SealedColumn],
    mut progress: impl FnMut(Progress),
) -> Result<Resealed, StoreError> {
    let mut to_do = 0;
    for column in columns {
        to_do += count_stale(owner, sealer, *column).await?;
    }
    let mut total = Resealed::default();
    for column in columns {
        for pass in 1..=PASSES {
            let one = one_pass(owner, sealer, *column, |done| {
                progress(Progress {
                    column: *column,
                    done: total.done + done,
                    total: to_do,
                })
            })
            .await?;
            total.done += one.done;
            if one.left == 0 || pass == PASSES {
                total.left += one.left;
                total.unreadable += one.unreadable;
                break;
            }
        }
    }
    Ok(total)
}

async fn one_pass(
    owner: &PgPool,
    sealer: &Sealer,
    column: SealedColumn,
    mut progress: impl FnMut(u64),
) -> Result<Resealed, StoreError> {
    let mut pass = Resealed::default();
    let mut after = (Uuid::nil(), Uuid::nil());
    loop {
        let rows = stale(owner, sealer, column, after).await?;
        let Some((under, last, _)) = rows.last() else {
            return Ok(pass);
        };
        after = (*under, *last);
        let mut batch = Batch::default();
        for (under, row, sealed) in rows {
            let at = SealedAt {
                table: column.table,
                column: column.column,
                row,
            };
            match sealer.open(at, &sealed) {
                Ok(plain) => {
                    batch.under.push(under);
                    batch.ids.push(row);
                    batch.new.push(sealer.seal(at, &plain));
                    batch.old.push(sealed);
                }
                Err(error) => {
                    tracing::error!(table = column.table, column = column.column, %row, %error, "a sealed value does not open");
                    pass.unreadable += 1;
                }
            }
        }
        let replaced = replace(owner, column, &batch).await?;
        pass.done += replaced;
        pass.left += (batch.ids.len() as u64).saturating_sub(replaced);
        progress(pass.done);
    }
}

/// Values of some rows as they were and as they are sealed anew.
#[derive(Default)]
struct Batch {
    under: Vec<Uuid>,
    ids: Vec<Uuid>,
    old: Vec<Vec<u8>>,
    new: Vec<Vec<u8>>,
}

/// How many values the active key did not seal.
async fn count_stale(
    owner: &PgPool,
    sealer: &Sealer,
    column: SealedColumn,
) -> Result<u64, StoreError> {
    let SealedColumn { table, column, .. } = column;
    let select =
        format!("SELECT count(*) FROM {table} WHERE substring({column}::bytea FROM 1 FOR 5) <> $1");
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(select))
        .bind(sealer.header().to_vec())
        .fetch_one(owner)
        .await?;
    Ok(count.unsigned_abs())
}

/// The next batch of values that the active key did not seal.
async fn stale(
    owner: &PgPool,
    sealer: &Sealer,
    column: SealedColumn,
    after: (Uuid, Uuid),
) -> Result<Vec<(Uuid, Uuid, Vec<u8>)>, StoreError> {
    let SealedColumn {
        table,
        column,
        under,
        id,
        batch,
    } = column;
    let select = format!(
        "SELECT {under}, {id}, {column}::bytea FROM {table}
         WHERE ({under}, {id}) > ($1, $2) AND substring({column}::bytea FROM 1 FOR 5) <> $3 ORDER BY {under}, {id} LIMIT {batch}"
    );
    // Every name in it is a constant of this module or of a test.
    Ok(sqlx::query_as(AssertSqlSafe(select))
        .bind(after.0)
        .bind(after.1)
        .bind(sealer.header().to_vec())
        .fetch_all(owner)
        .await?)
}

/// Compare and set: only rows that still hold what was opened. Answers how many did.
async fn replace(owner: &PgPool, column: SealedColumn, batch: &Batch) -> Result<u64, StoreError> {
    let SealedColumn {
        table,
        column,
        under,
        id,
        ..
    } = column;
    let update = format!(
        "UPDATE {table} AS t SET {column} = n.new
         FROM UNNEST($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[]) AS n (under, id, old, new)
         WHERE t.{under} = n.under AND t.{id} = n.id AND t.{column}::bytea = n.old"
    );
    Ok(sqlx::query(AssertSqlSafe(update))
        .bind(&batch.under)
        .bind(&batch.ids)
        .bind(&batch.old)
        .bind(&batch.new)
        .execute(owner)
        .await?
        .rows_affected())
}

/// The ids of all keys that something in these columns is sealed by, before any of them may be dropped.
///
/// # Errors
/// When the database does not answer.
pub async fn keys_in_use(
    owner: &PgPool,
    columns: &[SealedColumn],
) -> Result<BTreeSet<u32>, StoreError> {
    let mut used = BTreeSet::new();
    for SealedColumn { table, column, .. } in columns {
        let select = format!(
            "SELECT DISTINCT substring({column}::bytea FROM 2 FOR 4) FROM {table} WHERE {column} IS NOT NULL"
        );
        let found: Vec<Vec<u8>> = sqlx::query_scalar(AssertSqlSafe(select))
            .fetch_all(owner)
            .await?;
        used.extend(
            found
                .iter()
                .filter_map(|id| id.first_chunk().map(|id| u32::from_be_bytes(*id))),
        );
    }
    Ok(used)
}
