//! `POST /api/applications/{id}/steps`: what the window does, from the submission to the last day.

use app::applications::Asked;
use domain::applications::{Act, Duty};
use kernel::ids::ApplicationId;
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::problem;
use crate::operation::{At, Caller, Done, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("applications.step", "/api/applications/{id}/steps")
            .needs(Action::HandleApplication)
            .summary("Take a step of the window: submit, notice, accept, forward, verify, tell, close, …")
            .answers_problems(&[Kind::Conflict, Kind::Stale, Kind::Invalid])
            .handled_by(step),
    ]
}

/// A step to take.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StepEntry {
    /// The version that was read.
    version: i32,
    /// `submit notice resubmit accept forward verify doubt tell object close withdraw`.
    act: String,
    /// Why, for `notice doubt object withdraw`; at most 1000 characters.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

async fn step(
    caller: Caller,
    At(id): At<ApplicationId>,
    Sent(sent): Sent<StepEntry>,
) -> Result<Done, Problem> {
    let asked = Asked {
        act: act(&sent.act)?,
        duty: Duty::Handles,
        version: sent.version,
        reason: sent.reason.as_deref(),
        outcome: None,
    };
    take(caller, id, &asked).await
}

/// An act by its code, or a problem that names the field.
pub(super) fn act(code: &str) -> Result<Act, Problem> {
    Act::from_code(code).ok_or_else(|| Problem::from(Kind::Invalid).with("field", "act"))
}

pub(super) async fn take(
    caller: Caller,
    id: ApplicationId,
    asked: &Asked<'_>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let taken = app::applications::step(&mut work, id, asked).await;
    taken.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
