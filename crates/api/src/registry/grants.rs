//! `/api/registry/children/{id}/grants`: which other units see one file, for what and until when.

use jiff::civil::Date;
use kernel::ids::{ChildId, GrantId, UnitId};
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{At, Caller, Created, Done, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("registry.grant", "/api/registry/children/{id}/grants")
            .needs(Action::EditChild)
            .summary("Grant a unit a look at one file until a day, at most a year ahead")
            .answers_problems(&[Kind::Conflict])
            .handled_by(grant),
        Operation::post(
            "registry.end_grant",
            "/api/registry/children/{id}/grants/{grant}/end",
        )
        .needs(Action::EditChild)
        .summary("Withdraw a grant")
        .answers_problems(&[Kind::Conflict])
        .handled_by(end),
    ]
}

/// What a unit is granted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GrantEntry {
    unit: Uuid,
    /// What for, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    purpose: String,
    /// The last day.
    until: Date,
}

async fn grant(
    caller: Caller,
    At(child): At<ChildId>,
    once: Once,
    Sent(sent): Sent<GrantEntry>,
) -> Result<Created, Problem> {
    let unit = UnitId::from_uuid(sent.unit);
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::registry::grant(work, child, unit, &sent.purpose, sent.until).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

async fn end(caller: Caller, At((child, grant)): At<(ChildId, GrantId)>) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let ended = app::registry::end_grant(&mut work, child, grant).await;
    ended.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
