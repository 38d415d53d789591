//! What the journal knows of one child's file, for whoever may open it.
//!
//! **Invariant.** Who sees the file is the database's to say: `auth.history_of` answers nothing about any other.

use jiff::Timestamp;
use kernel::ids::ChildId;
use serde_json::Value;

use crate::error::StoreError;
use crate::work::Work;

/// Which entries of a file's history are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryKind {
    /// What changed.
    Changes,
    /// Who looked, or was refused a look.
    Looks,
    /// Everything.
    All,
}

/// An entry about a file, with who did it in words.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    /// Its number; later entries have greater ones.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who; without a name where there is no such officer any more.
    pub officer: Option<String>,
    /// In which unit.
    pub unit: Option<String>,
    /// In which role, by its code.
    pub role: String,
    /// What for.
    pub purpose: String,
    /// What was done, by its code.
    pub action: String,
    /// To what: the child itself, a file joined to it, or something to be cleared of it.
    pub subject_kind: String,
    /// Whether it was refused.
    pub refused: bool,
    /// The changed fields as they were.
    pub before: Option<Value>,
    /// The changed fields as they are.
    pub after: Option<Value>,
}

/// The entries about a child before number `before`, the latest first, up to `size`.
///
/// # Errors
/// When the database does not answer.
pub async fn history(
    work: &mut Work,
    child: ChildId,
    kind: HistoryKind,
    before: Option<i64>,
    size: u16,
) -> Result<Vec<HistoryEntry>, StoreError> {
    let looks = match kind {
        HistoryKind::Changes => Some(false),
        HistoryKind::Looks => Some(true),
        HistoryKind::All => None,
    };
    let rows = sqlx::query!(
        r#"SELECT seq AS "seq!", at AS "at!: jiff_sqlx::Timestamp", officer_name, unit_name, role AS "role!", purpose AS "purpose!",
                  action AS "action!", subject_kind AS "subject_kind!", refused AS "refused!", before, after
           FROM auth.history_of($1, $2, $3, $4)"#,
        child.uuid(),
        before.unwrap_or(i64::MAX),
        looks,
        i32::from(size),
    )
    .fetch_all(work.conn())
    .await?;
    let entries = rows.into_iter().map(|row| HistoryEntry {
        seq: row.seq,
        at: row.at.to_jiff(),
        officer: row.officer_name,
        unit: row.unit_name,
        role: row.role,
        purpose: row.purpose,
        action: row.action,
        subject_kind: row.subject_kind,
        refused: row.refused,
        before: row.before,
        after: row.after,
    });
    Ok(entries.collect())
}
