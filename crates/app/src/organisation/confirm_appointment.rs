//! Confirming what somebody else proposed: only then it takes effect.

use domain::organisation::appointing::{ConfirmError, Confirmer, Matter, confirm};
use kernel::ids::{AppointmentId, InvitationId, OfficerId, ProposalId};
use kernel::journal::Subject;
use kernel::roles::{Action, can};
use store::accounts::{
    InvitationCode, ProposalConfirmed, has_account, proposal, serves_posts, stations,
};
use store::work::Work;

use super::appointment_error::AppointmentError;

/// What was confirmed.
#[derive(Debug, Clone)]
pub struct Confirmed {
    /// The officer it is about.
    pub officer: OfficerId,
    /// The appointment, where one was proposed.
    pub appointment: Option<AppointmentId>,
    /// The one-time code, shown to the confirming person now and never again, to be handed to the officer.
    pub code: Option<InvitationCode>,
}

/// Lets a proposal take effect. An officer without an account gets a code with the appointment, unless he or she holds
/// posts that the confirming unit does not serve: then the unit that serves them all has to invite.
///
/// # Errors
/// [`AppointmentError::Confirm`] when somebody else has to confirm; [`AppointmentError::NotFound`] when it is settled
/// already or beyond reach. Refusals are journalled.
pub async fn confirm_appointment(
    work: &mut Work,
    id: ProposalId,
) -> Result<Confirmed, AppointmentError> {
    let subject = Subject::new("proposal", id.uuid());
    if !can(work.role(), Action::ConfirmAppointment) {
        work.refuse("organisation.confirmation_refused", subject)
            .await?;
        return Err(AppointmentError::NotFound);
    }
    let proposed = proposal(work, id).await?;
    let upwards = stations(work, proposed.proposal.unit).await?;
    let by = Confirmer {
        officer: work.officer(),
        role: work.role(),
        unit: work.unit(),
    };
    if let Err(error) = confirm(&proposed.proposal, &by, &upwards) {
        work.refuse("organisation.confirmation_refused", subject)
            .await?;
        return Err(error.into());
    }
    let officer = proposed.proposal.appointee;
    let serves_posts = serves_posts(work, officer, proposed.proposal.unit).await?;
    let is_appointment = matches!(proposed.proposal.matter, Matter::Appoint(_));
    // A post above was added since this was proposed.
    if !is_appointment && !serves_posts {
        return Err(ConfirmError::AnotherUnit.into());
    }
    let has_account = has_account(work, officer).await?;
    let (now, store) = (work.now(), work.store().clone());
    let code = (!is_appointment || !has_account && serves_posts).then(|| {
        let id = InvitationId::generate(now, store.entropy());
        (id, InvitationCode::generate(store.entropy()))
    });
    let confirmed = ProposalConfirmed {
        proposed,
        appointment: AppointmentId::generate(now, store.entropy()),
        code,
    };
    work.apply(&confirmed).await?;
    Ok(Confirmed {
        officer,
        appointment: is_appointment.then_some(confirmed.appointment),
        code: confirmed.code.map(|(_, code)| code),
    })
}
