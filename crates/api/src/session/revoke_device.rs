//! `DELETE /api/organisation/devices/{id}`

use app::organisation::revoke_device;
use kernel::ids::SessionId;

use crate::operation::{At, Caller, Done, Operation};
use crate::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::delete(
        "organisation.revoke_device",
        "/api/organisation/devices/{id}",
    )
    .any_signed_in()
    .summary("Sign out on another of one's own devices")
    .handled_by(handle)
}

async fn handle(caller: Caller, At(session): At<SessionId>) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    revoke_device(&mut work, session).await?;
    work.commit().await?;
    Ok(Done)
}
