//! Proposing that an officer's password and second factor be replaced.

use domain::organisation::appointing::Matter;
use kernel::ids::{OfficerId, ProposalId};
use store::work::Work;

use super::appointment_error::AppointmentError;
use super::invite::propose_code;

/// Proposes it; when a second person confirms, the old secrets and every session end, and that person is shown the code.
///
/// # Errors
/// [`AppointmentError::Account`] when the officer has no account.
pub async fn reset_secrets(
    work: &mut Work,
    officer: OfficerId,
) -> Result<ProposalId, AppointmentError> {
    propose_code(work, officer, Matter::ResetSecrets).await
}
