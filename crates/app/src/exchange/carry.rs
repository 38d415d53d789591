//! Packages carried by file.

use kernel::ids::PackageId;
use kernel::journal::Subject;
use kernel::roles::{Action, can};
use store::exchange::{Outgoing, outgoing};
use store::work::Work;

use super::error::ExchangeError;

/// Whether the officer carries packages.
pub(super) async fn allowed(work: &Work) -> Result<(), ExchangeError> {
    if can(work.role(), Action::CarryPackages) {
        return Ok(());
    }
    let unit = Subject::new("unit", work.unit().uuid());
    work.refuse("exchange.refused_to_officer", unit).await?;
    Err(ExchangeError::NotFound)
}

/// The packages about applications within reach, those that wait for their receipts first.
///
/// # Errors
/// [`ExchangeError::NotFound`] for a role that carries none.
pub async fn packages(work: &mut Work) -> Result<Vec<Outgoing>, ExchangeError> {
    allowed(work).await?;
    Ok(outgoing(work, None).await?)
}

/// A package's bytes, to be carried to its receiver. Taken out again, they are the same.
///
/// # Errors
/// [`ExchangeError::NoSuch`] beyond reach, [`ExchangeError::Received`] once its receipt is there.
pub async fn carry_out(work: &mut Work, id: PackageId) -> Result<Vec<u8>, ExchangeError> {
    allowed(work).await?;
    let found = outgoing(work, Some(id)).await?.pop();
    let found = found.ok_or(ExchangeError::NoSuch)?;
    found.package.ok_or(ExchangeError::Received)
}

/// Whether the officer may bring a package in as a file; it is then received like any other.
///
/// # Errors
/// [`ExchangeError::NotFound`] for a role that carries none.
pub async fn may_carry_in(work: &Work) -> Result<(), ExchangeError> {
    allowed(work).await
}
