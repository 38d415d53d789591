//! What waits for an officer, and what passes through the unit.

use domain::applications::{Act, Stage, Standing, TRANSITIONS};
use kernel::ids::ChildId;
use kernel::journal::Subject;
use kernel::roles::{Action, Role};
use store::applications::{
    Application, InboxFilter, InboxTally, ListedUpTo, inbox as list, tally as count,
};
use store::work::Work;

use super::error::{ApplicationError, allowed};
use super::recount::recount;
use super::terms::calendar;

/// Which of the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxBox {
    /// What this post of this unit has to do.
    Mine,
    /// What is late at a unit below.
    Escalated,
    /// What passes through this unit, or did.
    Ours,
    /// What is due by weekdays alone, beyond the last published calendar.
    Provisional,
    /// Decided by this unit and not entered in the national system.
    Unentered,
    /// Everything within reach.
    All,
    /// Everything within reach of this child, closed ones included.
    Of(ChildId),
}

/// An application in a list, and how near it is.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The application.
    pub application: Application,
    /// How near its due day is; none where no clock runs.
    pub standing: Option<Standing>,
}

/// A page of a list, the nearest due first.
///
/// # Errors
/// [`ApplicationError::NotFound`] for a role that sees no applications.
pub async fn inbox(
    work: &mut Work,
    which: InboxBox,
    after: ListedUpTo,
    size: u16,
) -> Result<Vec<Waiting>, ApplicationError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ViewApplications, unit).await?;
    recount(work, calendar()).await?;
    let today = work.store().clock().today();
    let mut filter = InboxFilter::default();
    match which {
        InboxBox::Mine => {
            filter.owner = Some(work.unit());
            filter.stages = Some(stages_of(work.role()));
        }
        InboxBox::Escalated => filter.escalated = Some((work.unit(), today)),
        InboxBox::Ours => filter.through = Some(work.unit()),
        InboxBox::Provisional => filter.provisional = true,
        InboxBox::Unentered => filter.unentered = Some(work.unit()),
        InboxBox::All => {}
        InboxBox::Of(child) => filter.child = Some(child),
    }
    let found = list(work, &filter, after, size).await?;
    let waiting = |application: Application| Waiting {
        standing: application
            .case
            .clock
            .as_ref()
            .map(|clock| clock.standing(today, calendar())),
        application,
    };
    Ok(found.into_iter().map(waiting).collect())
}

/// How many wait for this post, and how many of them are late or nearly so.
///
/// # Errors
/// [`ApplicationError::NotFound`] for a role that sees no applications.
pub async fn tally(work: &mut Work) -> Result<InboxTally, ApplicationError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ViewApplications, unit).await?;
    let today = work.store().clock().today();
    // Beyond the calendar the list itself shows how near a day is.
    let soon = calendar().add(today, 2).map_or(today, |due| due.on);
    let (owner, stages) = (work.unit(), stages_of(work.role()));
    Ok(count(work, owner, &stages, (today, soon)).await?)
}

/// The stages at which a role has something to do besides noting a withdrawal.
fn stages_of(role: Role) -> Vec<Stage> {
    let has = |stage: &Stage| {
        TRANSITIONS.iter().any(|row| {
            row.from == *stage
                && row.act != Act::Withdraw
                && row.duty.is_of(role)
                && stage.owner() == Some(row.by)
        })
    };
    Stage::ALL.into_iter().filter(has).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_post_has_its_own_part_of_the_inbox() {
        assert_eq!(stages_of(Role::CountyApprover), [Stage::Proposed]);
        let officers = stages_of(Role::CountyOfficer);
        assert!(officers.contains(&Stage::Returned) && !officers.contains(&Stage::Proposed));
        assert!(stages_of(Role::ChildSupervisor).contains(&Stage::Forwarded));
        assert!(stages_of(Role::CityOfficer).is_empty());
    }
}
