//! `/api/registry/children/{id}/statuses`: which class a child holds, and when.

use jiff::civil::Date;
use kernel::ids::{ChildId, SpanId};
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;

use super::guardians::Ending;
use super::problem::{category, problem};
use crate::operation::{At, Caller, Created, Done, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(
            "registry.enter_status",
            "/api/registry/children/{id}/statuses",
        )
        .needs(Action::EditChild)
        .summary("Enter a class that a child holds")
        .answers_problems(&[Kind::Conflict])
        .handled_by(enter),
        Operation::post(
            "registry.end_status",
            "/api/registry/children/{id}/statuses/{status}/end",
        )
        .needs(Action::EditChild)
        .summary("End a class that a child holds")
        .answers_problems(&[Kind::Conflict])
        .handled_by(end),
    ]
}

/// A class to enter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StatusEntry {
    /// The category's code.
    category: String,
    from: Date,
    /// The first day on which it no longer holds, where that is known.
    to: Option<Date>,
}

async fn enter(
    caller: Caller,
    At(child): At<ChildId>,
    once: Once,
    Sent(sent): Sent<StatusEntry>,
) -> Result<Created, Problem> {
    let class = category("category", &sent.category)?;
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::registry::enter_status(work, child, class, sent.from, sent.to).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

async fn end(
    caller: Caller,
    At((child, status)): At<(ChildId, SpanId)>,
    Sent(ending): Sent<Ending>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let ended = app::registry::end_status(&mut work, child, status, ending.to).await;
    ended.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
