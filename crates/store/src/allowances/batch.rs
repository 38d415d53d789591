//! Batches as they stand, and their way through other hands.

use domain::allowances::{BatchAct, BatchHands, BatchStage};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::{BatchId, OfficerId, UnitId};
use kernel::journal::{Entry, Subject};
use kernel::money::Money;
use kernel::month::Month;
use serde_json::json;

use crate::error::StoreError;
use crate::work::{Change, Pen, Work};

/// A batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// The pay month.
    pub month: Month,
    /// The unit that pays, and its name.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// Whether it is the sealed one.
    pub sealed: bool,
    /// How far it has come.
    pub stage: BatchStage,
    /// By what was known when.
    pub known_at: Timestamp,
    /// By which rules.
    pub rulebook: String,
    /// How many lines it has.
    pub lines: i32,
    /// How many children have a line.
    pub children: i32,
    /// How many stretches of months nothing could be said about.
    pub exceptions: i32,
    /// The sum of the payments.
    pub paid: Money,
    /// The sum of the recoveries, 0 or less.
    pub recovered: Money,
    /// The hash of its lines as they were prepared.
    pub hash: Vec<u8>,
    /// Whose hands it went through.
    pub hands: BatchHands,
    /// Counts the changes, for optimistic locking.
    pub version: i32,
}

/// The batches within reach of a month, or of all months, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn batches(work: &mut Work, month: Option<Month>) -> Result<Vec<Batch>, StoreError> {
    found(work, None, month).await
}

/// A batch within reach.
///
/// # Errors
/// When the database does not answer.
pub async fn batch(work: &mut Work, id: BatchId) -> Result<Option<Batch>, StoreError> {
    Ok(found(work, Some(id), None).await?.pop())
}

async fn found(
    work: &mut Work,
    id: Option<BatchId>,
    month: Option<Month>,
) -> Result<Vec<Batch>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT b.id, b.pay_month, b.unit_id, u.name AS unit_name, b.sealed, b.stage, b.known_at, b.rulebook, b.lines, b.children, b.exceptions,
                  b.paid_fen, b.recovered_fen, b.lines_hash, b.prepared_by, b.approved_by, b.version
           FROM allowances_batch b JOIN organisation_unit u ON u.id = b.unit_id
           WHERE ($1::uuid IS NULL OR b.id = $1) AND ($2::date IS NULL OR b.pay_month = $2)
           ORDER BY b.pay_month DESC, u.division, u.id, b.sealed"#,
        id.map(BatchId::uuid),
        month.map(|month| month.first().to_sqlx()) as _
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Batch {
                id: BatchId::from_uuid(row.id),
                month: Month::of(row.pay_month.to_jiff()),
                unit: UnitId::from_uuid(row.unit_id),
                unit_name: row.unit_name,
                sealed: row.sealed,
                stage: BatchStage::from_code(&row.stage).ok_or(StoreError::Corrupt {
                    table: "allowances_batch",
                    column: "stage",
                })?,
                known_at: row.known_at.to_jiff(),
                rulebook: row.rulebook,
                lines: row.lines,
                children: row.children,
                exceptions: row.exceptions,
                paid: Money::from_fen(row.paid_fen),
                recovered: Money::from_fen(row.recovered_fen),
                hash: row.lines_hash,
                hands: BatchHands {
                    preparer: OfficerId::from_uuid(row.prepared_by),
                    approver: row.approved_by.map(OfficerId::from_uuid),
                },
                version: row.version,
            })
        })
        .collect()
}

/// The hash of a batch's lines as they lie in the database now, for whoever sees the batch.
///
/// # Errors
/// When the database does not answer.
pub async fn lines_hash(work: &mut Work, id: BatchId) -> Result<Option<Vec<u8>>, StoreError> {
    let hash = sqlx::query_scalar!(
        "SELECT auth.batch_hash(b.id) FROM allowances_batch b WHERE b.id = $1",
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(hash.flatten())
}

/// A batch moved on by an officer.
#[derive(Debug)]
pub struct BatchMoved<'a> {
    /// The batch as it was.
    pub batch: &'a Batch,
    /// What was done.
    pub act: BatchAct,
    /// The stage it leads to.
    pub to: BatchStage,
}

impl Change for BatchMoved<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let by = |act| (self.act == act).then_some(pen.officer.uuid());
        let approves = self.act == BatchAct::Approve;
        let done = sqlx::query!(
            "UPDATE allowances_batch SET stage = $3, version = version + 1,
                 reviewed_by = coalesce($5, reviewed_by), reviewed_at = CASE WHEN $5::uuid IS NULL THEN reviewed_at ELSE $4 END,
                 approved_by = coalesce($6, approved_by), approved_at = CASE WHEN $6::uuid IS NULL THEN approved_at ELSE $4 END,
                 approved_hash = coalesce($7, approved_hash),
                 released_by = coalesce($8, released_by), released_at = CASE WHEN $8::uuid IS NULL THEN released_at ELSE $4 END,
                 settled_at = CASE WHEN $3 = 'settled' THEN $4 ELSE settled_at END, closed_at = CASE WHEN $3 = 'closed' THEN $4 ELSE closed_at END
             WHERE id = $1 AND version = $2",
            self.batch.id.uuid(),
            self.batch.version,
            self.to.code(),
            pen.now.to_sqlx() as _,
            by(BatchAct::Review),
            by(BatchAct::Approve),
            approves.then_some(&self.batch.hash[..]),
            by(BatchAct::Release),
        )
        .execute(&mut *pen.conn)
        .await?;
        match done.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let action = match self.act {
            BatchAct::Review => "allowances.batch_reviewed",
            BatchAct::Approve => "allowances.batch_approved",
            BatchAct::Release => "allowances.batch_released",
            BatchAct::Settle => "allowances.batch_settled",
            BatchAct::Close => "allowances.batch_closed",
        };
        let subject = Subject::new("batch", self.batch.id.uuid());
        let hash: String = self
            .batch
            .hash
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let entry = Entry::new(action, subject)
            .before(json!({ "stage": self.batch.stage }))
            .after(json!({ "stage": self.to, "lines_hash": hash }));
        vec![entry.sealed(self.batch.sealed)]
    }
}

/// The table of a batch was taken to be published: nothing changes but the journal.
#[derive(Debug)]
pub struct Published<'a>(pub &'a Batch);

impl Change for Published<'_> {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("batch", self.0.id.uuid());
        vec![Entry::new("allowances.batch_published", subject)]
    }
}
