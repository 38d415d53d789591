//! `GET /api/applications/{id}`: an application, opened for a stated purpose.

use kernel::ids::ApplicationId;
use kernel::roles::Action;
use serde::Deserialize;
use serde_json::{Map, Value};
use store::organisation::place_names;
use utoipa::ToSchema;

use super::problem::problem;
use super::view::{ApplicationView, WeighedView};
use crate::operation::{Answer, Asked, At, Caller, Operation, Sent};
use crate::problem::{Kind, Problem};
use crate::registry::{Opening, purpose};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("applications.open", "/api/applications/{id}")
            .needs(Action::ViewApplications)
            .summary("Open an application for a stated purpose, which the journal keeps")
            .answers_problems(&[Kind::Invalid, Kind::Conflict, Kind::Stale])
            .handled_by(open),
        // Facts are personal, hence a body.
        Operation::post("applications.weigh", "/api/applications/{id}/weighing")
            .needs(Action::ViewApplications)
            .summary("Say what the rules make of facts that are not saved yet")
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(weigh),
    ]
}

/// Facts that are not saved yet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FactsTried {
    /// As of an application.
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
}

async fn weigh(
    caller: Caller,
    At(id): At<ApplicationId>,
    Sent(sent): Sent<FactsTried>,
) -> Result<Answer<WeighedView>, Problem> {
    let mut work = caller.work().await?;
    let weighed = app::applications::try_facts(&mut work, id, sent.facts).await;
    let weighed = weighed.map_err(problem)?;
    work.commit().await?;
    Ok(Answer(WeighedView::of(weighed)))
}

async fn open(
    caller: Caller,
    At(id): At<ApplicationId>,
    Asked(opening): Asked<Opening>,
) -> Result<Answer<ApplicationView>, Problem> {
    let mut work = caller.begin(purpose(&opening.purpose)?).await?;
    let opened = app::applications::open(&mut work, id).await;
    let opened = opened.map_err(problem)?;
    let names = place_names(&mut work, &[opened.application.household]).await?;
    work.commit().await?;
    Ok(Answer(ApplicationView::of(opened, &names)))
}
