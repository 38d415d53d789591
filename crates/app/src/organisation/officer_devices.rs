//! The sessions of an officer whose account is kept here, and ending one of them.

use kernel::ids::{OfficerId, SessionId};
use kernel::roles::{Action, can};
use store::accounts::{Device, SessionEnded, accounts};
use store::work::Work;

use super::appointment_error::AppointmentError;

/// The devices an officer is signed in on, the newest first.
///
/// # Errors
/// [`AppointmentError::NotFound`] when the account is not within reach.
pub async fn officer_devices(
    work: &mut Work,
    officer: OfficerId,
) -> Result<Vec<Device>, AppointmentError> {
    kept(work, officer).await?;
    Ok(store::accounts::devices_of(work, officer).await?)
}

/// Ends one of an officer's sessions at once; the account stays as it is.
///
/// # Errors
/// [`AppointmentError::NotFound`] when the account is not within reach, or the session not open or not the officer's.
pub async fn end_officer_session(
    work: &mut Work,
    officer: OfficerId,
    session: SessionId,
) -> Result<(), AppointmentError> {
    kept(work, officer).await?;
    Ok(work.apply(&SessionEnded { officer, session }).await?)
}

async fn kept(work: &mut Work, officer: OfficerId) -> Result<(), AppointmentError> {
    let is_kept = can(work.role(), Action::ManageAccounts);
    match is_kept && !accounts(work, &[officer]).await?.is_empty() {
        true => Ok(()),
        false => Err(AppointmentError::NotFound),
    }
}
