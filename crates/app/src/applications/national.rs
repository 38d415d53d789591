//! Noting that a decision was entered in the national system, which the rules ask for at once.

use domain::applications::Body;
use jiff::civil::Date;
use kernel::ids::ApplicationId;
use kernel::roles::Action;
use store::applications::{DecisionEntered, decisions};
use store::work::Work;

use super::error::{ApplicationError, Obstacle, REFUSED, held, subject};

/// Notes the day on which the latest decision on an application was entered in the national system; a day that was noted
/// wrongly is noted again. The office that decides does it.
///
/// # Errors
/// [`Obstacle::NotTheOffice`] for an officer of another office, [`Obstacle::NoSuchDecision`] before a decision,
/// [`Obstacle::EntryDay`] for a day before it or to come.
pub async fn enter_nationally(
    work: &mut Work,
    id: ApplicationId,
    on: Date,
) -> Result<(), ApplicationError> {
    let application = held(work, Action::ProposeDecision, id).await?;
    if application.case.unit(Body::Deciding) != work.unit() {
        work.refuse(REFUSED, subject(id)).await?;
        return Err(Obstacle::NotTheOffice.into());
    }
    let decisions = decisions(work, id).await?;
    let decision = decisions.first().ok_or(Obstacle::NoSuchDecision)?;
    if on < decision.on || on > work.store().clock().today() {
        return Err(Obstacle::EntryDay.into());
    }
    let entered = DecisionEntered {
        application: &application,
        decision,
        on,
    };
    Ok(work.apply(&entered).await?)
}
