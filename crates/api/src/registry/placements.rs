//! `/api/registry/children/{id}/placements`: the unit a child lives in, such as a home.

use jiff::civil::Date;
use kernel::ids::{ChildId, PlacementId, UnitId};
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::guardians::Ending;
use super::problem::problem;
use crate::operation::{At, Caller, Created, Done, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("registry.place", "/api/registry/children/{id}/placements")
            .needs(Action::EditChild)
            .summary("Place a child in a unit, which sees its file from then on")
            .answers_problems(&[Kind::Conflict])
            .handled_by(place),
        Operation::post(
            "registry.end_placement",
            "/api/registry/children/{id}/placements/{placement}/end",
        )
        .needs(Action::EditChild)
        .summary("End a child's placement")
        .answers_problems(&[Kind::Conflict])
        .handled_by(end),
    ]
}

/// Where a child is placed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlacementEntry {
    unit: Uuid,
    from: Date,
}

async fn place(
    caller: Caller,
    At(child): At<ChildId>,
    once: Once,
    Sent(sent): Sent<PlacementEntry>,
) -> Result<Created, Problem> {
    let unit = UnitId::from_uuid(sent.unit);
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::registry::place(work, child, unit, sent.from).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

async fn end(
    caller: Caller,
    At((child, placement)): At<(ChildId, PlacementId)>,
    Sent(ending): Sent<Ending>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let ended = app::registry::end_placement(&mut work, child, placement, ending.to).await;
    ended.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
