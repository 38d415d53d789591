//! Proposing a one-time code for an officer who has no account.

use domain::organisation::appointing::{Matter, Proposal, propose};
use kernel::ids::{OfficerId, ProposalId};
use kernel::roles::{Action, can};
use store::accounts::{ProposalMade, Proposed, has_account, unit_kind, unit_of_account};
use store::organisation::officer_name;
use store::work::Work;

use super::appointment_error::AppointmentError;

/// Proposes an invitation: the code is shown to whoever confirms it, never to whoever proposed it.
///
/// # Errors
/// [`AppointmentError::Account`] when the officer has an account already.
pub async fn invite(work: &mut Work, officer: OfficerId) -> Result<ProposalId, AppointmentError> {
    propose_code(work, officer, Matter::Invite).await
}

/// Proposes a code: to make an account, or to renew its secrets. The unit that serves all of the officer's posts answers
/// for it.
pub(super) async fn propose_code(
    work: &mut Work,
    officer: OfficerId,
    matter: Matter,
) -> Result<ProposalId, AppointmentError> {
    if !can(work.role(), Action::Appoint) {
        return Err(AppointmentError::NotFound);
    }
    let name = officer_name(work, officer).await?;
    let unit = unit_of_account(work, officer).await?;
    let (kind, division) = unit_kind(work, unit).await?;
    let proposal = Proposal {
        matter,
        unit,
        appointee: officer,
        proposer: work.officer(),
    };
    propose(work.role(), kind, &proposal)?;
    if has_account(work, officer).await? != (matter == Matter::ResetSecrets) {
        return Err(AppointmentError::Account);
    }
    let proposed = Proposed {
        id: ProposalId::generate(work.now(), work.store().entropy()),
        proposal,
        name,
        proposer_name: None,
        term: None,
        division,
        at: work.now(),
    };
    work.apply(&ProposalMade(proposed.clone())).await?;
    Ok(proposed.id)
}
