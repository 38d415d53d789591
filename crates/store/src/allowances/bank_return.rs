//! The bank's answers to files: each is entered whole, what was paid in runs of serials and what came back line by line.

use std::ops::RangeInclusive;

use domain::allowances::{Answered, Attempt, Failure};
use jiff_sqlx::ToSqlx;
use kernel::ids::{BankFileId, ReturnId};
use kernel::journal::{Entry, Subject};
use kernel::money::Money;
use serde_json::json;

use super::bank_file::BankFile;
use crate::error::StoreError;
use crate::seal::SealedAt;
use crate::work::{Change, Pen, Work};

/// The purpose of the blind index of an answer's bytes.
const RETURN: &str = "allowances.return";

/// The file that has this number, if it is within reach; held until the work ends, so that answers to it go one by one.
///
/// # Errors
/// When the database does not answer.
pub async fn hold_file(work: &mut Work, number: &str) -> Result<Option<BankFileId>, StoreError> {
    let id = sqlx::query_scalar!(
        r#"SELECT f.id FROM allowances_bank_file f, LATERAL (SELECT pg_advisory_xact_lock(hashtextextended(f.number, 21))) held
           WHERE f.number = $1"#,
        number
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(id.map(BankFileId::from_uuid))
}

/// What a file sent, in the order of its serials.
///
/// # Errors
/// When the database does not answer.
pub async fn attempts(work: &mut Work, file: BankFileId) -> Result<Vec<Attempt>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT serial, amount_fen, returned_in IS NOT NULL AS "returned!" FROM allowances_transfer
           WHERE file_id = $1 ORDER BY serial"#,
        file.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let attempts = rows.into_iter().map(|row| Attempt {
        serial: row.serial,
        amount: Money::from_fen(row.amount_fen),
        answered: row.returned,
    });
    let mut attempts: Vec<Attempt> = attempts.collect();
    for run in paid_runs(work, file).await? {
        let from = attempts.partition_point(|attempt| attempt.serial < *run.start());
        let paid = attempts[from..].iter_mut();
        paid.take_while(|attempt| run.contains(&attempt.serial))
            .for_each(|attempt| attempt.answered = true);
    }
    Ok(attempts)
}

/// The serials of a file that were paid, in runs.
async fn paid_runs(
    work: &mut Work,
    file: BankFileId,
) -> Result<Vec<RangeInclusive<i32>>, StoreError> {
    let rows = sqlx::query!(
        "SELECT first_serial, last_serial FROM allowances_paid WHERE file_id = $1 ORDER BY first_serial",
        file.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| row.first_serial..=row.last_serial)
        .collect())
}

/// A line of a file that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankFailure {
    /// Its serial in the file.
    pub serial: i32,
    /// The amount.
    pub amount: Money,
    /// The bank's code and words.
    pub failure: Failure,
}

/// What of a file within reach came back, in the order of its serials.
///
/// # Errors
/// When the database does not answer.
pub async fn bank_failures(
    work: &mut Work,
    file: BankFileId,
) -> Result<Vec<BankFailure>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT serial, amount_fen, coalesce(code, '') AS "code!", coalesce(reason, '') AS "reason!" FROM allowances_transfer
           WHERE file_id = $1 AND returned_in IS NOT NULL ORDER BY serial"#,
        file.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let failures = rows.into_iter().map(|row| BankFailure {
        serial: row.serial,
        amount: Money::from_fen(row.amount_fen),
        failure: Failure {
            code: row.code,
            reason: row.reason,
        },
    });
    Ok(failures.collect())
}

/// The return of these very bytes, if they were loaded before.
///
/// # Errors
/// When the database does not answer.
pub async fn known_return(work: &mut Work, content: &[u8]) -> Result<Option<ReturnId>, StoreError> {
    let digest = work.store().sealer().blind_index_bytes(RETURN, content);
    let id = sqlx::query_scalar!(
        "SELECT id FROM allowances_return WHERE digest = $1::bytea",
        &digest[..] as _
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(id.map(ReturnId::from_uuid))
}

/// An answer entered.
pub struct ReturnEntered<'a> {
    /// Its id.
    pub id: ReturnId,
    /// The file it answers.
    pub file: &'a BankFile,
    /// What it comes to.
    pub answered: &'a Answered,
    /// Its bytes.
    pub content: &'a [u8],
}

impl ReturnEntered<'_> {
    async fn put_return(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let row = self.id.uuid();
        let at = SealedAt {
            table: "allowances_return",
            column: "content",
            row,
        };
        let (sealed, answered) = (pen.sealer.seal(at, self.content), self.answered);
        let digest = pen.sealer.blind_index_bytes(RETURN, self.content);
        let count = |all: usize| i32::try_from(all).unwrap_or(i32::MAX);
        sqlx::query!(
            "INSERT INTO allowances_return (id, file_id, unit_id, sealed, digest, paid, paid_fen, returned, returned_fen, content, loaded_by, loaded_at)
             VALUES ($1, $2, $3, $4, $5::bytea, $6, $7, $8, $9, $10::bytea, $11, $12)",
            row,
            self.file.id.uuid(),
            self.file.unit.uuid(),
            self.file.sealed,
            &digest[..] as _,
            count(answered.paid.len()),
            answered.paid_total.fen(),
            count(answered.returned.len()),
            answered.returned_total.fen(),
            sealed as _,
            pen.officer.uuid(),
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    async fn put_paid(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let runs = self.answered.paid_runs();
        let first: Vec<i32> = runs.iter().map(|run| *run.start()).collect();
        let last: Vec<i32> = runs.iter().map(|run| *run.end()).collect();
        sqlx::query!(
            "INSERT INTO allowances_paid (file_id, first_serial, last_serial, return_id, unit_id)
             SELECT $1, s.first, s.last, $2, $3 FROM unnest($4::integer[], $5::integer[]) s (first, last)",
            self.file.id.uuid(),
            self.id.uuid(),
            self.file.unit.uuid(),
            &first,
            &last
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }
}

impl Change for ReturnEntered<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        self.put_return(pen).await?;
        self.put_paid(pen).await?;
        let (id, file, answered) = (self.id.uuid(), self.file.id.uuid(), self.answered);
        let serials: Vec<i32> = answered
            .returned
            .iter()
            .map(|(serial, _)| *serial)
            .collect();
        let texts = |of: fn(&Failure) -> &String| -> Vec<String> {
            answered
                .returned
                .iter()
                .map(|(_, failure)| of(failure).clone())
                .collect()
        };
        let returned = sqlx::query!(
            "UPDATE allowances_transfer SET returned_in = $1, code = s.code, reason = s.reason
             FROM unnest($3::integer[], $4::text[], $5::text[]) s (serial, code, reason)
             WHERE file_id = $2 AND allowances_transfer.serial = s.serial",
            id,
            file,
            &serials,
            &texts(|failure| &failure.code),
            &texts(|failure| &failure.reason)
        )
        .execute(&mut *pen.conn)
        .await?;
        match returned.rows_affected() == answered.returned.len() as u64 {
            true => Ok(()),
            false => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let answered = self.answered;
        let after = json!({
            "return": self.id,
            "paid": answered.paid.len(),
            "paid_total": answered.paid_total,
            "returned": answered.returned.len(),
            "returned_total": answered.returned_total,
        });
        let subject = Subject::new("bank_file", self.file.id.uuid());
        let entry = Entry::new("allowances.return_entered", subject).after(after);
        vec![entry.sealed(self.file.sealed)]
    }
}
