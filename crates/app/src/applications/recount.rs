//! Provisional due days, counted once more when the year's calendar has come out.

use domain::applications::recounted;
use kernel::calendar::WorkCalendar;
use store::applications::{Recounted, application, provisional};
use store::work::Work;

use super::error::ApplicationError;

/// Counts the provisional clocks within reach by this calendar, and answers how many it settled. Nobody is shown a
/// provisional day that could be known, since lists and pages are drawn after this.
///
/// # Errors
/// When the database does not answer, or somebody else moved an application meanwhile.
pub async fn recount(work: &mut Work, calendar: &WorkCalendar) -> Result<usize, ApplicationError> {
    let mut settled = 0;
    for id in provisional(work).await? {
        let Some(found) = application(work, id).await? else {
            continue;
        };
        let clock = found.case.clock.as_ref();
        if let Some(clock) = clock.and_then(|clock| recounted(clock, calendar)) {
            let change = Recounted {
                application: &found,
                clock: &clock,
            };
            work.apply(&change).await?;
            settled += 1;
        }
    }
    Ok(settled)
}
