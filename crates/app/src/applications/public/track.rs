//! Reading where an application stands, by its code and the end of the child's id.

use store::accounts::TicketCode;
use store::applications::public::{Proof, PublicStore, Tracked, track as find};

use super::error::PublicError;
use super::patience::Try;

/// Where an application stands.
pub type Standing = Tracked;

/// The application of this code, for whoever knows the last four signs of its child's id.
///
/// # Errors
/// [`PublicError::NoSuchCase`], [`PublicError::Wait`].
pub async fn track(
    store: &PublicStore,
    address: &str,
    code: &TicketCode,
    end: &str,
) -> Result<Standing, PublicError> {
    let proof = Proof::by_id_end(store, code, end);
    let tried = Try::begin(store, code, address).await?;
    let found = find(store, &proof).await?;
    tried.found(store, found).await
}
