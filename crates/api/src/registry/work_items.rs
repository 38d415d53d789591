//! `GET /api/registry/work-items`, `POST …/{id}/reveal` and `POST …/{id}/clear`: what waits for an officer.

use kernel::ids::{ChildId, WorkItemId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::registry::{WaitingItem, WorkItemFilter};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::{problem, purpose};
use crate::operation::{Answer, Asked, At, Caller, Cursor, Done, Operation, Page, PageSize, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("registry.work_items", "/api/registry/work-items")
            .needs(Action::ClearWorkItem)
            .summary("List the work items within reach, the oldest first")
            .handled_by(list),
        Operation::post("registry.show_cell", "/api/registry/work-items/{id}/reveal")
            .needs(Action::ClearWorkItem)
            .summary(
                "Show what the office wrote where a work item was opened, which the journal keeps",
            )
            .answers_problems(&[Kind::Conflict, Kind::Reauthenticate])
            .handled_by(show_cell),
        Operation::post("registry.clear", "/api/registry/work-items/{id}/clear")
            .needs(Action::ClearWorkItem)
            .summary("Clear a work item that is settled")
            .answers_problems(&[Kind::Conflict, Kind::Stale])
            .handled_by(clear),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WantedItems {
    /// Those of this code.
    code: Option<String>,
    /// Those of this child.
    child: Option<Uuid>,
    /// Those that are cleared, instead of those that wait.
    cleared: Option<bool>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200 [default: 50].
    limit: Option<u16>,
}

/// Something to clear.
#[derive(Serialize, ToSchema)]
struct WorkItemRow {
    id: Uuid,
    /// The division it belongs to, as its code.
    division: i64,
    child: Option<Uuid>,
    child_name: Option<String>,
    /// The ledger it came from, and its row there.
    ledger: Option<Uuid>,
    row: Option<i32>,
    /// What is wrong, by its code.
    code: String,
    /// The field in doubt.
    field: Option<String>,
    opened_at: jiff::Timestamp,
    cleared_at: Option<jiff::Timestamp>,
}

impl WorkItemRow {
    fn of(item: WaitingItem) -> Self {
        Self {
            id: item.id.uuid(),
            division: item.division.code(),
            child: item.child.map(ChildId::uuid),
            child_name: item.child_name,
            ledger: item.ledger.map(|ledger| ledger.uuid()),
            row: item.row,
            code: item.code,
            field: item.field,
            opened_at: item.opened_at,
            cleared_at: item.cleared_at,
        }
    }
}

async fn list(
    caller: Caller,
    Asked(wanted): Asked<WantedItems>,
) -> Result<Answer<Page<WorkItemRow>>, Problem> {
    let size = PageSize::of(wanted.limit)?;
    let after = wanted.cursor.as_deref().map(Cursor::read::<WorkItemId>);
    let after = after.transpose()?;
    let filter = WorkItemFilter {
        code: wanted.code.filter(|code| !code.contains('\0')),
        child: wanted.child.map(ChildId::from_uuid),
        cleared: wanted.cleared.unwrap_or(false),
    };
    let mut work = caller.work().await?;
    let asked = u16::try_from(size).unwrap_or(u16::MAX);
    let items = app::registry::waiting(&mut work, &filter, after, asked).await;
    let items = items.map_err(problem)?;
    work.commit().await?;
    let next = match items.last() {
        Some(last) if items.len() == size => Some(Cursor::write(&last.id)),
        _ => None,
    };
    let items = items.into_iter().map(WorkItemRow::of).collect();
    Ok(Answer(Page { items, next }))
}

async fn clear(caller: Caller, At(item): At<WorkItemId>) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    app::registry::clear(&mut work, item)
        .await
        .map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}

/// What a cell is shown for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CellWanted {
    /// 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    purpose: String,
}

/// A cell as the office wrote it, or the whole row.
#[derive(Serialize, ToSchema)]
struct CellView {
    value: String,
}

async fn show_cell(
    caller: Caller,
    At(item): At<WorkItemId>,
    Sent(wanted): Sent<CellWanted>,
) -> Result<Answer<CellView>, Problem> {
    let work = caller.begin(purpose(&wanted.purpose)?).await?;
    let mut work = caller.proved(work).await?;
    let value = app::registry::show_cell(&mut work, item).await;
    let value = value.map_err(problem)?;
    work.commit().await?;
    Ok(Answer(CellView { value }))
}
