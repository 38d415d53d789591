//! The list of children who reached a limit, and what an officer found.

use domain::registry::{EditError, Standing, holds_number, standing};
use jiff::civil::Date;
use kernel::ids::LimitId;
use kernel::journal::Subject;
use kernel::roles::Action;
use store::applications::{Limit, LimitSettled, limits as listed};
use store::work::Work;

use super::error::{ApplicationError, Obstacle, REFUSED, allowed};
use super::terms::calendar;

/// A limit that waits, and how near it is.
#[derive(Debug, Clone)]
pub struct Reached {
    /// The limit.
    pub limit: Limit,
    /// How its day stands today.
    pub standing: Standing,
}

/// The limits within reach that wait for an officer, after one of a day, the first to be reached first.
///
/// # Errors
/// [`ApplicationError::NotFound`] for a role that sees no applications.
pub async fn limits(
    work: &mut Work,
    after: Option<(Date, LimitId)>,
    size: u16,
) -> Result<Vec<Reached>, ApplicationError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ViewApplications, unit).await?;
    let today = work.store().clock().today();
    let found = listed(work, None, after, size).await?;
    let reached = |limit: Limit| Reached {
        standing: standing(limit.on, today, calendar()),
        limit,
    };
    Ok(found.into_iter().map(reached).collect())
}

/// Settles a limit: an officer looked, and says what was found. A status is ended or changed by an application, never
/// by this.
///
/// # Errors
/// [`Obstacle::Reason`], [`Obstacle::LimitSettled`]; [`ApplicationError::Edit`] for a note with a resident id in it.
pub async fn settle_limit(
    work: &mut Work,
    id: LimitId,
    note: &str,
) -> Result<(), ApplicationError> {
    let subject = Subject::new("limit", id.uuid());
    allowed(work, Action::HandleApplication, subject).await?;
    let note = note.trim();
    if note.is_empty() || note.chars().count() > 1000 {
        return Err(Obstacle::Reason.into());
    }
    if holds_number(note) {
        return Err(EditError::Misfit("note").into());
    }
    let Some(limit) = listed(work, Some(id), None, 1).await?.pop() else {
        work.refuse(REFUSED, subject).await?;
        return Err(ApplicationError::NotFound);
    };
    if limit.settled {
        return Err(Obstacle::LimitSettled.into());
    }
    let limit = &limit;
    Ok(work.apply(&LimitSettled { limit, note }).await?)
}
