//! Locking an account and unlocking it.

use kernel::ids::OfficerId;
use kernel::roles::{Action, can};
use store::accounts::{AccountLocked, accounts, login_key};
use store::work::Work;

use super::appointment_error::AppointmentError;

/// Locks an account, which ends its sessions, or unlocks it, which also ends a lock-out by failures.
///
/// # Errors
/// [`AppointmentError::NotFound`] when it is not within reach, or one's own.
pub async fn lock_account(
    work: &mut Work,
    officer: OfficerId,
    locked: bool,
) -> Result<(), AppointmentError> {
    if !can(work.role(), Action::ManageAccounts) || officer == work.officer() {
        return Err(AppointmentError::NotFound);
    }
    let account = accounts(work, &[officer])
        .await?
        .pop()
        .ok_or(AppointmentError::NotFound)?;
    let login = account
        .login
        .parse()
        .map_err(|_| AppointmentError::NotFound)?;
    let change = AccountLocked {
        officer,
        was_locked: account.locked,
        locked,
        key: login_key(work.store().sealer(), &login),
    };
    Ok(work.apply(&change).await?)
}
