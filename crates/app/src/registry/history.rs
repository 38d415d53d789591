//! Reading the history of a child's file.

use kernel::ids::ChildId;
use kernel::roles::Action;
use store::registry::{HistoryEntry, HistoryKind, Shown, ShownPart};
use store::work::Work;

use super::case_error::{CaseError, file_for};

/// A page of what the journal knows of a file, the latest entry first; the journal learns of this look as well.
///
/// # Errors
/// [`CaseError::NotFound`] for a child that does not exist or is not the officer's to see.
pub async fn history(
    work: &mut Work,
    child: ChildId,
    kind: HistoryKind,
    before: Option<i64>,
    size: u16,
) -> Result<Vec<HistoryEntry>, CaseError> {
    let file = file_for(work, Action::ReadHistory, child).await?;
    let entries = store::registry::history(work, child, kind, before, size).await?;
    let what = ShownPart::History;
    work.apply(&Shown { file: &file, what }).await?;
    Ok(entries)
}
