//! Reading where an application stands, by its code and the end of the child's id.

use store::accounts::TicketCode;
use store::applications::public::{
    PaymentSeen, Proof, PublicStore, Tracked, payments, track as find,
};

use super::error::PublicError;
use super::patience::Try;

/// Where an application stands, and what its child is paid since.
#[derive(Debug)]
pub struct Standing {
    /// The application.
    pub application: Tracked,
    /// What the guardian was and is to be paid for the child, the latest first.
    pub payments: Vec<PaymentSeen>,
}

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
    let application = tried.found(store, found).await?;
    Ok(Standing {
        application,
        payments: payments(store, &proof).await?,
    })
}
