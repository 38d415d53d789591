//! `POST /api/organisation/proposals/{id}/refusal`

use app::organisation::refuse_appointment;
use kernel::ids::ProposalId;
use kernel::roles::Action;

use super::problem::problem;
use crate::operation::{At, Caller, Done, Operation};
use crate::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::post(
        "organisation.refuse_appointment",
        "/api/organisation/proposals/{id}/refusal",
    )
    .needs(Action::ViewOrganisation)
    .summary("Refuse what somebody else proposed, or withdraw one's own proposal")
    .handled_by(handle)
}

async fn handle(caller: Caller, At(proposal): At<ProposalId>) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    refuse_appointment(&mut work, proposal)
        .await
        .map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
