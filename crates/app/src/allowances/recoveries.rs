//! Recoveries: an officer confirms that a negative line is recovered, and tells the guardian.

use domain::registry::Hidden;
use kernel::ids::{BatchId, RecoveryId};
use kernel::roles::Action;
use store::allowances::{Recovery, RecoveryConfirmed, batch, recoveries};
use store::work::Work;

use super::accounts::file;
use super::error::{allowed, subject};
use super::pay_error::PayError;

/// What of a batch is, or may be, recovered.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn recoveries_of(work: &mut Work, id: BatchId) -> Result<Vec<Recovery>, PayError> {
    allowed(work, Action::ReviewMonth, subject(id)).await?;
    batch(work, id).await?.ok_or(PayError::NotFound)?;
    Ok(recoveries(work, id).await?)
}

/// Confirms that a line of a batch is recovered, for a reason and with the words of the notice. From the next release on it
/// is set off.
///
/// # Errors
/// [`PayError::Words`], [`PayError::Confirmed`], [`PayError::NotFound`].
pub async fn confirm_recovery(
    work: &mut Work,
    (id, number): (BatchId, i32),
    reason: &Hidden,
    notice: &Hidden,
) -> Result<RecoveryId, PayError> {
    allowed(work, Action::ReviewMonth, subject(id)).await?;
    let unit = work.unit();
    let found = batch(work, id).await?.filter(|batch| batch.unit == unit);
    found.ok_or(PayError::NotFound)?;
    if [reason, notice]
        .iter()
        .any(|text| text.reveal().trim().is_empty())
    {
        return Err(PayError::Words);
    }
    let all = recoveries(work, id).await?;
    let found = all.into_iter().find(|recovery| recovery.number == number);
    let recovery = found.ok_or(PayError::NotFound)?;
    if recovery.confirmed.is_some() {
        return Err(PayError::Confirmed);
    }
    let file = file(work, recovery.child).await?;
    let id = RecoveryId::generate(work.now(), work.store().entropy());
    let confirmed = RecoveryConfirmed {
        id,
        recovery: &recovery,
        file: &file,
        reason,
        notice,
    };
    work.apply(&confirmed).await?;
    Ok(id)
}
