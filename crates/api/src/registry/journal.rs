//! `GET /api/registry/journal`: who did what, to what, and for what purpose.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::clock::begins;
use kernel::ids::OfficerId;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::journal::{JournalEntry, JournalFilter};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{Answer, Asked, Caller, Cursor, Operation, Page, PageSize};
use crate::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::get("registry.journal", "/api/registry/journal")
        .needs(Action::ReadJournal)
        .summary("Read the journal, the latest entry first")
        .handled_by(journal)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WantedEntries {
    /// Those about this subject.
    subject: Option<Uuid>,
    /// Those of this officer.
    officer: Option<Uuid>,
    /// Those of this action, by its code.
    action: Option<String>,
    /// Those about the child of this file number.
    file_number: Option<String>,
    /// Those whose purpose holds this text.
    purpose: Option<String>,
    /// Those of this day or later.
    first: Option<Date>,
    /// Those of this day or earlier.
    last: Option<Date>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200 [default: 50].
    limit: Option<u16>,
}

/// An entry of the journal.
#[derive(Serialize, ToSchema)]
struct JournalRow {
    seq: i64,
    at: jiff::Timestamp,
    officer: Uuid,
    /// The officer's name, where the reader sees the officer.
    officer_name: Option<String>,
    unit: Uuid,
    unit_name: Option<String>,
    role: String,
    purpose: String,
    action: String,
    subject_kind: String,
    subject: Uuid,
    division: Option<i64>,
    refused: bool,
    /// The changed fields as they were; a secret is only ever `changed`.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// The changed fields as they are.
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
}

impl JournalRow {
    fn of(entry: JournalEntry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            officer: entry.officer.uuid(),
            officer_name: entry.officer_name,
            unit: entry.unit.uuid(),
            unit_name: entry.unit_name,
            role: entry.role,
            purpose: entry.purpose,
            action: entry.action,
            subject_kind: entry.subject_kind,
            subject: entry.subject,
            division: entry.division.map(|division| division.code()),
            refused: entry.refused,
            before: entry.before,
            after: entry.after,
        }
    }
}

/// What is typed, without what the database takes in no text.
fn text(typed: Option<String>) -> Option<String> {
    let typed = typed.map(|text| text.trim().to_owned());
    typed.filter(|text| !text.is_empty() && !text.contains('\0'))
}

async fn journal(
    caller: Caller,
    Asked(wanted): Asked<WantedEntries>,
) -> Result<Answer<Page<JournalRow>>, Problem> {
    let size = PageSize::of(wanted.limit)?;
    let before = wanted.cursor.as_deref().map(Cursor::read::<i64>);
    let filter = JournalFilter {
        subject: wanted.subject,
        officer: wanted.officer.map(OfficerId::from_uuid),
        action: text(wanted.action),
        file_number: text(wanted.file_number),
        purpose: text(wanted.purpose),
        from: wanted.first.map(begins),
        until: wanted.last.map(|day| begins(day.saturating_add(1.day()))),
    };
    let mut work = caller.work().await?;
    let asked = u16::try_from(size).unwrap_or(u16::MAX);
    let entries = app::registry::journal(&mut work, &filter, before.transpose()?, asked).await;
    let entries = entries.map_err(problem)?;
    work.commit().await?;
    let next = match entries.last() {
        Some(last) if entries.len() == size => Some(Cursor::write(&last.seq)),
        _ => None,
    };
    let items = entries.into_iter().map(JournalRow::of).collect();
    Ok(Answer(Page { items, next }))
}
