//! Stating anew what an application states.

use domain::applications::{Applicant, Stage, Stated};
use domain::registry::edit;
use kernel::ids::ApplicationId;
use kernel::roles::Action;
use serde_json::{Map, Value};
use store::applications::{Application, Restated, stated};
use store::work::Work;

use super::draft::readable;
use super::error::{ApplicationError, Obstacle, fresh, held};
use super::grounds::read_for;

/// What is stated anew; what is left out stays.
#[derive(Clone, Default)]
pub struct Restatement {
    /// Fields of the child, as of an edit; null empties one.
    pub fields: Map<String, Value>,
    /// Who applies.
    pub applicant: Option<Applicant>,
    /// All the facts.
    pub facts: Option<Map<String, Value>>,
}

/// States an application anew, as the unit that deals with it; answers its new version.
///
/// # Errors
/// [`Obstacle::Fixed`] while a decision is proposed or once it is taken, and for a unit that does not deal with it;
/// [`Obstacle::HouseholdFixed`]; [`ApplicationError::Stale`].
pub async fn restate(
    work: &mut Work,
    id: ApplicationId,
    version: i32,
    next: &Restatement,
) -> Result<i32, ApplicationError> {
    let application = held(work, Action::HandleApplication, id).await?;
    changeable(work, &application)?;
    fresh(&application, version)?;
    let before = stated(work, id).await?;
    let today = work.store().clock().today();
    let child = edit(&before.child, &next.fields, today)?;
    let after = Stated {
        child: child.map_or_else(|| before.child.clone(), |child| child.after),
        applicant: next.applicant.clone().unwrap_or(before.applicant),
        facts: next.facts.clone().unwrap_or(before.facts),
    };
    readable(&after)?;
    read_for(application.matter, &after.facts)?;
    if before.child.household != after.child.household {
        return Err(Obstacle::HouseholdFixed.into());
    }
    let restated = Restated {
        application: &application,
        stated: &after,
    };
    work.apply(&restated).await?;
    Ok(version + 1)
}

/// Whether the officer's unit deals with it, and nobody has proposed on its facts yet.
pub(super) fn changeable(work: &Work, application: &Application) -> Result<(), ApplicationError> {
    let case = &application.case;
    let is_ours = case.owner() == Some(work.unit()) && case.is_here();
    let open = match application.case.stage {
        Stage::Draft
        | Stage::Submitted
        | Stage::Noticed
        | Stage::Resubmitted
        | Stage::Accepted
        | Stage::Forwarded
        | Stage::Verified
        | Stage::NotVerified
        | Stage::Returned
        | Stage::Objected => true,
        Stage::Proposed
        | Stage::Confirmed
        | Stage::Refused
        | Stage::Told
        | Stage::Closed
        | Stage::Withdrawn => false,
    };
    match is_ours && open {
        true => Ok(()),
        false => Err(Obstacle::Fixed.into()),
    }
}
