//! `/api/organisation/officers/{id}/devices`: where an officer is signed in, for whoever keeps the account.

use app::organisation::{end_officer_session, officer_devices};
use kernel::ids::{OfficerId, SessionId};
use kernel::roles::Action;

use super::problem::problem;
use crate::operation::{Answer, At, Caller, Done, Operation};
use crate::problem::{Kind, Problem};
use crate::session::DevicesView;

pub(super) fn operations() -> [Operation; 2] {
    [
        Operation::get(
            "organisation.officer_devices",
            "/api/organisation/officers/{id}/devices",
        )
        .needs(Action::ManageAccounts)
        .summary("The devices an officer is signed in on")
        .answers_problems(&[Kind::Conflict])
        .handled_by(list),
        Operation::delete(
            "organisation.end_session",
            "/api/organisation/officers/{id}/devices/{device}",
        )
        .needs(Action::ManageAccounts)
        .summary("Sign an officer out on one device")
        .answers_problems(&[Kind::Conflict])
        .handled_by(end),
    ]
}

async fn list(caller: Caller, At(officer): At<OfficerId>) -> Result<Answer<DevicesView>, Problem> {
    let mut work = caller.work().await?;
    let found = officer_devices(&mut work, officer).await;
    Ok(Answer(DevicesView::of(found.map_err(problem)?)))
}

async fn end(
    caller: Caller,
    At((officer, device)): At<(OfficerId, SessionId)>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let ended = end_officer_session(&mut work, officer, device).await;
    ended.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
