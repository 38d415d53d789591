//! `POST /api/organisation/proposals/{id}/confirmation`

use app::organisation::confirm_appointment;
use kernel::ids::{AppointmentId, ProposalId};
use kernel::roles::Action;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{Answer, At, Caller, Operation};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::post("organisation.confirm_appointment", "/api/organisation/proposals/{id}/confirmation")
        .needs(Action::ConfirmAppointment)
        .summary("Confirm what somebody else proposed; a one-time code is shown once, to be handed to the officer")
        .answers_problems(&[Kind::Conflict])
        .handled_by(handle)
}

/// What was confirmed.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConfirmedView {
    officer: Uuid,
    appointment: Option<Uuid>,
    /// Shown now and never again, for the officer alone.
    code: Option<String>,
}

async fn handle(
    caller: Caller,
    At(proposal): At<ProposalId>,
) -> Result<Answer<ConfirmedView>, Problem> {
    let mut work = caller.work().await?;
    let confirmed = confirm_appointment(&mut work, proposal)
        .await
        .map_err(problem)?;
    work.commit().await?;
    Ok(Answer(ConfirmedView {
        officer: confirmed.officer.uuid(),
        appointment: confirmed.appointment.map(AppointmentId::uuid),
        code: confirmed.code.map(|code| code.reveal().to_owned()),
    }))
}
