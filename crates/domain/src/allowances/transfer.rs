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
