//! Money in whole fen.
//!
//! **Invariant.** An amount is an `i64` of fen and every sum is checked; no float ever touches it.

use std::fmt;

use crate::explain::{Explain, Lang};

/// Why an amount cannot be had.
///
/// ```
/// use kernel::money::{Money, MoneyError};
/// assert_eq!("12.345".parse::<Money>(), Err(MoneyError::Unreadable));
/// assert_eq!(Money::from_fen(i64::MAX).checked_add(Money::from_fen(1)), Err(MoneyError::Overflow));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not an amount of yuan with at most two decimals.
    #[error("not an amount of yuan with at most two decimals")]
    Unreadable,
    /// Beyond what 64 bits of fen hold, some 92 million billion yuan.
    #[error("amount of money too large")]
    Overflow,
}

impl Explain for MoneyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "money.unreadable",
            Self::Overflow => "money.overflow",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Unreadable, Lang::Zh) => {
                "金额无法识别，请以元填写，最多两位小数，例如 1600.00。"
            }
            (Self::Unreadable, Lang::En) => {
                "The amount cannot be read. Give yuan with at most two decimals, such as 1600.00."
            }
            (Self::Overflow, Lang::Zh) => "金额超出可计算的范围，请核对。",
            (Self::Overflow, Lang::En) => "The amount is too large to be reckoned with. Check it.",
        }
        .to_owned()
    }
}

/// An amount of money in fen, negative for a recovery.
///
/// ```
/// use kernel::money::Money;
/// let raise: Money = "200.00".parse()?;
/// let paid = Money::from_yuan(1400).checked_add(raise)?;
/// assert_eq!(paid.to_string(), "1600.00");
/// assert_eq!(paid.grouped(), "1,600.00");
/// assert_eq!(raise.checked_neg()?.fen(), -20_000);
/// # Ok::<(), kernel::money::MoneyError>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Money(i64);

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount in fen.
    #[must_use]
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// An amount in whole yuan.
    #[must_use]
    pub const fn from_yuan(yuan: i32) -> Self {
        Self(yuan as i64 * 100)
    }

    /// The amount in fen.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// The sum of the two.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.0
            .checked_add(other.0)
            .map(Self)
            .ok_or(MoneyError::Overflow)
    }

    /// This less `other`.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.0
            .checked_sub(other.0)
            .map(Self)
            .ok_or(MoneyError::Overflow)
    }

    /// The same amount owed the other way.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        self.0.checked_neg().map(Self).ok_or(MoneyError::Overflow)
    }

    /// The sum of all of them, zero for none.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`], also where only a partial sum overflows.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// For people: yuan with commas between thousands, `-1,600.00`.
    #[must_use]
    pub fn grouped(self) -> String {
        let plain = self.0.unsigned_abs();
        let yuan = (plain / 100).to_string();
        let mut text = String::from(if self.0 < 0 { "-" } else { "" });
        for (at, digit) in yuan.chars().enumerate() {
            if at > 0 && (yuan.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text + &format!(".{:02}", plain % 100)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let plain = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", plain / 100, plain % 100)
    }
}

impl std::str::FromStr for Money {
    type Err = MoneyError;

    /// Reads yuan: `1600`, `1600.5`, `1600.00`, `-200.00`; no sign but minus, no commas, no spaces.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (negative, plain) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (yuan, decimals) = plain
            .split_once('.')
            .map_or((plain, "00"), |(yuan, decimals)| (yuan, decimals));
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(yuan) || !digits(decimals) || decimals.len() > 2 {
            return Err(MoneyError::Unreadable);
        }
        // Parsed with its sign, since the most negative amount has no positive twin.
        let sign = if negative { "-" } else { "" };
        format!("{sign}{yuan}{decimals:0<2}")
            .parse()
            .map(Self)
            .map_err(|_| MoneyError::Overflow)
    }
}

impl TryFrom<String> for Money {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        for (text, fen) in [
            ("1600.00", 160_000),
            ("1600", 160_000),
            ("1600.5", 160_050),
            ("0.01", 1),
            ("-0.01", -1),
            ("-200.00", -20_000),
            ("007.00", 700),
            ("-0", 0),
            ("92233720368547758.07", i64::MAX),
            ("-92233720368547758.08", i64::MIN),
        ] {
            assert_eq!(text.parse::<Money>().map(Money::fen), Ok(fen), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "", "-", ".", "1.", ".5", "1.234", "+1", "1,600", " 1", "1e3", "１", "--1", "1.2.3",
            "NaN",
        ] {
            assert_eq!(
                text.parse::<Money>(),
                Err(MoneyError::Unreadable),
                "{text:?}"
            );
        }
        assert_eq!(
            "92233720368547758.08".parse::<Money>(),
            Err(MoneyError::Overflow)
        );
    }

    #[test]
    fn thousands_are_grouped() {
        for (fen, text) in [
            (0, "0.00"),
            (-5, "-0.05"),
            (99_999, "999.99"),
            (100_000, "1,000.00"),
            (-123_456_789, "-1,234,567.89"),
            (i64::MIN, "-92,233,720,368,547,758.08"),
        ] {
            assert_eq!(Money::from_fen(fen).grouped(), text);
        }
    }

    #[test]
    fn overflow_is_an_error_and_never_wraps() {
        let most = Money::from_fen(i64::MAX);
        assert_eq!(
            most.checked_add(Money::from_fen(1)),
            Err(MoneyError::Overflow)
        );
        assert_eq!(
            Money::from_fen(i64::MIN).checked_neg(),
            Err(MoneyError::Overflow)
        );
        assert_eq!(
            Money::from_fen(i64::MIN).checked_sub(Money::from_fen(1)),
            Err(MoneyError::Overflow)
        );
        assert_eq!(Money::sum([most, most]), Err(MoneyError::Overflow));
        assert_eq!(Money::sum([]), Ok(Money::ZERO));
    }

    proptest! {
        #[test]
        fn text_json_and_back(fen: i64) {
            let money = Money::from_fen(fen);
            prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
            prop_assert_eq!(money.grouped().replace(',', ""), money.to_string());
            let json = serde_json::to_string(&money).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        }

        #[test]
        fn sums_are_those_of_fen(amounts in proptest::collection::vec(-1_000_000_000i64..1_000_000_000, 0..20)) {
            let sum = Money::sum(amounts.iter().copied().map(Money::from_fen));
            prop_assert_eq!(sum, Ok(Money::from_fen(amounts.iter().sum())));
        }
    }
}
