//! The officer's own open sessions.

use store::accounts::Device;
use store::error::StoreError;
use store::work::Work;

/// The devices the officer is signed in on, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn devices(work: &mut Work) -> Result<Vec<Device>, StoreError> {
    store::accounts::devices(work).await
}
