//! Reading the journal.

use kernel::journal::Subject;
use kernel::roles::Action;
use store::journal::{JournalEntry, JournalFilter};
use store::work::Work;

use super::case_error::{CaseError, allowed};

/// A page of the journal, the latest entry first.
///
/// # Errors
/// [`CaseError::NotFound`] for a role that reads no journal.
pub async fn journal(
    work: &mut Work,
    filter: &JournalFilter,
    before: Option<i64>,
    size: u16,
) -> Result<Vec<JournalEntry>, CaseError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ReadJournal, "registry.journal_refused", unit).await?;
    Ok(store::journal::journal(work, filter, before, size).await?)
}
