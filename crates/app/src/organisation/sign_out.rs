//! Signing out.

use store::accounts::SignedOut;
use store::error::StoreError;
use store::work::Work;

/// Ends the present session.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(work: &mut Work) -> Result<(), StoreError> {
    let officer = work.officer();
    work.apply(&SignedOut(officer)).await
}
