//! 资金来源: which level of government pays how much of the allowances, and under which heading of the budget.

use kernel::money::Money;

/// A level that pays a part.
///
/// ```
/// use policy::FundingLevel;
/// let codes = FundingLevel::ALL.map(FundingLevel::code);
/// assert_eq!(codes, ["central_and_province", "city", "county"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FundingLevel {
    /// 中央和省级
    CentralAndProvince,
    /// 市级
    City,
    /// 县级
    County,
}

impl FundingLevel {
    /// Every level, from above.
    pub const ALL: [Self; 3] = [Self::CentralAndProvince, Self::City, Self::County];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CentralAndProvince => "central_and_province",
            Self::City => "city",
            Self::County => "county",
        }
    }

    /// As a published table writes it.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::CentralAndProvince => "中央和省级",
            Self::City => "市级",
            Self::County => "县级",
        }
    }
}

/// What each level pays of a month, and where it stands in the budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funding {
    /// Per cent of the country and the province together, 0 to 100.
    pub central_and_province: u8,
    /// Per cent of the city, no more than what that leaves; the county pays the rest.
    pub city: u8,
    /// 预算科目编码, such as `2081001`.
    pub budget_code: String,
    /// 预算科目名称.
    pub budget_name: String,
}

impl Funding {
    /// Per cent that a level pays. All of them are 100.
    #[must_use]
    pub const fn percent(&self, level: FundingLevel) -> u8 {
        match level {
            FundingLevel::CentralAndProvince => self.central_and_province,
            FundingLevel::City => self.city,
            FundingLevel::County => 100_u8
                .saturating_sub(self.central_and_province)
                .saturating_sub(self.city),
        }
    }

    /// What each level pays of an amount, in the order of [`FundingLevel::ALL`]; of what is less than nothing, what it gets
    /// back. The upper levels pay whole fen and no more than their part, the county what is left: the three add up.
    ///
    /// ```
    /// use kernel::money::Money;
    /// use policy::Funding;
    /// let funding = Funding {
    ///     central_and_province: 50,
    ///     city: 15,
    ///     budget_code: "2081001".into(),
    ///     budget_name: "儿童福利".into(),
    /// };
    /// let parts = funding.split(Money::from_fen(1001)).map(|(_, part)| part.fen());
    /// assert_eq!(parts, [500, 150, 351]);
    /// ```
    #[must_use]
    pub fn split(&self, amount: Money) -> [(FundingLevel, Money); 3] {
        let fen = amount.fen();
        let part = |level| {
            let percent = i64::from(self.percent(level));
            // Hundreds and rest apart, so that nothing overflows.
            fen / 100 * percent + fen % 100 * percent / 100
        };
        let [upper, city] = [FundingLevel::CentralAndProvince, FundingLevel::City].map(part);
        let parts = [upper, city, fen - upper - city];
        std::array::from_fn(|at| (FundingLevel::ALL[at], Money::from_fen(parts[at])))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn funding(central_and_province: u8, city: u8) -> Funding {
        Funding {
            central_and_province,
            city,
            budget_code: "2081001".into(),
            budget_name: "儿童福利".into(),
        }
    }

    #[test]
    fn one_level_alone_pays_everything() {
        let amount = Money::from_fen(12_345);
        let paid = |funding: Funding| funding.split(amount).map(|(_, part)| part.fen());
        assert_eq!(paid(funding(100, 0)), [12_345, 0, 0]);
        assert_eq!(paid(funding(0, 100)), [0, 12_345, 0]);
        assert_eq!(paid(funding(0, 0)), [0, 0, 12_345]);
    }

    proptest! {
        /// To the fen, whatever the shares, for what is paid and for what comes back; no part is off by two fen or of another
        /// sign than the whole.
        #[test]
        fn the_parts_add_up_and_none_is_off_by_two_fen(
            upper in 0_u8..=100, of_rest in 0_u8..=100, fen in any::<i64>(),
        ) {
            let city = u8::try_from(u32::from(100 - upper) * u32::from(of_rest) / 100).unwrap();
            let funding = funding(upper, city);
            let parts = funding.split(Money::from_fen(fen));
            let sum: i128 = parts.iter().map(|(_, part)| i128::from(part.fen())).sum();
            prop_assert_eq!(sum, i128::from(fen));
            let shares: u32 = FundingLevel::ALL.map(|level| u32::from(funding.percent(level))).iter().sum();
            prop_assert_eq!(shares, 100);
            for (level, part) in parts {
                let part = i128::from(part.fen());
                let off = part * 100 - i128::from(fen) * i128::from(funding.percent(level));
                prop_assert!(off.abs() < 200, "{level:?}: {off}");
                prop_assert!(part == 0 || (part < 0) == (fen < 0), "{level:?}: {part}");
            }
        }
    }
}
