//! Administrative divisions: the 12-digit statistical code (2+2+2+3+3 digits) and the tree it spells.
//!
//! **Invariant.** A division's subtree is the half-open range of codes [`Division::range`], so containment
//! needs no tree.

use std::fmt;
use std::ops::Range;

use crate::explain::{Explain, Lang};

/// One more than the largest 12-digit code.
const END: i64 = 1_000_000_000_000;

/// Why a number or a text names no division.
///
/// ```
/// use kernel::division::{Division, DivisionError};
/// assert_eq!(Division::parse("37048"), Err(DivisionError::Form));
/// assert_eq!(Division::new(-1), Err(DivisionError::Range));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DivisionError {
    /// Negative, longer than twelve digits, or without a province.
    #[error("division code out of range")]
    Range,
    /// Not 2, 4, 6, 9 or 12 digits.
    #[error("division code is not 2, 4, 6, 9 or 12 digits")]
    Form,
}

impl Explain for DivisionError {
    fn code(&self) -> &'static str {
        match self {
            Self::Range => "division.out_of_range",
            Self::Form => "division.unreadable",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => "行政区划代码不正确：应为2、4、6、9或12位数字，例如 370481。".to_owned(),
            Lang::En => {
                "This is no division code: give 2, 4, 6, 9 or 12 digits, such as 370481.".to_owned()
            }
        }
    }
}

/// How deep in the tree a division lies, from the country down.
///
/// ```
/// use kernel::division::Level;
/// assert!(Level::Province < Level::Village);
/// assert_eq!(Level::from_code("town"), Some(Level::Town));
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 全国
    Country,
    /// 省、自治区、直辖市
    Province,
    /// 地级市、州
    City,
    /// 县、区、县级市
    County,
    /// 乡镇、街道
    Town,
    /// 村、居
    Village,
}

impl Level {
    /// Every level, from the country down.
    pub const ALL: [Self; 6] = [
        Self::Country,
        Self::Province,
        Self::City,
        Self::County,
        Self::Town,
        Self::Village,
    ];

    /// The stable code, such as `town`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Town => "town",
            Self::Village => "village",
        }
    }

    /// The level with this stable code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// How many codes a division of this level spans: 1 for a village, 1000 for a town, and so on.
    #[must_use]
    pub const fn span(self) -> i64 {
        match self {
            Self::Country => END,
            Self::Province => 10_000_000_000,
            Self::City => 100_000_000,
            Self::County => 1_000_000,
            Self::Town => 1_000,
            Self::Village => 1,
        }
    }
}

/// An administrative division.
///
/// ```
/// use kernel::division::{Division, Level};
/// let tengzhou = Division::parse("370481")?;
/// let town = Division::new(370_481_001_000)?;
/// assert_eq!(tengzhou.level(), Level::County);
/// assert_eq!(town.parent(), Some(tengzhou));
/// assert!(tengzhou.contains(town));
/// assert_eq!(tengzhou.range(), 370_481_000_000..370_482_000_000);
/// // Towns of Dongguan hang directly below the city.
/// assert_eq!(Division::new(441_900_003_000)?.parent(), Some(Division::parse("4419")?));
/// # Ok::<(), kernel::division::DivisionError>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct Division(i64);

impl Division {
    /// The whole country, code 0.
    pub const COUNTRY: Self = Self(0);

    /// The division with this 12-digit code; 0 is the country.
    ///
    /// Whether such a division exists is the gazetteer's knowledge, not this type's.
    ///
    /// # Errors
    /// [`DivisionError::Range`] where the code is negative, longer than twelve digits or lacks a province.
    pub const fn new(code: i64) -> Result<Self, DivisionError> {
        let lacks_province = code > 0 && code < Level::Province.span();
        if code < 0 || code >= END || lacks_province {
            Err(DivisionError::Range)
        } else {
            Ok(Self(code))
        }
    }

    /// Reads a code of 2, 4, 6, 9 or 12 digits; short ones are filled up with zeros.
    ///
    /// # Errors
    /// [`DivisionError::Form`] for any other text, [`DivisionError::Range`] for a code without a province.
    pub fn parse(text: &str) -> Result<Self, DivisionError> {
        if !matches!(text.len(), 2 | 4 | 6 | 9 | 12)
            || !text.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Err(DivisionError::Form);
        }
        let code = text
            .bytes()
            .fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
        let missing = (text.len()..12).fold(1, |factor, _| factor * 10);
        Self::new(code * missing)
    }

    /// The 12-digit code.
    #[must_use]
    pub const fn code(self) -> i64 {
        self.0
    }

    /// The level that the code's trailing zeros spell.
    #[must_use]
    pub const fn level(self) -> Level {
        match self.0 {
            0 => Level::Country,
            code if code % Level::Province.span() == 0 => Level::Province,
            code if code % Level::City.span() == 0 => Level::City,
            code if code % Level::County.span() == 0 => Level::County,
            code if code % Level::Town.span() == 0 => Level::Town,
            _ => Level::Village,
        }
    }

    /// The next division up, or `None` for the country. Levels that the code leaves empty are skipped:
    /// the towns of Dongguan belong to the city directly.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        Level::ALL
            .into_iter()
            .rev()
            .map(|level| self.up_to(level))
            .find(|above| *above != self)
    }

    /// The codes of the division and of everything in it, end excluded.
    #[must_use]
    pub const fn range(self) -> Range<i64> {
        self.0..self.0 + self.level().span()
    }

    /// Whether `other` is this division or lies in it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.range().contains(&other.0)
    }

    /// The county it is or lies in, or `None` above the county. Towns directly below a city have none.
    #[must_use]
    pub fn county(self) -> Option<Self> {
        self.above(Level::County)
    }

    /// The town or street it is or lies in, or `None` above the town.
    #[must_use]
    pub fn town(self) -> Option<Self> {
        self.above(Level::Town)
    }

    fn above(self, level: Level) -> Option<Self> {
        Some(self.up_to(level)).filter(|above| above.level() == level)
    }

    fn up_to(self, level: Level) -> Self {
        Self(self.0 - self.0 % level.span())
    }
}

impl fmt::Display for Division {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl std::str::FromStr for Division {
    type Err = DivisionError;

    fn from_str(text: &str) -> Result<Self, DivisionError> {
        Self::parse(text)
    }
}

impl TryFrom<i64> for Division {
    type Error = DivisionError;

    fn try_from(code: i64) -> Result<Self, DivisionError> {
        Self::new(code)
    }
}

impl From<Division> for i64 {
    fn from(division: Division) -> Self {
        division.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn division(text: &str) -> Division {
        Division::parse(text).unwrap()
    }

    #[test]
    fn each_length_names_its_level() {
        for (text, level) in [
            ("37", Level::Province),
            ("3704", Level::City),
            ("370481", Level::County),
            ("370481001", Level::Town),
            ("370481001001", Level::Village),
            ("370481000000", Level::County),
        ] {
            assert_eq!(division(text).level(), level, "{text}");
        }
        assert_eq!(Division::COUNTRY.level(), Level::Country);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "3",
            "370",
            "37048",
            "3704810",
            "37048100100",
            "3704810010010",
            "37048a",
            "３７",
            "-37048",
            " 370481",
        ] {
            assert_eq!(Division::parse(text), Err(DivisionError::Form), "{text:?}");
        }
        assert_eq!(Division::parse("00"), Ok(Division::COUNTRY));
        assert_eq!(Division::parse("000481"), Err(DivisionError::Range));
        assert_eq!(Division::new(END), Err(DivisionError::Range));
    }

    #[test]
    fn the_chain_of_parents_ends_at_the_country() {
        let chain: Vec<String> =
            std::iter::successors(Some(division("370481001001")), |d| d.parent())
                .map(|d| d.to_string())
                .collect();
        assert_eq!(
            chain,
            [
                "370481001001",
                "370481001000",
                "370481000000",
                "370400000000",
                "370000000000",
                "000000000000"
            ]
        );
    }

    #[test]
    fn a_town_below_a_city_has_no_county() {
        let town = division("441900003");
        assert_eq!(town.level(), Level::Town);
        assert_eq!(town.county(), None);
        assert_eq!(town.town(), Some(town));
        assert!(division("4419").contains(town));
    }

    #[test]
    fn a_division_travels_as_a_number() {
        assert_eq!(
            serde_json::to_string(&division("370481")).unwrap(),
            "370481000000"
        );
        assert_eq!(
            serde_json::from_str::<Division>("370481000000").unwrap(),
            division("370481")
        );
        assert!(serde_json::from_str::<Division>("-1").is_err());
    }

    proptest! {
        #[test]
        fn a_parent_contains_its_child_and_is_higher(code in 110_000_000_000i64..840_000_000_000) {
            let child = Division::new(code).unwrap();
            let parent = child.parent().unwrap();
            prop_assert!(parent.contains(child));
            prop_assert!(!child.contains(parent));
            prop_assert!(parent.level() < child.level());
            prop_assert!(parent.range().start <= child.range().start && child.range().end <= parent.range().end);
        }

        #[test]
        fn text_and_back(code in 110_000_000_000i64..840_000_000_000) {
            let it = Division::new(code).unwrap();
            prop_assert_eq!(it.to_string().parse::<Division>().unwrap(), it);
        }
    }
}
