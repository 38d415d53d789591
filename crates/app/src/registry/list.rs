//! Listing and searching children within reach.

use kernel::journal::Subject;
use kernel::roles::Action;
use store::registry::{Found, ListFilter, Listed, ListedUpTo};
use store::work::Work;

use super::case_error::{CaseError, allowed};

fn everybody(work: &Work) -> Subject {
    Subject::new("unit", work.unit().uuid())
}

/// A page of the children within reach.
///
/// # Errors
/// [`CaseError::NotFound`] for a role that searches no children.
pub async fn list(
    work: &mut Work,
    filter: &ListFilter,
    after: Option<ListedUpTo>,
    size: u16,
) -> Result<Vec<Listed>, CaseError> {
    let unit = everybody(work);
    allowed(work, Action::SearchChildren, "registry.list_refused", unit).await?;
    Ok(store::registry::list(work, filter, after, size).await?)
}

/// The children a text finds: characters, pinyin or initials of the name, a resident id, or a file number.
///
/// # Errors
/// As [`list`].
pub async fn search(work: &mut Work, text: &str) -> Result<Vec<Found>, CaseError> {
    let unit = everybody(work);
    allowed(
        work,
        Action::SearchChildren,
        "registry.search_refused",
        unit,
    )
    .await?;
    Ok(store::registry::search(work, text).await?)
}
