//! One step of an application, from the submission to the last day.

use domain::applications::{
    Act, Actor, Duty, Matter, Outcome, Running, StepError, Transition, deadline,
    step as decide_step,
};
use kernel::ids::{ApplicationId, StepId};
use kernel::roles::Action;
use store::applications::{Application, Stepped, stated};
use store::registry::files;
use store::work::Work;

use super::decide::{granted, refused};
use super::error::{ApplicationError, Obstacle, REFUSED, fresh, held, subject};
use super::grounds::weigh;
use super::terms::{calendar, term};
use crate::exchange::exchanged;

/// What an officer asks to be done.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What.
    pub act: Act,
    /// As which part of the work: who proposes does not decide under the same name.
    pub duty: Duty,
    /// The version that was read.
    pub version: i32,
    /// Why.
    pub reason: Option<&'a str>,
    /// What a proposal says.
    pub outcome: Option<Outcome>,
}

/// The action a duty needs.
const fn action(duty: Duty) -> Action {
    match duty {
        Duty::Handles => Action::HandleApplication,
        Duty::Proposes => Action::ProposeDecision,
        Duty::Decides => Action::DecideApplication,
    }
}

/// Takes a step. Somebody who was quicker, or a withdrawal, shows as [`StepError::NotNow`].
///
/// # Errors
/// [`ApplicationError::Step`], [`Obstacle::Reason`], [`Obstacle::NoOutcome`], [`Obstacle::NoFile`],
/// [`Obstacle::NotByRules`], [`ApplicationError::Effect`], [`ApplicationError::Stale`]; [`ApplicationError::Peer`] and
/// [`ApplicationError::Envelope`] where it cannot be told to the installation that shares it.
pub async fn step(
    work: &mut Work,
    id: ApplicationId,
    asked: &Asked<'_>,
) -> Result<(), ApplicationError> {
    let application = held(work, action(asked.duty), id).await?;
    let row = match transition(work, &application, asked) {
        Ok(row) => row,
        Err(error) => {
            work.refuse(REFUSED, subject(id)).await?;
            return Err(error.into());
        }
    };
    fresh(&application, asked.version)?;
    let reason = reason(application.matter, asked)?;
    let outcome = match asked.act {
        Act::Propose => Some(asked.outcome.ok_or(Obstacle::NoOutcome)?),
        Act::Confirm => Some(Outcome::Grant),
        Act::Refuse => Some(Outcome::Refuse),
        _ => None,
    };
    let application = match asked.act {
        Act::Propose if outcome == Some(Outcome::Grant) => {
            fits(work, &application).await?;
            application
        }
        Act::Confirm => {
            fits(work, &application).await?;
            granted(work, application, reason).await?
        }
        Act::Refuse => {
            refused(work, &application, reason).await?;
            application
        }
        _ => application,
    };
    apply(work, &application, row, asked.act, reason, outcome).await
}

fn transition(
    work: &Work,
    application: &Application,
    asked: &Asked<'_>,
) -> Result<&'static Transition, StepError> {
    let actor = Actor {
        officer: work.officer(),
        role: work.role(),
        unit: work.unit(),
    };
    let today = work.store().clock().today();
    let row = decide_step(&application.case, asked.act, &actor, today)?;
    match row.duty == asked.duty {
        true => Ok(row),
        false => Err(StepError::NotThisDuty),
    }
}

/// The event that ends a class is in no fact, so whoever proposes the end says what it is.
fn reason<'a>(matter: Matter, asked: &Asked<'a>) -> Result<Option<&'a str>, Obstacle> {
    let reason = asked.reason.map(str::trim).filter(|text| !text.is_empty());
    let short = reason.is_none_or(|text| text.chars().count() <= 1000);
    let ends = matches!(matter, Matter::Termination { .. });
    let needs = asked.act.needs_reason() || asked.act == Act::Propose && ends;
    match short && (reason.is_some() || !needs) {
        true => Ok(reason),
        false => Err(Obstacle::Reason),
    }
}

/// What is granted is on file, for the child that is stated, and is, by the rules and the facts stated, what is applied for.
async fn fits(work: &mut Work, application: &Application) -> Result<(), ApplicationError> {
    if application.child.is_none() && !application.is_sealed() {
        return Err(Obstacle::NoFile.into());
    }
    let stated = stated(work, application.id).await?;
    if let Some(child) = application.child {
        let file = files(work, &[child]).await?.pop();
        if !stated.is_of(&file.ok_or(ApplicationError::NotFound)?.facts) {
            return Err(Obstacle::AnotherChild.into());
        }
    }
    let today = work.store().clock().today();
    match weigh(application.matter, &stated, today)?.fits {
        true => Ok(()),
        false => Err(Obstacle::NotByRules.into()),
    }
}

async fn apply(
    work: &mut Work,
    application: &Application,
    row: &Transition,
    act: Act,
    reason: Option<&str>,
    outcome: Option<Outcome>,
) -> Result<(), ApplicationError> {
    let today = work.store().clock().today();
    let (path, category) = (application.path, application.matter.category());
    let clock = match row.running {
        Running::Starts(leg) => {
            let term = term(path, category, application.household, leg, today)?;
            Some(deadline(leg, &term, today, calendar()))
        }
        Running::Continues => application.case.clock.clone(),
        Running::Stops => None,
    };
    let decides = matches!(act, Act::Confirm | Act::Refuse);
    let hands = application.case.hands;
    let stepped = Stepped {
        id: StepId::generate(work.now(), work.store().entropy()),
        application,
        act,
        to: row.to,
        unit: work.unit(),
        hands: hands.after(act, work.officer(), outcome.unwrap_or(Outcome::Refuse)),
        decides,
        decided: match decides {
            true => outcome,
            false => application.case.decided,
        },
        clock: clock.as_ref(),
        reason,
        outcome,
    };
    work.apply(&stepped).await?;
    exchanged(work, application, act, row.to, reason).await
}
