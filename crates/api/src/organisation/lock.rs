//! `PUT /api/organisation/officers/{id}/lock`

use app::organisation::lock_account;
use kernel::ids::OfficerId;
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::problem;
use crate::operation::{At, Caller, Done, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::put(
        "organisation.lock_account",
        "/api/organisation/officers/{id}/lock",
    )
    .needs(Action::ManageAccounts)
    .summary("Lock an account, which ends its sessions, or unlock it")
    .answers_problems(&[Kind::Conflict])
    .handled_by(handle)
}

/// Locked or not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LockBody {
    locked: bool,
}

async fn handle(
    caller: Caller,
    At(officer): At<OfficerId>,
    Sent(body): Sent<LockBody>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    lock_account(&mut work, officer, body.locked)
        .await
        .map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
