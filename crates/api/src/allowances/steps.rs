//! `POST /api/allowances/batches/{id}/review`, `…/approval` and `…/release`: a batch moved on by an officer.

use domain::allowances::BatchAct;
use kernel::ids::BatchId;
use kernel::roles::Action;
use serde::Deserialize;
use store::work::Work;
use utoipa::ToSchema;

use super::problem::problem;
use crate::operation::{At, Caller, Done, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("allowances.review", "/api/allowances/batches/{id}/review")
            .needs(Action::ReviewMonth)
            .summary("Say that a prepared batch was looked through, its exceptions first")
            .answers_problems(&[Kind::Conflict, Kind::Stale])
            .handled_by(review),
        Operation::post(
            "allowances.approve",
            "/api/allowances/batches/{id}/approval",
        )
        .needs(Action::ApproveMonth)
        .summary("Approve the lines of a batch that somebody else prepared")
        .answers_problems(&[Kind::Conflict, Kind::Stale, Kind::Reauthenticate])
        .handled_by(approve),
        Operation::post("allowances.release", "/api/allowances/batches/{id}/release")
            .needs(Action::ReleaseMonth)
            .summary("Release an approved batch to the bank, settle it, or close it")
            .answers_problems(&[
                Kind::Conflict,
                Kind::Stale,
                Kind::Invalid,
                Kind::Reauthenticate,
            ])
            .handled_by(release),
    ]
}

/// The version of a batch that was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BatchVersion {
    version: i32,
}

/// What finance does with a batch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReleaseEntry {
    /// The version that was read.
    version: i32,
    /// `release settle close`.
    act: String,
}

async fn review(
    caller: Caller,
    At(id): At<BatchId>,
    Sent(sent): Sent<BatchVersion>,
) -> Result<Done, Problem> {
    moved(caller.work().await?, id, BatchAct::Review, sent.version).await
}

async fn approve(
    caller: Caller,
    At(id): At<BatchId>,
    Sent(sent): Sent<BatchVersion>,
) -> Result<Done, Problem> {
    let work = caller.proved(caller.work().await?).await?;
    moved(work, id, BatchAct::Approve, sent.version).await
}

async fn release(
    caller: Caller,
    At(id): At<BatchId>,
    Sent(sent): Sent<ReleaseEntry>,
) -> Result<Done, Problem> {
    let act = match sent.act.as_str() {
        "release" => BatchAct::Release,
        "settle" => BatchAct::Settle,
        "close" => BatchAct::Close,
        _ => return Err(Problem::from(Kind::Invalid).with("field", "act")),
    };
    let work = caller.proved(caller.work().await?).await?;
    moved(work, id, act, sent.version).await
}

async fn moved(mut work: Work, id: BatchId, act: BatchAct, version: i32) -> Result<Done, Problem> {
    let moved = app::allowances::move_on(&mut work, id, act, version).await;
    moved.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
