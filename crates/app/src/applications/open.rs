//! Opening an application.

use domain::applications::{Act, Actor, Leg, Standing, Stated, TRANSITIONS, Term, step};
use kernel::ids::ApplicationId;
use kernel::roles::Action;
use serde_json::{Map, Value};
use store::applications::{
    Application, Decision, Paper, PaperShown, Step, decisions, papers, stated, steps,
};
use store::exchange::{Shared, shared};
use store::work::Work;

use super::error::{ApplicationError, seen};
use super::grounds::{Said, Weighed, papers as needed, weigh};
use super::recount::recount;
use super::terms::{calendar, term};

/// An application as an officer opens it.
#[derive(Debug)]
pub struct Opened {
    /// Where it stands.
    pub application: Application,
    /// How near its due day is.
    pub standing: Option<Standing>,
    /// The clocks of all its legs.
    pub terms: Vec<(Leg, Term)>,
    /// What it states.
    pub stated: Stated,
    /// What the rulebook says of that today.
    pub weighed: Weighed,
    /// The papers it needs.
    pub checklist: Vec<Said>,
    /// Its papers.
    pub papers: Vec<Paper>,
    /// Its history, the earliest step first.
    pub steps: Vec<Step>,
    /// The decisions on it, the latest first.
    pub decisions: Vec<Decision>,
    /// What this officer may do with it now.
    pub may: Vec<Act>,
    /// The other installation that shares it, from the forwarding on.
    pub shared: Option<Shared>,
}

/// Opens an application for the purpose of the work; the journal has it before the officer does.
///
/// # Errors
/// [`ApplicationError::NotFound`].
pub async fn open(work: &mut Work, id: ApplicationId) -> Result<Opened, ApplicationError> {
    recount(work, calendar()).await?;
    let application = seen(work, Action::ViewApplications, id).await?;
    let shown = PaperShown {
        application: &application,
        paper: None,
    };
    work.apply(&shown).await?;
    let today = work.store().clock().today();
    let stated = stated(work, id).await?;
    let (path, category) = (application.path, application.matter.category());
    let terms = Leg::ALL
        .into_iter()
        .map(|leg| {
            Ok((
                leg,
                term(path, category, application.household, leg, today)?,
            ))
        })
        .collect::<Result<_, ApplicationError>>()?;
    let clock = application.case.clock.as_ref();
    Ok(Opened {
        standing: clock.map(|clock| clock.standing(today, calendar())),
        terms,
        weighed: weigh(application.matter, &stated, today)?,
        checklist: needed(application.matter, &stated, today)?,
        stated,
        papers: papers(work, id).await?,
        steps: steps(work, id).await?,
        decisions: decisions(work, id).await?,
        may: acts(work, &application),
        shared: shared(work, id).await?,
        application,
    })
}

/// What the rules make of facts that are not saved yet.
///
/// # Errors
/// [`ApplicationError::NotFound`], [`ApplicationError::Edit`].
pub async fn try_facts(
    work: &mut Work,
    id: ApplicationId,
    facts: Map<String, Value>,
) -> Result<Weighed, ApplicationError> {
    let application = seen(work, Action::ViewApplications, id).await?;
    let stated = Stated {
        facts,
        ..stated(work, id).await?
    };
    let today = work.store().clock().today();
    weigh(application.matter, &stated, today)
}

/// What the officer may do, as far as stage, unit, duty and the three people say.
fn acts(work: &Work, application: &Application) -> Vec<Act> {
    let actor = Actor {
        officer: work.officer(),
        role: work.role(),
        unit: work.unit(),
    };
    let today = work.store().clock().today();
    let mut acts: Vec<Act> = TRANSITIONS
        .iter()
        .filter(|row| row.from == application.case.stage)
        .map(|row| row.act)
        .filter(|act| step(&application.case, *act, &actor, today).is_ok())
        .collect();
    acts.dedup();
    acts
}
