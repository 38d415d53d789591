//! Reading the journal, page by page, the latest entry first. What may be read is the database's to say.

use jiff::Timestamp;
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
    /// The unit.
    pub unit: UnitId,
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
        r#"SELECT seq, at AS "at: jiff_sqlx::Timestamp", officer_id, unit_id, role, purpose, action, subject_kind, subject_id,
                  division, refused, before, after
           FROM journal_entry
           WHERE seq < $1 AND ($2::uuid IS NULL OR subject_id = $2) AND ($3::uuid IS NULL OR officer_id = $3)
             AND ($4::text IS NULL OR action = $4)
           ORDER BY seq DESC LIMIT $5"#,
        before.unwrap_or(i64::MAX),
        filter.subject,
        filter.officer.map(OfficerId::uuid),
        filter.action,
        i64::from(size),
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(JournalEntry {
                seq: row.seq,
                at: row.at.to_jiff(),
                officer: OfficerId::from_uuid(row.officer_id),
                unit: UnitId::from_uuid(row.unit_id),
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
