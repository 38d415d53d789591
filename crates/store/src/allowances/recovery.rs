//! Recoveries: negative lines, of which an officer confirms that they are to be recovered.

use domain::allowances::Payee;
use domain::registry::Hidden;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::{BatchId, ChildId, OfficerId, RecoveryId};
use kernel::journal::Entry;
use kernel::money::Money;
use kernel::month::Month;
use serde_json::json;

use super::reading::payee;
use crate::error::StoreError;
use crate::registry::{ChildFile, entry_of, open_column as open, seal_column as seal};
use crate::work::{Change, Pen, Work};

const TABLE: &str = "allowances_recovery";

/// A negative line of a child within reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The pay month of the line.
    pub pay_month: Month,
    /// Its number in that month.
    pub number: i32,
    /// Its batch.
    pub batch: BatchId,
    /// Whose it is: of a file that was joined to another, the other.
    pub child: ChildId,
    /// The child's name.
    pub name: String,
    /// From whom.
    pub payee: Payee,
    /// The month it is for.
    pub for_month: Month,
    /// What is owed for it.
    pub amount: Money,
    /// Who confirmed it and when; `None` while it is proposed.
    pub confirmed: Option<Confirmation>,
}

/// That a recovery was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Its id.
    pub id: RecoveryId,
    /// By whom.
    pub by: OfficerId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<Hidden>,
    /// The notice as it was sent.
    pub notice: Option<Hidden>,
}

/// The negative lines of a batch, of children within reach, in the order of their numbers.
///
/// # Errors
/// When the database does not answer, or a text does not open.
pub async fn recoveries(work: &mut Work, batch: BatchId) -> Result<Vec<Recovery>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT l.pay_month, l.number, p.id AS child_id, p.name, l.payee, l.for_month, l.amount_fen, r.id AS "id?", r.confirmed_by AS "by?",
                  r.confirmed_at AS "at?", r.reason::bytea AS reason, r.notice::bytea AS notice
           FROM allowances_batch b JOIN allowances_line l ON l.pay_month = b.pay_month AND l.batch_id = b.id
           LEFT JOIN registry_joined j ON j.double_id = l.child_id
           JOIN registry_person p ON p.id = coalesce(j.child_id, l.child_id)
           LEFT JOIN allowances_recovery r ON r.pay_month = l.pay_month AND r.number = l.number
           WHERE b.id = $1 AND l.amount_fen < 0 ORDER BY l.number"#,
        batch.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    rows.into_iter()
        .map(|row| {
            let confirmed = match (row.id, row.by, row.at) {
                (Some(id), Some(by), Some(at)) => Some(Confirmation {
                    id: RecoveryId::from_uuid(id),
                    by: OfficerId::from_uuid(by),
                    at: at.to_jiff(),
                    reason: open(sealer, TABLE, "reason", id, row.reason.as_deref())?,
                    notice: open(sealer, TABLE, "notice", id, row.notice.as_deref())?,
                }),
                _ => None,
            };
            Ok(Recovery {
                pay_month: Month::of(row.pay_month.to_jiff()),
                number: row.number,
                batch,
                child: ChildId::from_uuid(row.child_id),
                name: row.name,
                payee: payee(row.payee)?,
                for_month: Month::of(row.for_month.to_jiff()),
                amount: Money::from_fen(-row.amount_fen),
                confirmed,
            })
        })
        .collect()
}

/// A recovery confirmed, with the notice to whoever had the money. What it comes to, the database takes from the line.
#[derive(Debug)]
pub struct RecoveryConfirmed<'a> {
    /// Its id.
    pub id: RecoveryId,
    /// The recovery as it was proposed.
    pub recovery: &'a Recovery,
    /// The child's file.
    pub file: &'a ChildFile,
    /// Why.
    pub reason: &'a Hidden,
    /// The notice.
    pub notice: &'a Hidden,
}

impl Change for RecoveryConfirmed<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let id = self.id.uuid();
        let sealed =
            |column, text: &Hidden| seal(pen.sealer, TABLE, column, id, Some(text.reveal()));
        // The trigger fills in what the line says; what stands here for it is replaced.
        sqlx::query!(
            "INSERT INTO allowances_recovery (id, pay_month, number, batch_id, unit_id, child_id, payee, amount_fen, reason, notice, sealed, confirmed_by, confirmed_at)
             SELECT $1, $2, $3, b.id, b.unit_id, $5, 0, 1, $6::bytea, $7::bytea, b.sealed, $8, $9 FROM allowances_batch b WHERE b.id = $4",
            id,
            self.recovery.pay_month.first().to_sqlx() as _,
            self.recovery.number,
            self.recovery.batch.uuid(),
            self.recovery.child.uuid(),
            sealed("reason", self.reason) as _,
            sealed("notice", self.notice) as _,
            pen.officer.uuid(),
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let after = json!({
            "recovery": self.id,
            "pay_month": self.recovery.pay_month,
            "number": self.recovery.number,
            "amount": self.recovery.amount,
        });
        let entry = entry_of("allowances.recovery_confirmed", self.file).after(after);
        vec![entry.sealed_changed("notice")]
    }
}
