//! What is transferred to a payee, and what is kept back for a debt.

use kernel::money::{Money, MoneyError};

/// What a run transfers to a payee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// The amount, 0 or more.
    pub amount: Money,
    /// What the payee still owes and is carried into the next run.
    pub owed: Money,
}

/// Sets a debt off: `share` per cent of what is `payable`, in whole fen, and no more than the debt.
///
/// ```
/// use domain::allowances::transfer;
/// use kernel::money::Money;
/// let half = transfer(Money::from_fen(160_001), Money::from_yuan(1000), 50)?;
/// assert_eq!((half.amount, half.owed), (Money::from_fen(80_001), Money::from_fen(20_000)));
/// # Ok::<(), kernel::money::MoneyError>(())
/// ```
///
/// # Errors
/// [`MoneyError::Overflow`].
pub fn transfer(payable: Money, debt: Money, share: u8) -> Result<Transfer, MoneyError> {
    let (share, fen) = (i64::from(share.min(100)), payable.fen());
    // ⌊share × fen ÷ 100⌋ in two parts, neither of which can overflow.
    let bound = fen / 100 * share + fen % 100 * share / 100;
    let offset = debt.min(Money::from_fen(bound));
    Ok(Transfer {
        amount: payable.checked_sub(offset)?,
        owed: debt.checked_sub(offset)?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A month of a payee: its positive lines, its negative ones, and how many of the recoveries still proposed are confirmed
    /// before it is released.
    type Month = (Vec<u32>, Vec<u32>, usize);

    fn months() -> impl Strategy<Value = Vec<Month>> {
        let lines = || prop::collection::vec(1u32..400_000, 0..4);
        prop::collection::vec((lines(), lines(), 0usize..4), 1..24)
    }

    fn sum(fen: &[u32]) -> Money {
        Money::from_fen(fen.iter().map(|fen| i64::from(*fen)).sum())
    }

    proptest! {
        /// Whatever is owed, whenever it is confirmed and however little of a payment may be kept back.
        #[test]
        fn transfers_equal_lines_plus_the_debt_that_is_carried(months in months(), share in 0u8..=100) {
            let (mut lines, mut transfers, mut owed) = (Money::ZERO, Money::ZERO, Money::ZERO);
            let mut proposed: Vec<Money> = Vec::new();
            for (positive, negative, confirmed) in months {
                let (payable, debt) = (sum(&positive), sum(&negative));
                lines = lines.checked_add(payable)?.checked_sub(debt)?;
                proposed.extend(negative.iter().map(|fen| Money::from_fen(i64::from(*fen))));
                for recovery in proposed.drain(..confirmed.min(proposed.len())) {
                    owed = owed.checked_add(recovery)?;
                }
                let done = transfer(payable, owed, share)?;
                prop_assert!(done.amount >= Money::ZERO && done.owed >= Money::ZERO);
                prop_assert!(share > 0 || done.amount == payable);
                transfers = transfers.checked_add(done.amount)?;
                owed = done.owed;
                let carried = owed.checked_add(Money::sum(proposed.iter().copied())?)?;
                prop_assert_eq!(transfers, lines.checked_add(carried)?);
            }
        }
    }
}
