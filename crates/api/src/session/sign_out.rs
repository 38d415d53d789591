//! `DELETE /api/organisation/session`

use app::organisation::sign_out;

use crate::operation::{Caller, Done, Operation, SessionCookie};
use crate::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::delete("organisation.sign_out", "/api/organisation/session")
        .any_signed_in()
        .summary("Sign out")
        .handled_by(handle)
}

async fn handle(caller: Caller) -> Result<(SessionCookie, Done), Problem> {
    let mut work = caller.work().await?;
    sign_out(&mut work).await?;
    work.commit().await?;
    Ok((SessionCookie::removed(), Done))
}
