//! Files for the bank: what stands in one is claimed in the transaction that makes it.

use domain::registry::Hidden;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::{BankFileId, UnitId};
use kernel::journal::{Entry, Subject};
use kernel::money::Money;
use serde_json::json;

use super::claim::ClaimSum;
use super::reading::corrupt;
use crate::error::StoreError;
use crate::registry::open_column as open;
use crate::seal::SealedAt;
use crate::work::{Change, Pen, Work};

const TABLE: &str = "allowances_bank_file";

/// A file within reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankFile {
    /// Its id.
    pub id: BankFileId,
    /// Its number.
    pub number: String,
    /// The unit that pays.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// Whether it is of the sealed batches.
    pub sealed: bool,
    /// The template's code.
    pub template: String,
    /// How many lines it has.
    pub count: i32,
    /// What they come to.
    pub total: Money,
    /// When it was made.
    pub made_at: Timestamp,
    /// What of it the bank said was paid.
    pub paid: ClaimSum,
    /// What of it came back.
    pub returned: ClaimSum,
}

impl BankFile {
    /// How many of its lines the bank has yet to answer.
    #[must_use]
    pub const fn open(&self) -> i32 {
        self.count - self.paid.count - self.returned.count
    }
}

/// Files within reach, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn bank_files(work: &mut Work) -> Result<Vec<BankFile>, StoreError> {
    found(work, None).await
}

/// A file within reach.
///
/// # Errors
/// When the database does not answer.
pub async fn bank_file(work: &mut Work, id: BankFileId) -> Result<Option<BankFile>, StoreError> {
    Ok(found(work, Some(id)).await?.pop())
}

async fn found(work: &mut Work, id: Option<BankFileId>) -> Result<Vec<BankFile>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT f.id, f.number, f.unit_id, u.name AS unit_name, f.sealed, f.template, f.count, f.total_fen, f.made_at,
                  a.paid AS "paid!", a.paid_fen AS "paid_fen!", a.returned AS "returned!", a.returned_fen AS "returned_fen!"
           FROM allowances_bank_file f JOIN organisation_unit u ON u.id = f.unit_id
           CROSS JOIN LATERAL (SELECT coalesce(sum(r.paid), 0)::integer AS paid, coalesce(sum(r.paid_fen), 0)::bigint AS paid_fen,
                                      coalesce(sum(r.returned), 0)::integer AS returned, coalesce(sum(r.returned_fen), 0)::bigint AS returned_fen
                               FROM allowances_return r WHERE r.file_id = f.id) a
           WHERE $1::uuid IS NULL OR f.id = $1 ORDER BY f.made_at DESC, f.number DESC"#,
        id.map(BankFileId::uuid)
    )
    .fetch_all(work.conn())
    .await?;
    let sum = |count, fen| ClaimSum {
        count,
        amount: Money::from_fen(fen),
    };
    let files = rows.into_iter().map(|row| BankFile {
        id: BankFileId::from_uuid(row.id),
        number: row.number,
        unit: UnitId::from_uuid(row.unit_id),
        unit_name: row.unit_name,
        sealed: row.sealed,
        template: row.template,
        count: row.count,
        total: Money::from_fen(row.total_fen),
        made_at: row.made_at.to_jiff(),
        paid: sum(row.paid, row.paid_fen),
        returned: sum(row.returned, row.returned_fen),
    });
    Ok(files.collect())
}

/// A file begun: every claim of the unit and seal that is ready is sent with it.
#[derive(Debug)]
pub struct BankFileBegun<'a> {
    /// Its id.
    pub id: BankFileId,
    /// Of which batches.
    pub sealed: bool,
    /// The template's code.
    pub template: &'a str,
}

impl Change for BankFileBegun<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        sqlx::query!(
            "SELECT auth.open_bank_file($1, $2, $3, $4)",
            self.id.uuid(),
            self.sealed,
            self.template,
            pen.now.to_sqlx() as _
        )
        .fetch_one(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("bank_file", self.id.uuid());
        let entry = Entry::new("allowances.bank_file_begun", subject);
        vec![entry.sealed(self.sealed)]
    }
}

/// What stands in a file that is being made.
#[derive(Debug, Clone)]
pub struct BankFileLine {
    /// Its serial, from 1 on.
    pub serial: i32,
    /// The amount.
    pub amount: Money,
    /// In whose name the account is.
    pub holder: String,
    /// At which bank.
    pub bank: String,
    /// Its number.
    pub number: Hidden,
}

/// The lines of a file that this officer is making.
///
/// # Errors
/// When the database does not answer, or a number does not open.
pub async fn bank_file_lines(
    work: &mut Work,
    id: BankFileId,
) -> Result<Vec<BankFileLine>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT serial AS "serial!", amount_fen AS "amount!", account_id AS "account!", holder AS "holder!", bank AS "bank!", number AS "number!"
           FROM auth.bank_file_lines($1)"#,
        id.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    rows.into_iter()
        .map(|row| {
            let sealed = Some(&row.number[..]);
            let number = open(sealer, "allowances_account", "number", row.account, sealed)?;
            Ok(BankFileLine {
                serial: row.serial,
                amount: Money::from_fen(row.amount),
                holder: row.holder,
                bank: row.bank,
                number: number.ok_or_else(|| corrupt("allowances_account", "number"))?,
            })
        })
        .collect()
}

/// A file written: its content, sealed.
pub struct BankFileWritten<'a> {
    /// The file.
    pub file: &'a BankFile,
    /// Its bytes.
    pub content: &'a [u8],
}

impl Change for BankFileWritten<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let id = self.file.id.uuid();
        let sealed = pen.sealer.seal(at(id), self.content);
        let done = sqlx::query!(
            "UPDATE allowances_bank_file SET content = $2::bytea WHERE id = $1 AND content IS NULL",
            id,
            sealed as _
        )
        .execute(&mut *pen.conn)
        .await?;
        match done.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let after = json!({ "number": self.file.number, "template": self.file.template, "count": self.file.count, "total": self.file.total });
        let subject = Subject::new("bank_file", self.file.id.uuid());
        let entry = Entry::new("allowances.bank_file_made", subject).after(after);
        vec![entry.sealed(self.file.sealed)]
    }
}

const fn at(row: uuid::Uuid) -> SealedAt {
    SealedAt {
        table: TABLE,
        column: "content",
        row,
    }
}

/// The content of a file within reach; `None` while it is being made.
///
/// # Errors
/// When the database does not answer, or it does not open.
pub async fn bank_file_content(
    work: &mut Work,
    id: BankFileId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sealed = sqlx::query_scalar!(
        "SELECT content::bytea AS content FROM allowances_bank_file WHERE id = $1",
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    match sealed.flatten() {
        None => Ok(None),
        Some(sealed) => {
            let plain = work.store().sealer().open(at(id.uuid()), &sealed)?;
            Ok(Some(plain.to_vec()))
        }
    }
}

/// A file taken out of the house: nothing changes but the journal.
#[derive(Debug)]
pub struct BankFileTaken<'a>(pub &'a BankFile);

impl Change for BankFileTaken<'_> {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("bank_file", self.0.id.uuid());
        vec![Entry::new("allowances.bank_file_taken", subject).sealed(self.0.sealed)]
    }
}
