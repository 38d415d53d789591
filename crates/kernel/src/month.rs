//! Months and quarters, the periods in which allowances are owed and sweeps are made.

use std::fmt;

use jiff::civil::Date;

use crate::explain::{Explain, Lang};

/// A text that names no month or no quarter.
///
/// ```
/// use kernel::month::{Month, PeriodError, Quarter};
/// assert_eq!("2021-13".parse::<Month>(), Err(PeriodError::Month));
/// assert_eq!("2021Q5".parse::<Quarter>(), Err(PeriodError::Quarter));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Not a month such as `2021-03`.
    #[error("not a month such as 2021-03")]
    Month,
    /// Not a quarter such as `2021Q4`.
    #[error("not a quarter such as 2021Q4")]
    Quarter,
}

impl Explain for PeriodError {
    fn code(&self) -> &'static str {
        match self {
            Self::Month => "month.unreadable",
            Self::Quarter => "quarter.unreadable",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Month, Lang::Zh) => "月份格式不正确，请按 2021-03 的形式填写。",
            (Self::Month, Lang::En) => "This is no month. Write it as 2021-03.",
            (Self::Quarter, Lang::Zh) => "季度格式不正确，请按 2021Q4 的形式填写。",
            (Self::Quarter, Lang::En) => "This is no quarter. Write it as 2021Q4.",
        }
        .to_owned()
    }
}

/// A calendar month of the years 1 to 9999.
///
/// ```
/// use jiff::civil::date;
/// use kernel::month::Month;
/// let march: Month = "2021-03".parse()?;
/// assert_eq!(march, Month::of(date(2021, 3, 31)));
/// assert_eq!(march.last(), date(2021, 3, 31));
/// assert_eq!(march.plus(10).to_string(), "2022-01");
/// # Ok::<(), kernel::month::PeriodError>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// January of the year 1.
    pub const MIN: Self = Self { year: 1, month: 1 };
    /// December of the year 9999.
    pub const MAX: Self = Self {
        year: 9999,
        month: 12,
    };

    /// The month with this number (1 to 12) of this year (1 to 9999), or `None` outside.
    #[must_use]
    pub const fn new(year: i16, month: i8) -> Option<Self> {
        if year >= 1 && year <= 9999 && month >= 1 && month <= 12 {
            Some(Self { year, month })
        } else {
            None
        }
    }

    /// The month that `day` lies in; [`Month::MIN`] for days before the year 1.
    #[must_use]
    pub fn of(day: Date) -> Self {
        if day.year() < 1 {
            Self::MIN
        } else {
            Self {
                year: day.year(),
                month: day.month(),
            }
        }
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The number of the month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> i8 {
        self.month
    }

    /// Its first day.
    #[must_use]
    pub const fn first(self) -> Date {
        jiff::civil::date(self.year, self.month, 1)
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.first().last_of_month()
    }

    /// The month after; [`Month::MAX`] has none and stays.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// The month before; [`Month::MIN`] has none and stays.
    #[must_use]
    pub fn prev(self) -> Self {
        self.plus(-1)
    }

    /// The month `months` later, or earlier where negative; stops at [`Month::MIN`] and [`Month::MAX`].
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        let moved = self
            .ordinal()
            .saturating_add(months)
            .clamp(Self::MIN.ordinal(), Self::MAX.ordinal());
        let (year, month) = (moved.div_euclid(12), moved.rem_euclid(12) + 1);
        match (i16::try_from(year), i8::try_from(month)) {
            (Ok(year), Ok(month)) => Self { year, month },
            _ => self,
        }
    }

    /// How many months it is from `earlier` to this one; negative where `earlier` is the later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.ordinal() - earlier.ordinal()
    }

    /// Months since January of the year 0.
    const fn ordinal(self) -> i32 {
        self.year as i32 * 12 + self.month as i32 - 1
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl std::str::FromStr for Month {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let (year, month) = text.split_once('-').ok_or(PeriodError::Month)?;
        digits(year, 4)
            .zip(digits(month, 2))
            .and_then(|(year, month)| Self::new(year, i8::try_from(month).ok()?))
            .ok_or(PeriodError::Month)
    }
}

impl TryFrom<String> for Month {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

/// A quarter of a year, in which every sweep covers every child once.
///
/// ```
/// use jiff::civil::date;
/// use kernel::month::Quarter;
/// let quarter = Quarter::of(date(2021, 11, 4));
/// assert_eq!(quarter.to_string(), "2021Q4");
/// assert_eq!((quarter.first(), quarter.last()), (date(2021, 10, 1), date(2021, 12, 31)));
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Quarter {
    year: i16,
    quarter: i8,
}

impl Quarter {
    /// The quarter with this number (1 to 4) of this year (1 to 9999), or `None` outside.
    #[must_use]
    pub const fn new(year: i16, quarter: i8) -> Option<Self> {
        if year >= 1 && year <= 9999 && quarter >= 1 && quarter <= 4 {
            Some(Self { year, quarter })
        } else {
            None
        }
    }

    /// The quarter that `day` lies in; the first of the year 1 for days before it.
    #[must_use]
    pub fn of(day: Date) -> Self {
        let month = Month::of(day);
        Self {
            year: month.year,
            quarter: (month.month - 1) / 3 + 1,
        }
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The number of the quarter, 1 to 4.
    #[must_use]
    pub const fn quarter(self) -> i8 {
        self.quarter
    }

    /// Its first day.
    #[must_use]
    pub const fn first(self) -> Date {
        self.months()[0].first()
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.months()[2].last()
    }

    /// Its three months.
    #[must_use]
    pub const fn months(self) -> [Month; 3] {
        let (year, first) = (self.year, self.quarter * 3 - 2);
        [
            Month { year, month: first },
            Month {
                year,
                month: first + 1,
            },
            Month {
                year,
                month: first + 2,
            },
        ]
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}Q{}", self.year, self.quarter)
    }
}

impl std::str::FromStr for Quarter {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let (year, quarter) = text.split_once('Q').ok_or(PeriodError::Quarter)?;
        digits(year, 4)
            .zip(digits(quarter, 1))
            .and_then(|(year, quarter)| Self::new(year, i8::try_from(quarter).ok()?))
            .ok_or(PeriodError::Quarter)
    }
}

impl TryFrom<String> for Quarter {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> Self {
        quarter.to_string()
    }
}

/// The value of exactly `count` ASCII digits.
fn digits(text: &str, count: usize) -> Option<i16> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "2021",
            "2021-3",
            "2021-00",
            "2021-13",
            "21-03",
            "0000-01",
            "2021-03-01",
            "2021/03",
            "２０２１-03",
        ] {
            assert_eq!(text.parse::<Month>(), Err(PeriodError::Month), "{text:?}");
        }
        for text in ["", "2021Q0", "2021Q5", "2021q4", "Q4", "2021-Q4", "2021Q04"] {
            assert_eq!(
                text.parse::<Quarter>(),
                Err(PeriodError::Quarter),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_ends_of_the_calendar_hold() {
        assert_eq!(Month::MAX.next(), Month::MAX);
        assert_eq!(Month::MIN.prev(), Month::MIN);
        assert_eq!(Month::MIN.plus(i32::MAX), Month::MAX);
        assert_eq!(Month::MAX.plus(i32::MIN), Month::MIN);
        assert_eq!(Month::MAX.last(), date(9999, 12, 31));
        assert_eq!(Month::of(date(-5, 3, 1)), Month::MIN);
    }

    #[test]
    fn every_month_lies_in_its_quarter() {
        for month in 1..=12 {
            let day = date(2024, month, 29.min(if month == 2 { 29 } else { 28 }));
            let quarter = Quarter::of(day);
            assert!(quarter.months().contains(&Month::of(day)));
            assert!(quarter.first() <= day && day <= quarter.last());
        }
        assert_eq!(Quarter::of(date(2024, 2, 29)).last(), date(2024, 3, 31));
    }

    #[test]
    fn periods_travel_as_their_text() {
        assert_eq!(
            serde_json::to_string(&Month::of(date(2021, 3, 5))).unwrap(),
            "\"2021-03\""
        );
        assert_eq!(
            serde_json::from_str::<Quarter>("\"2021Q4\"").unwrap(),
            Quarter::of(date(2021, 12, 31))
        );
        assert!(serde_json::from_str::<Month>("\"2021-3\"").is_err());
    }

    proptest! {
        #[test]
        fn months_count_like_numbers(year in 1i16..=9999, month in 1i8..=12, by in -2000i32..2000) {
            let start = Month::new(year, month).unwrap();
            let moved = start.plus(by);
            prop_assert_eq!(start.to_string().parse::<Month>(), Ok(start));
            prop_assert!(Month::MIN <= moved && moved <= Month::MAX);
            if moved > Month::MIN && moved < Month::MAX {
                prop_assert_eq!(moved.since(start), by);
                prop_assert_eq!(moved.plus(-by), start);
            }
        }

        #[test]
        fn the_day_after_the_last_is_the_next_months_first(year in 1i16..=9998, month in 1i8..=12) {
            let it = Month::new(year, month).unwrap();
            prop_assert_eq!(it.last().tomorrow().unwrap(), it.next().first());
        }
    }
}
