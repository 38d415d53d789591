//! `POST /api/registry/merges` and `POST /api/registry/merges/{id}/undo`: doubled files joined and parted.

use app::registry::Doubles;
use kernel::ids::{ChildId, MergeId};
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{At, Caller, Created, Done, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("registry.merge", "/api/registry/merges")
            .needs(Action::MergeChildren)
            .summary("Join a doubled child's file to the one that is kept")
            .answers_problems(&[Kind::Conflict, Kind::Stale])
            .handled_by(merge),
        Operation::post("registry.undo_merge", "/api/registry/merges/{id}/undo")
            .needs(Action::MergeChildren)
            .summary("Part two files that were joined")
            .answers_problems(&[Kind::Conflict, Kind::Stale])
            .handled_by(undo),
    ]
}

/// Two files of one child.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DoubledFiles {
    /// The file to keep.
    kept: Uuid,
    /// Its version as read.
    kept_version: i32,
    /// The file that doubles it.
    doubled: Uuid,
    /// Its version as read.
    doubled_version: i32,
}

async fn merge(
    caller: Caller,
    once: Once,
    Sent(sent): Sent<DoubledFiles>,
) -> Result<Created, Problem> {
    let doubles = Doubles {
        kept: ChildId::from_uuid(sent.kept),
        kept_version: sent.kept_version,
        doubled: ChildId::from_uuid(sent.doubled),
        doubled_version: sent.doubled_version,
    };
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::registry::merge(work, doubles).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

async fn undo(caller: Caller, At(merge): At<MergeId>) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let undone = app::registry::undo_merge(&mut work, merge).await;
    undone.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
