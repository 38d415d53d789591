//! `POST /api/organisation/proposals/{id}/refusal` and `…/withdrawal`: proposals that take no effect.

use app::organisation::refuse_appointment;
use kernel::ids::ProposalId;
use kernel::roles::Action;

use super::problem::problem;
use crate::operation::{At, Caller, Done, Operation};
use crate::problem::Problem;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(
            "organisation.refuse_appointment",
            "/api/organisation/proposals/{id}/refusal",
        )
        .needs(Action::ConfirmAppointment)
        .summary("Refuse what somebody else proposed")
        .handled_by(settle),
        Operation::post(
            "organisation.withdraw_proposal",
            "/api/organisation/proposals/{id}/withdrawal",
        )
        .needs(Action::Appoint)
        .summary("Withdraw one's own proposal")
        .handled_by(settle),
    ]
}

/// Which of the two it is, is a question of who proposed it.
async fn settle(caller: Caller, At(proposal): At<ProposalId>) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    refuse_appointment(&mut work, proposal)
        .await
        .map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
