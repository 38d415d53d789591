//! `POST /api/organisation/officers/{id}/reset`

use app::organisation::reset_secrets;
use kernel::ids::OfficerId;
use kernel::roles::Action;

use super::problem::problem;
use crate::operation::{At, Caller, Created, Once, Operation};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::post(
        "organisation.reset_secrets",
        "/api/organisation/officers/{id}/reset",
    )
    .needs(Action::Appoint)
    .summary("Propose that an officer's password and second factor be replaced")
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
        let proposal = reset_secrets(work, officer).await.map_err(problem)?;
        Ok(Created {
            id: proposal.uuid(),
            version: 1,
        })
    })
    .await
}
