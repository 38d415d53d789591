//! Refusing what somebody proposed, or withdrawing one's own proposal.

use kernel::ids::ProposalId;
use kernel::roles::{Action, can};
use store::accounts::{ProposalRefused, proposal};
use store::work::Work;

use super::appointment_error::AppointmentError;

/// Settles a proposal without effect.
///
/// # Errors
/// [`AppointmentError::NotFound`] when it is settled already, beyond reach, or about the caller.
pub async fn refuse_appointment(work: &mut Work, id: ProposalId) -> Result<(), AppointmentError> {
    let may = can(work.role(), Action::ConfirmAppointment) || can(work.role(), Action::Appoint);
    if !may {
        return Err(AppointmentError::NotFound);
    }
    let proposed = proposal(work, id).await?;
    Ok(work.apply(&ProposalRefused(proposed)).await?)
}
