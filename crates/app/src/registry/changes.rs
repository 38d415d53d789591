//! What changed in the figures between two days, so that a difference can be explained.
//!
//! Both days go by where children's households are on file now: a move changes the figures of past days with it, and is no
//! change between two days.

use jiff::civil::Date;
use kernel::division::Division;
use kernel::journal::Subject;
use kernel::roles::Action;
use store::registry::ClassChange;
use store::work::Work;

use super::case_error::{CaseError, Hindrance, allowed};

/// The changes within a division from the first day to the last, class by class.
///
/// # Errors
/// [`Hindrance::Days`] for days to come or in the wrong order.
pub async fn changes(
    work: &mut Work,
    within: Division,
    (first, last): (Date, Date),
) -> Result<Vec<ClassChange>, CaseError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ReadFigures, "registry.changes_refused", unit).await?;
    if first > last || last > work.store().clock().today() {
        return Err(Hindrance::Days.into());
    }
    Ok(store::registry::changes(work, within, (first, last)).await?)
}
