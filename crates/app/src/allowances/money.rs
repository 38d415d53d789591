//! Where the money of a batch is: what was claimed, held, sent, paid and returned, and that it adds up.

use kernel::ids::{BatchId, ClaimId};
use kernel::journal::Subject;
use kernel::money::{Money, MoneyError};
use kernel::roles::Action;
use store::allowances::{
    Batch, BatchMoney, Claim, ClaimChild, ClaimState, batch, batch_money, claim_children, claims,
};
use store::work::Work;

use super::error::{allowed, subject};
use super::pay_error::PayError;

/// A batch reconciled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    /// The batch.
    pub batch: Batch,
    /// Where its money is.
    pub money: BatchMoney,
    /// Whether payments equal the claims, and the claims what is set off, waits, is under way, was paid and came back.
    pub adds_up: bool,
}

/// Where the money of a batch within reach is. Before its release there are no claims.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn reconcile(work: &mut Work, id: BatchId) -> Result<Reconciled, PayError> {
    allowed(work, Action::ViewMonth, subject(id)).await?;
    let batch = batch(work, id).await?.ok_or(PayError::NotFound)?;
    let money = batch_money(work, id).await?.ok_or(PayError::NotFound)?;
    let adds_up = adds_up(&batch, &money)?;
    Ok(Reconciled {
        batch,
        money,
        adds_up,
    })
}

fn adds_up(batch: &Batch, money: &BatchMoney) -> Result<bool, MoneyError> {
    let states = [
        money.ready,
        money.held,
        money.sent,
        money.paid,
        money.returned,
    ];
    let amounts = states.iter().map(|sum| sum.amount);
    let all = Money::sum(amounts.chain([money.offset]))?;
    Ok(all == money.payable && (money.claims == 0 || money.payable == batch.paid))
}

/// Claims within reach: of a batch or of all, in a state or in any.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn list_claims(
    work: &mut Work,
    of: Option<BatchId>,
    state: Option<ClaimState>,
) -> Result<Vec<Claim>, PayError> {
    let about = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ReviewMonth, about).await?;
    Ok(claims(work, of, state).await?)
}

/// The children within reach whom a home's claim is for.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn children_of_claim(
    work: &mut Work,
    claim: ClaimId,
) -> Result<Vec<ClaimChild>, PayError> {
    allowed(
        work,
        Action::ReviewMonth,
        Subject::new("claim", claim.uuid()),
    )
    .await?;
    Ok(claim_children(work, claim).await?)
}
