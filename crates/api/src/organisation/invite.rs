//! `POST /api/organisation/officers/{id}/invitation`

use app::organisation::invite;
use kernel::ids::OfficerId;
use kernel::roles::Action;

use super::problem::problem;
use crate::operation::{At, Caller, Created, Once, Operation};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::post(
        "organisation.invite",
        "/api/organisation/officers/{id}/invitation",
    )
    .needs(Action::Appoint)
    .summary("Propose a one-time code for an officer who has no account")
    .answers_problems(&[Kind::Conflict])
    .handled_by(handle)
}

async fn handle(
    caller: Caller,
    At(officer): At<OfficerId>,
    once: Once,
) -> Result<Created, Problem> {
    let work = caller.work().await?;
    once.create(work, async |work| {
        let proposal = invite(work, officer).await.map_err(problem)?;
        Ok(Created {
            id: proposal.uuid(),
            version: 1,
        })
    })
    .await
}
