//! What waits for an officer: the work items.

use kernel::ids::WorkItemId;
use kernel::journal::Subject;
use kernel::roles::Action;
use store::registry::{
    WaitingItem, WorkItemCleared, WorkItemFilter, WorkItemShown, work_item, work_item_cell,
    work_items,
};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, allowed};

/// The work items within reach, the oldest first.
///
/// # Errors
/// [`CaseError::NotFound`] for a role that clears none.
pub async fn waiting(
    work: &mut Work,
    filter: &WorkItemFilter,
    after: Option<WorkItemId>,
    size: u16,
) -> Result<Vec<WaitingItem>, CaseError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(
        work,
        Action::ClearWorkItem,
        "registry.work_items_refused",
        unit,
    )
    .await?;
    Ok(work_items(work, filter, after, size).await?)
}

/// Shows what the office wrote where a work item was opened, for the purpose of the work; the journal has it before
/// the officer does.
///
/// # Errors
/// [`CaseError::NotFound`] also for an item that is about no cell.
pub async fn show_cell(work: &mut Work, id: WorkItemId) -> Result<String, CaseError> {
    let subject = Subject::new("work_item", id.uuid());
    for action in [Action::ClearWorkItem, Action::RevealSecret] {
        allowed(work, action, "registry.work_item_refused", subject).await?;
    }
    let item = work_item(work, id).await?;
    let cell = work_item_cell(work, id).await?;
    work.apply(&WorkItemShown(&item)).await?;
    Ok(cell)
}

/// Clears a work item.
///
/// # Errors
/// [`Hindrance::Ended`] for one that is cleared already.
pub async fn clear(work: &mut Work, id: WorkItemId) -> Result<(), CaseError> {
    let subject = Subject::new("work_item", id.uuid());
    allowed(
        work,
        Action::ClearWorkItem,
        "registry.work_item_refused",
        subject,
    )
    .await?;
    let item = work_item(work, id).await?;
    if item.cleared_at.is_some() {
        return Err(Hindrance::Ended.into());
    }
    Ok(work.apply(&WorkItemCleared(&item)).await?)
}
