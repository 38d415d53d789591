//! `/api/registry/merges` and `POST /api/registry/merges/{id}/undo`: doubled files joined and parted.

use app::registry::Doubles;
use kernel::ids::{ChildId, MergeId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::registry::Merge;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{
    Answer, Asked, At, Caller, Created, Cursor, Done, Once, Operation, Page, PageSize, Sent,
};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("registry.merges", "/api/registry/merges")
            .needs(Action::MergeChildren)
            .summary("List the merges that may be undone, or were, the latest first")
            .handled_by(list),
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

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WantedMerges {
    /// Those into this child's file.
    child: Option<Uuid>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200 [default: 50].
    limit: Option<u16>,
}

/// Two files that were joined.
#[derive(Serialize, ToSchema)]
struct MergeRow {
    id: Uuid,
    /// The file that is kept.
    kept: Uuid,
    /// The child's name in it before.
    kept_name: String,
    /// The file that doubled it.
    doubled: Uuid,
    /// The child's name in that.
    doubled_name: String,
    /// The household's division in that, as its code.
    doubled_household: i64,
    done_at: jiff::Timestamp,
    done_by: Uuid,
    undone_at: Option<jiff::Timestamp>,
}

impl MergeRow {
    fn of(merge: Merge) -> Self {
        Self {
            id: merge.id.uuid(),
            kept: merge.kept.uuid(),
            kept_name: merge.snapshot.kept.name,
            doubled: merge.doubled.uuid(),
            doubled_name: merge.snapshot.doubled.name,
            doubled_household: merge.snapshot.doubled.household.code(),
            done_at: merge.done_at,
            done_by: merge.done_by.uuid(),
            undone_at: merge.undone_at,
        }
    }
}

async fn list(
    caller: Caller,
    Asked(wanted): Asked<WantedMerges>,
) -> Result<Answer<Page<MergeRow>>, Problem> {
    let size = PageSize::of(wanted.limit)?;
    let before = wanted.cursor.as_deref().map(Cursor::read::<MergeId>);
    let child = wanted.child.map(ChildId::from_uuid);
    let mut work = caller.work().await?;
    let asked = u16::try_from(size).unwrap_or(u16::MAX);
    let merges = app::registry::merges(&mut work, child, before.transpose()?, asked).await;
    let merges = merges.map_err(problem)?;
    work.commit().await?;
    let next = match merges.last() {
        Some(last) if merges.len() == size => Some(Cursor::write(&last.id)),
        _ => None,
    };
    let items = merges.into_iter().map(MergeRow::of).collect();
    Ok(Answer(Page { items, next }))
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
