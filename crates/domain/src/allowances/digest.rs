//! A digest of all that is committed, which lines and levels must agree on.
//!
//! **Invariant.** It is linear in the amounts: that of two sets of lines together is the sum of theirs, whatever their order.
//! It finds what went wrong by accident; it is no seal against somebody who reckons.

use kernel::money::Money;
use kernel::month::Month;

use super::history::Payee;

/// The sum, over children, payees and months, of amount × weight of child and payee × weight of month, modulo 2⁶⁴.
///
/// ```
/// use domain::allowances::{Digest, Payee};
/// use kernel::{money::Money, month::Month};
/// let month = |text: &str| text.parse::<Month>().unwrap();
/// let digest = Digest::through(month("2021-12"));
/// let (child, payee, yuan) = (7, Payee::Guardian, Money::from_yuan(1600));
/// let of_months = ["2021-01", "2021-02", "2021-03"]
///     .iter()
///     .fold(0, |sum: u64, text| sum.wrapping_add(digest.of(child, payee, month(text), month(text), yuan)));
/// assert_eq!(of_months, digest.of(child, payee, month("2021-01"), month("2021-03"), yuan));
/// ```
#[derive(Debug, Clone)]
pub struct Digest {
    /// The sums of the weights of all months before the one with this index.
    sums: Vec<u64>,
}

impl Digest {
    /// For months up to this one.
    #[must_use]
    pub fn through(last: Month) -> Self {
        let months = u64::try_from(last.since(Month::MIN)).unwrap_or_default() + 1;
        let mut sum = 0_u64;
        let weights = (0..months).map(|month| {
            sum = sum.wrapping_add(mixed(month));
            sum
        });
        Self {
            sums: [0].into_iter().chain(weights).collect(),
        }
    }

    /// What an amount for each month of a stretch adds. Months beyond the last add nothing.
    #[must_use]
    pub fn of(&self, child: u128, payee: Payee, from: Month, through: Month, amount: Money) -> u64 {
        let index = |month: Month| usize::try_from(month.since(Month::MIN)).unwrap_or_default();
        let end = (index(through) + 1).min(self.sums.len() - 1);
        let months = self.sums[end].wrapping_sub(self.sums[index(from).min(end)]);
        amount
            .fen()
            .cast_unsigned()
            .wrapping_mul(weight(child, payee))
            .wrapping_mul(months)
    }
}

fn weight(child: u128, payee: Payee) -> u64 {
    let halves = [child >> 64, child].map(|half| u64::try_from(half & u128::from(u64::MAX)));
    let [high, low] = halves.map(Result::unwrap_or_default);
    let of_payee = mixed(high).wrapping_add(payee as u64);
    mixed(mixed(of_payee).wrapping_add(low))
}

/// Spreads a number over all its bits (the finisher of SplitMix64).
const fn mixed(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fen_a_month_a_payee_and_a_child_each_make_a_difference() {
        let month = Month::new(2021, 11).unwrap();
        let digest = Digest::through(month);
        let of =
            |child, payee, month, fen| digest.of(child, payee, month, month, Money::from_fen(fen));
        let all = [
            of(1, Payee::Guardian, month, 160_000),
            of(1, Payee::Guardian, month, 160_001),
            of(1, Payee::Guardian, month.prev(), 160_000),
            of(1, Payee::Home, month, 160_000),
            of(2, Payee::Guardian, month, 160_000),
            of(1 << 64, Payee::Guardian, month, 160_000),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all[..at].iter().all(|other| other != one), "{at}");
        }
        let back = of(1, Payee::Guardian, month, -160_000);
        assert_eq!(all[0].wrapping_add(back), 0);
    }
}
