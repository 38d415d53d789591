//! `/api/registry/children/{id}/relatives/{relation}`: parents and grandparents, one of each.

use app::registry::RelativeStatement;
use domain::registry::Relation;
use kernel::ids::ChildId;
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::problem;
use super::stated::{hidden, stated};
use crate::operation::{At, Caller, Done, Operation, Sent};
use crate::problem::{Kind, Problem};

const PATH: &str = "/api/registry/children/{id}/relatives/{relation}";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::patch("registry.state_relative", PATH)
            .needs(Action::EditChild)
            .summary("State what is known of a parent or grandparent, on file already or not")
            .answers_problems(&[Kind::Conflict])
            .handled_by(state),
        Operation::delete("registry.remove_relative", PATH)
            .needs(Action::EditChild)
            .summary("Take a relative off the file who was entered by mistake")
            .answers_problems(&[Kind::Conflict])
            .handled_by(remove),
    ]
}

/// What is stated of a relative. A field left out stays; null empties it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RelativeChange {
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    resident_id: Option<Option<String>>,
    /// Several are divided by a slash.
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    /// Where the person works (务工地).
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    works_at: Option<Option<String>>,
}

async fn state(
    caller: Caller,
    At((child, relation)): At<(ChildId, Relation)>,
    Sent(sent): Sent<RelativeChange>,
) -> Result<Done, Problem> {
    let statement = RelativeStatement {
        name: sent.name,
        resident_id: hidden(sent.resident_id),
        phone: hidden(sent.phone),
        works_at: sent.works_at,
    };
    let mut work = caller.work().await?;
    let stated = app::registry::state_relative(&mut work, child, relation, statement).await;
    stated.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}

async fn remove(
    caller: Caller,
    At((child, relation)): At<(ChildId, Relation)>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let removed = app::registry::remove_relative(&mut work, child, relation).await;
    removed.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
