//! 自然增长机制: how a rate follows a published index from one year to the next.

use kernel::money::Money;

/// A published figure that a rate may follow.
///
/// ```
/// use policy::Index;
/// assert_eq!(Index::from_code("resident_consumption"), Some(Index::ResidentConsumption));
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Index {
    /// 居民人均消费支出, of a year.
    ResidentConsumption,
    /// 最低生活保障标准, of a month.
    MinimumLiving,
}

impl Index {
    /// Every index.
    pub const ALL: [Self; 2] = [Self::ResidentConsumption, Self::MinimumLiving];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ResidentConsumption => "resident_consumption",
            Self::MinimumLiving => "minimum_living",
        }
    }

    /// The index with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|index| index.code() == code)
    }
}

/// Where an amount between two steps goes.
///
/// ```
/// assert_eq!(policy::Rounding::Up.code(), "up");
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the step below.
    Down,
    /// To the nearer step, from the middle upwards.
    Nearest,
    /// To the step above.
    Up,
}

impl Rounding {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Nearest => "nearest",
            Self::Up => "up",
        }
    }
}

/// How the rate of a class follows an index. It proposes a rate and sets none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// The index.
    pub index: Index,
    /// What the amount is a multiple of, more than 0.
    pub step: Money,
    /// Where an amount between two steps goes.
    pub rounding: Rounding,
    /// Whether a rate falls with its index.
    pub may_fall: bool,
}

impl Growth {
    /// The rate that follows `rate` when the index goes from `before` to `after`; none where an index is not more than 0, or
    /// beyond what money can hold.
    ///
    /// ```
    /// use kernel::money::Money;
    /// use policy::{Growth, Index, Rounding};
    /// let rule = Growth {
    ///     index: Index::ResidentConsumption,
    ///     step: Money::from_yuan(10),
    ///     rounding: Rounding::Up,
    ///     may_fall: false,
    /// };
    /// let yuan = Money::from_yuan;
    /// // 1600 × 15 000 ÷ 14 000 = 1714.28…
    /// assert_eq!(rule.next(yuan(1600), yuan(14_000), yuan(15_000)), Some(yuan(1720)));
    /// assert_eq!(rule.next(yuan(1600), yuan(15_000), yuan(14_000)), Some(yuan(1600)));
    /// assert_eq!(rule.next(yuan(1600), yuan(0), yuan(14_000)), None);
    /// ```
    #[must_use]
    pub fn next(&self, rate: Money, before: Money, after: Money) -> Option<Money> {
        let [rate, before, after, step] =
            [rate, before, after, self.step].map(|m| i128::from(m.fen()));
        if rate < 0 || before <= 0 || after <= 0 || step <= 0 {
            return None;
        }
        if after <= before && !self.may_fall {
            return i64::try_from(rate).ok().map(Money::from_fen);
        }
        // In one division, so that nothing is lost between the index and the step.
        let (numerator, divisor) = (rate * after, before * step);
        let steps = match self.rounding {
            Rounding::Down => numerator / divisor,
            Rounding::Nearest => (2 * numerator + divisor) / (2 * divisor),
            Rounding::Up => (numerator + divisor - 1) / divisor,
        };
        let fen = i64::try_from(steps.checked_mul(step)?).ok()?;
        Some(Money::from_fen(fen))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule(rounding: Rounding, may_fall: bool) -> Growth {
        Growth {
            index: Index::MinimumLiving,
            step: Money::from_yuan(10),
            rounding,
            may_fall,
        }
    }

    #[test]
    fn a_rate_lands_on_a_step_on_the_side_that_the_rule_says() {
        let yuan = Money::from_yuan;
        let next = |rounding| rule(rounding, false).next(yuan(1000), yuan(200), yuan(203));
        // 1000 × 203 ÷ 200 = 1015, in the very middle.
        assert_eq!(next(Rounding::Down), Some(yuan(1010)));
        assert_eq!(next(Rounding::Nearest), Some(yuan(1020)));
        assert_eq!(next(Rounding::Up), Some(yuan(1020)));
        let fallen = rule(Rounding::Nearest, true).next(yuan(1000), yuan(203), yuan(200));
        assert_eq!(fallen, Some(yuan(990)));
        assert_eq!(
            rule(Rounding::Up, false).next(Money::from_fen(i64::MAX), yuan(1), yuan(2)),
            None
        );
    }

    proptest! {
        #[test]
        fn the_next_rate_is_within_a_step_of_the_exact_one(
            rate in 1i64..1_000_000, before in 1i64..10_000_000, more in 0i64..10_000_000,
        ) {
            let after = before + more;
            for rounding in [Rounding::Down, Rounding::Nearest, Rounding::Up] {
                let [rate, before, after] = [rate, before, after].map(Money::from_fen);
                let next = rule(rounding, true).next(rate, before, after).unwrap();
                let off = i128::from(next.fen()) * i128::from(before.fen()) - i128::from(rate.fen()) * i128::from(after.fen());
                prop_assert_eq!(next.fen() % 1000, 0);
                prop_assert!(off.abs() < i128::from(before.fen()) * 1000);
            }
        }
    }
}
