//! `POST /api/applications/{id}/proposal`, `…/decision`, `…/named` and `…/national`: what the county's bureau does.

use app::applications::Asked;
use domain::applications::{Duty, Outcome};
use jiff::civil::Date;
use kernel::ids::{ApplicationId, OfficerId};
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use super::step::{act, take};
use crate::operation::{At, Caller, Done, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("applications.propose", "/api/applications/{id}/proposal")
            .needs(Action::ProposeDecision)
            .summary("Propose a decision, or give the application back to be verified again")
            .answers_problems(&[Kind::Conflict, Kind::Stale, Kind::Invalid])
            .handled_by(propose),
        Operation::post("applications.decide", "/api/applications/{id}/decision")
            .needs(Action::DecideApplication)
            .summary("Confirm or refuse what another officer proposed, or give it back")
            .answers_problems(&[Kind::Conflict, Kind::Stale, Kind::Invalid])
            .handled_by(decide),
        Operation::post("applications.confide", "/api/applications/{id}/named")
            .needs(Action::SeeSealed)
            .summary("Let a colleague of the own unit know of a sealed application")
            .answers_problems(&[Kind::Conflict])
            .handled_by(confide),
        Operation::post(
            "applications.enter_nationally",
            "/api/applications/{id}/national",
        )
        .needs(Action::ProposeDecision)
        .summary("Note when the latest decision was entered in the national system")
        .answers_problems(&[Kind::Conflict, Kind::Stale])
        .handled_by(enter_nationally),
    ]
}

/// What is proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProposalEntry {
    /// The version that was read.
    version: i32,
    /// `propose`, or `return` to have it verified again.
    act: String,
    /// What is proposed: `grant` or `refuse`.
    outcome: Option<String>,
    /// Why; needed for `return`. At most 1000 characters.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

async fn propose(
    caller: Caller,
    At(id): At<ApplicationId>,
    Sent(sent): Sent<ProposalEntry>,
) -> Result<Done, Problem> {
    let invalid = || Problem::from(Kind::Invalid).with("field", "outcome");
    let outcome = sent.outcome.as_deref();
    let outcome = outcome.map(|code| Outcome::from_code(code).ok_or_else(invalid));
    let asked = Asked {
        act: act(&sent.act)?,
        duty: Duty::Proposes,
        version: sent.version,
        reason: sent.reason.as_deref(),
        outcome: outcome.transpose()?,
    };
    take(caller, id, &asked).await
}

/// What is decided.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecisionEntry {
    /// The version that was read.
    version: i32,
    /// `confirm refuse return`.
    act: String,
    /// Why; needed for `refuse` and `return`. At most 1000 characters.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

async fn decide(
    caller: Caller,
    At(id): At<ApplicationId>,
    Sent(sent): Sent<DecisionEntry>,
) -> Result<Done, Problem> {
    let asked = Asked {
        act: act(&sent.act)?,
        duty: Duty::Decides,
        version: sent.version,
        reason: sent.reason.as_deref(),
        outcome: None,
    };
    take(caller, id, &asked).await
}

/// Whom to let know.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NamedEntry {
    officer: Uuid,
}

async fn confide(
    caller: Caller,
    At(id): At<ApplicationId>,
    Sent(sent): Sent<NamedEntry>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let colleague = OfficerId::from_uuid(sent.officer);
    let named = app::applications::confide(&mut work, id, colleague).await;
    named.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}

/// When a decision was entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NationalEntry {
    /// The day of the decision or later, and not a day to come.
    on: Date,
}

async fn enter_nationally(
    caller: Caller,
    At(id): At<ApplicationId>,
    Sent(sent): Sent<NationalEntry>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let entered = app::applications::enter_nationally(&mut work, id, sent.on).await;
    entered.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
