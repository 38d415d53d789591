//! Reading the journal, page by page, the latest entry first. What may be read is the database's to say.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::division::Division;
use kernel::ids::{OfficerId, UnitId};
use serde_json::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::work::Work;

/// Which entries are wanted.
#[derive(Debug, Clone, Default)]
pub struct JournalFilter {
    /// Those about this subject.
    pub subject: Option<Uuid>,
    /// Those of this officer.
    pub officer: Option<OfficerId>,
    /// Those of this action, by its code.
    pub action: Option<String>,
    /// Those about the child of this file number.
    pub file_number: Option<String>,
    /// Those whose purpose holds this text.
    pub purpose: Option<String>,
    /// Those at this moment or later.
    pub from: Option<Timestamp>,
    /// Those before this moment.
    pub until: Option<Timestamp>,
}

/// An entry as it was written.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    /// Its number; later entries have greater ones.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who, and in which unit.
    pub officer: OfficerId,
    /// The officer's name, where the reader sees the officer.
    pub officer_name: Option<String>,
    /// The unit.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: Option<String>,
    /// In which role, by its code.
    pub role: String,
    /// What for.
    pub purpose: String,
    /// What was done, by its code.
    pub action: String,
    /// What kind of thing it was done to.
    pub subject_kind: String,
    /// To what.
    pub subject: Uuid,
    /// Where.
    pub division: Option<Division>,
    /// Whether it was refused.
    pub refused: bool,
    /// The changed fields as they were.
    pub before: Option<Value>,
    /// The changed fields as they are.
    pub after: Option<Value>,
}

/// The entries before number `before`, the latest first, up to `size`.
///
/// # Errors
/// When the database does not answer.
pub async fn journal(
    work: &mut Work,
    filter: &JournalFilter,
    before: Option<i64>,
    size: u16,
) -> Result<Vec<JournalEntry>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT e.seq, e.at AS "at: jiff_sqlx::Timestamp", e.officer_id, o.name AS "officer_name?", e.unit_id, u.name AS "unit_name?",
                  e.role, e.purpose, e.action, e.subject_kind, e.subject_id, e.division, e.refused, e.before, e.after
           FROM journal_entry e
           LEFT JOIN organisation_officer o ON o.id = e.officer_id
           LEFT JOIN organisation_unit u ON u.id = e.unit_id
           WHERE e.seq < $1 AND ($2::uuid IS NULL OR e.subject_id = $2) AND ($3::uuid IS NULL OR e.officer_id = $3)
             AND ($4::text IS NULL OR e.action = $4) AND ($6::text IS NULL OR e.subject_id = (SELECT auth.child_of_file($6)))
             AND ($7::text IS NULL OR strpos(e.purpose, $7) > 0)
             AND ($8::timestamptz IS NULL OR e.at >= $8) AND ($9::timestamptz IS NULL OR e.at < $9)
           ORDER BY e.seq DESC LIMIT $5"#,
        before.unwrap_or(i64::MAX),
        filter.subject,
        filter.officer.map(OfficerId::uuid),
        filter.action,
        i64::from(size),
        filter.file_number,
        filter.purpose,
        filter.from.map(|at| at.to_sqlx()) as _,
        filter.until.map(|at| at.to_sqlx()) as _,
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(JournalEntry {
                seq: row.seq,
                at: row.at.to_jiff(),
                officer: OfficerId::from_uuid(row.officer_id),
                officer_name: row.officer_name,
                unit: UnitId::from_uuid(row.unit_id),
                unit_name: row.unit_name,
                role: row.role,
                purpose: row.purpose,
                action: row.action,
                subject_kind: row.subject_kind,
                subject: row.subject_id,
                division: row.division.map(Division::new).transpose().map_err(|_| {
                    StoreError::Corrupt {
                        table: "journal_entry",
                        column: "division",
                    }
                })?,
                refused: row.refused,
                before: row.before,
                after: row.after,
            })
        })
        .collect()
}
