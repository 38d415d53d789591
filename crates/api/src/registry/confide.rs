//! `POST /api/registry/children/{id}/named`: a colleague let know of a sealed child.

use kernel::ids::{ChildId, OfficerId};
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{At, Caller, Done, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::post("registry.confide", "/api/registry/children/{id}/named")
        .needs(Action::SeeSealed)
        .summary("Let a colleague of the own unit know of a sealed child")
        .answers_problems(&[Kind::Conflict])
        .handled_by(confide)
}

/// Whom to let know.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FileNamedEntry {
    officer: Uuid,
}

async fn confide(
    caller: Caller,
    At(child): At<ChildId>,
    Sent(sent): Sent<FileNamedEntry>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let colleague = OfficerId::from_uuid(sent.officer);
    let named = app::registry::confide(&mut work, child, colleague).await;
    named.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
