//! `GET /api/registry/children/{id}/history`: who changed a child's file, and who opened it.

use kernel::ids::ChildId;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::registry::{HistoryEntry, HistoryKind};
use utoipa::{IntoParams, ToSchema};

use super::problem::{invalid, problem, purpose};
use crate::operation::{Answer, Asked, At, Caller, Cursor, Operation, Page, PageSize};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::get("registry.history", "/api/registry/children/{id}/history")
        .needs(Action::ReadHistory)
        .summary("Read who changed and who opened a child's file, the latest first, which the journal keeps")
        .answers_problems(&[Kind::Conflict, Kind::Invalid])
        .handled_by(history)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct HistoryWanted {
    /// What the file is open for, 1 to 200 characters.
    #[param(min_length = 1, max_length = 200)]
    purpose: String,
    /// `changes`, `looks` or `all` [default: `changes`].
    kind: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200 [default: 50].
    limit: Option<u16>,
}

/// An entry about a child's file.
#[derive(Serialize, ToSchema)]
struct HistoryRow {
    seq: i64,
    at: jiff::Timestamp,
    /// Who did it, by name.
    officer: Option<String>,
    /// In which unit, by name.
    unit: Option<String>,
    role: String,
    purpose: String,
    action: String,
    /// `child`, or `work_item` for something to be cleared of it.
    subject_kind: String,
    refused: bool,
    /// The changed fields as they were; a secret is only ever `changed`.
    #[schema(value_type = Option<Object>)]
    before: Option<Value>,
    /// The changed fields as they are.
    #[schema(value_type = Option<Object>)]
    after: Option<Value>,
}

impl HistoryRow {
    fn of(entry: HistoryEntry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            officer: entry.officer,
            unit: entry.unit,
            role: entry.role,
            purpose: entry.purpose,
            action: entry.action,
            subject_kind: entry.subject_kind,
            refused: entry.refused,
            before: entry.before,
            after: entry.after,
        }
    }
}

fn kind_of(code: Option<&str>) -> Result<HistoryKind, Problem> {
    match code {
        None | Some("changes") => Ok(HistoryKind::Changes),
        Some("looks") => Ok(HistoryKind::Looks),
        Some("all") => Ok(HistoryKind::All),
        Some(_) => Err(invalid("kind")),
    }
}

async fn history(
    caller: Caller,
    At(child): At<ChildId>,
    Asked(wanted): Asked<HistoryWanted>,
) -> Result<Answer<Page<HistoryRow>>, Problem> {
    let size = PageSize::of(wanted.limit)?;
    let kind = kind_of(wanted.kind.as_deref())?;
    let before = wanted.cursor.as_deref().map(Cursor::read::<i64>);
    let before = before.transpose()?;
    let mut work = caller.begin(purpose(&wanted.purpose)?).await?;
    let asked = u16::try_from(size).unwrap_or(u16::MAX);
    let entries = app::registry::history(&mut work, child, kind, before, asked).await;
    let entries = entries.map_err(problem)?;
    work.commit().await?;
    let next = match entries.last() {
        Some(last) if entries.len() == size => Some(Cursor::write(&last.seq)),
        _ => None,
    };
    let items = entries.into_iter().map(HistoryRow::of).collect();
    Ok(Answer(Page { items, next }))
}
