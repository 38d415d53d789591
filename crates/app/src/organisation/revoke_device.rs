//! Ending one of one's own sessions from another.

use kernel::ids::SessionId;
use store::accounts::DeviceRevoked;
use store::error::StoreError;
use store::work::Work;

/// Ends it at once.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not one of the officer's own.
pub async fn revoke_device(work: &mut Work, session: SessionId) -> Result<(), StoreError> {
    work.apply(&DeviceRevoked(session)).await
}
