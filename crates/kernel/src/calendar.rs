//! Working days: weekdays less public holidays plus make-up days, as the State Council announces them.
//!
//! **Invariant.** The calendar answers only for years whose holidays have been announced; beyond them it
//! says so instead of guessing. A calendar never changes: a changed holiday makes the next version, and a
//! deadline set by an earlier version stays where it is.

use std::fmt;

use chinese_holiday::{Ymd, chinese_holiday};
use jiff::civil::{Date, Weekday, date};

use crate::explain::{Explain, Lang};

/// Years before this one are not answered for: there the data and other collections of the notices differ
/// (31 December 2005, 9 October 2016).
const FIRST_YEAR: i16 = 2018;

/// The last day that the data of crate `chinese_holiday` 2026.0 answers; it panics on later ones. A test
/// fails when a newer edition of the data knows more.
const DATA_ENDS: Date = date(2026, 12, 25);

/// Why a working day cannot be counted.
///
/// ```
/// use jiff::civil::date;
/// use kernel::calendar::{CalendarError, WorkCalendar};
/// use kernel::explain::Explain;
/// let error = WorkCalendar::builtin().is_workday(date(2017, 12, 29)).unwrap_err();
/// assert_eq!(error, CalendarError::Before { date: date(2017, 12, 29), first_year: 2018 });
/// assert_eq!(error.code(), "calendar.before");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The count needs a day of a year whose holidays have not been announced.
    #[error("{date} lies beyond the working-day calendar, which ends with {last_year}")]
    Beyond {
        /// The day asked about, or the first uncovered day that a count ran into.
        date: Date,
        /// The last year covered.
        last_year: i16,
    },
    /// The count needs a day before the first year covered.
    #[error("{date} lies before the working-day calendar, which begins with {first_year}")]
    Before {
        /// The day asked about.
        date: Date,
        /// The first year covered.
        first_year: i16,
    },
}

impl Explain for CalendarError {
    fn code(&self) -> &'static str {
        match self {
            Self::Beyond { .. } => "calendar.beyond",
            Self::Before { .. } => "calendar.before",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Beyond { last_year, .. }, Lang::Zh) => format!(
                "工作日历只到{last_year}年12月31日，之后的放假安排尚未收录，无法推算。请在国务院办公厅公布下一年放假安排、更新日历后再算。"
            ),
            (Self::Beyond { last_year, .. }, Lang::En) => format!(
                "The working-day calendar ends on 31 December {last_year}; later holidays are not known to it, so the day cannot be counted. Update the calendar once the next year's holidays are announced."
            ),
            (Self::Before { first_year, .. }, Lang::Zh) => {
                format!("工作日历从{first_year}年1月1日开始，更早的日期无法推算，请核对日期。")
            }
            (Self::Before { first_year, .. }, Lang::En) => {
                format!(
                    "The working-day calendar begins on 1 January {first_year}; earlier days cannot be counted. Check the date."
                )
            }
        }
    }
}

/// A text that names no version of the calendar.
///
/// ```
/// use kernel::calendar::{CalendarVersion, VersionError};
/// assert_eq!("latest".parse::<CalendarVersion>(), Err(VersionError));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a calendar version such as 2026.0")]
pub struct VersionError;

impl Explain for VersionError {
    fn code(&self) -> &'static str {
        "calendar.version"
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => "工作日历版本不正确，应形如 2026.0。".to_owned(),
            Lang::En => {
                "This is no version of the working-day calendar; it looks like 2026.0.".to_owned()
            }
        }
    }
}

/// Which calendar counted: the last year of the built-in data, and how many revisions were applied to it.
/// Revisions are only ever appended, so the number names them.
///
/// ```
/// use kernel::calendar::{CalendarVersion, WorkCalendar};
/// let version = WorkCalendar::builtin().version();
/// assert_eq!(version.to_string(), "2026.0");
/// assert_eq!("2026.0".parse::<CalendarVersion>()?, version);
/// # Ok::<(), kernel::calendar::VersionError>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct CalendarVersion {
    data: i16,
    revision: u16,
}

impl fmt::Display for CalendarVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.data, self.revision)
    }
}

impl std::str::FromStr for CalendarVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let (data, revision) = text.split_once('.').ok_or(VersionError)?;
        let version = Self {
            data: data.parse().map_err(|_| VersionError)?,
            revision: revision.parse().map_err(|_| VersionError)?,
        };
        // Only the one spelling: `+2026.00` is none.
        if version.to_string() == text {
            Ok(version)
        } else {
            Err(VersionError)
        }
    }
}

impl TryFrom<String> for CalendarVersion {
    type Error = VersionError;

    fn try_from(text: String) -> Result<Self, VersionError> {
        text.parse()
    }
}

impl From<CalendarVersion> for String {
    fn from(version: CalendarVersion) -> Self {
        version.to_string()
    }
}

/// A later announcement: a holiday changed in mid-year, or the next year's holidays.
///
/// A year beyond the data counts as announced once both its New Year's Day and its National Day are among
/// the days off; until then its days are kept but not counted.
///
/// ```
/// use jiff::civil::date;
/// use kernel::calendar::{Revision, WorkCalendar};
/// let revised = WorkCalendar::builtin().revised(Revision {
///     announced: date(2026, 12, 20),
///     days_off: vec![date(2026, 12, 31)],
///     workdays: vec![date(2026, 12, 27)],
///     note: "元旦调休".to_owned(),
/// });
/// assert_eq!(revised.is_workday(date(2026, 12, 31)), Ok(false));
/// assert_eq!(revised.version().to_string(), "2026.1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// The day of the notice.
    pub announced: Date,
    /// Days that are no working days.
    pub days_off: Vec<Date>,
    /// Days that are working days; one that is in both lists is.
    pub workdays: Vec<Date>,
    /// The notice's title or number.
    pub note: String,
}

/// A deadline, with the calendar that set it.
///
/// ```
/// use jiff::civil::date;
/// use kernel::calendar::WorkCalendar;
/// let due = WorkCalendar::builtin().add(date(2021, 11, 4), 15)?;
/// assert_eq!((due.on, due.calendar.to_string()), (date(2021, 11, 25), "2026.0".to_owned()));
/// # Ok::<(), kernel::calendar::CalendarError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Due {
    /// The last day on which it is in time.
    pub on: Date,
    /// The calendar that counted.
    pub calendar: CalendarVersion,
}

/// A working-day calendar of one version.
///
/// ```
/// use jiff::civil::date;
/// use kernel::calendar::WorkCalendar;
/// let calendar = WorkCalendar::builtin();
/// // Sunday, 10 May 2026 is free; Saturday, 9 May makes up for Labour Day.
/// assert_eq!(calendar.is_workday(date(2026, 5, 9)), Ok(true));
/// assert_eq!(calendar.between(date(2025, 12, 31), date(2026, 12, 31)), Ok(248));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkCalendar {
    revisions: Vec<Revision>,
    last_year: i16,
    /// For each covered day, how many working days there are from the first covered day up to and with it.
    counted: Vec<u32>,
    /// The working days, ascending.
    workdays: Vec<Date>,
}

impl WorkCalendar {
    /// The calendar of the built-in data, without revisions.
    #[must_use]
    pub fn builtin() -> Self {
        Self::with(Vec::new())
    }

    /// The next version: this calendar as changed by `revision`.
    #[must_use]
    pub fn revised(&self, revision: Revision) -> Self {
        Self::with(self.revisions.iter().cloned().chain([revision]).collect())
    }

    /// This calendar as it was at `version`, or `None` where that is not one of its own past.
    #[must_use]
    pub fn at(&self, version: CalendarVersion) -> Option<Self> {
        let past = self.revisions.get(..usize::from(version.revision))?;
        (version.data == self.version().data).then(|| Self::with(past.to_vec()))
    }

    /// Which calendar this is.
    #[must_use]
    pub fn version(&self) -> CalendarVersion {
        let revision = u16::try_from(self.revisions.len()).unwrap_or(u16::MAX);
        CalendarVersion {
            data: last_data_year(),
            revision,
        }
    }

    /// The revisions applied to the built-in data, in their order.
    #[must_use]
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The first year covered.
    #[must_use]
    pub const fn first_year(&self) -> i16 {
        FIRST_YEAR
    }

    /// The last year covered. Until the following year's notice its last days can still change: that notice
    /// may move a make-up day into December.
    #[must_use]
    pub const fn last_year(&self) -> i16 {
        self.last_year
    }

    /// Whether `day` is a working day.
    ///
    /// # Errors
    /// [`CalendarError`] outside the covered years.
    pub fn is_workday(&self, day: Date) -> Result<bool, CalendarError> {
        self.position(day)?;
        Ok(self.workdays.binary_search(&day).is_ok())
    }

    /// The day on which the `days`th working day after `from` falls. `from` itself is not counted, so it
    /// need not be a working day; with no days it is the answer.
    ///
    /// # Errors
    /// [`CalendarError`] where `from` or the answer lies outside the covered years.
    pub fn add(&self, from: Date, days: u32) -> Result<Due, CalendarError> {
        let passed = self.counted[self.position(from)?];
        let on = match days {
            0 => from,
            _ => {
                let at =
                    usize::try_from(u64::from(passed) + u64::from(days) - 1).unwrap_or(usize::MAX);
                *self.workdays.get(at).ok_or_else(|| {
                    self.beyond(date(self.last_year, 12, 31).saturating_add(ONE_DAY))
                })?
            }
        };
        Ok(Due {
            on,
            calendar: self.version(),
        })
    }

    /// How many working days there are after `after` up to and with `until`; none where `until` is not later.
    ///
    /// # Errors
    /// [`CalendarError`] where either lies outside the covered years.
    pub fn between(&self, after: Date, until: Date) -> Result<u32, CalendarError> {
        let (after, until) = (self.position(after)?, self.position(until)?);
        Ok(self.counted[until].saturating_sub(self.counted[after]))
    }

    fn with(revisions: Vec<Revision>) -> Self {
        let last_year = last_announced(&revisions);
        let mut calendar = Self {
            revisions,
            last_year,
            counted: Vec::new(),
            workdays: Vec::new(),
        };
        let mut day = date(FIRST_YEAR, 1, 1);
        while day.year() <= last_year {
            if calendar.is_announced_workday(day) {
                calendar.workdays.push(day);
            }
            calendar
                .counted
                .push(u32::try_from(calendar.workdays.len()).unwrap_or(u32::MAX));
            day = day.saturating_add(ONE_DAY);
        }
        calendar
    }

    /// By the latest revision that names the day, else by the data.
    fn is_announced_workday(&self, day: Date) -> bool {
        self.revisions
            .iter()
            .rev()
            .find_map(|revision| {
                let works = revision.workdays.contains(&day);
                (works || revision.days_off.contains(&day)).then_some(works)
            })
            .unwrap_or_else(|| is_data_workday(day))
    }

    fn position(&self, day: Date) -> Result<usize, CalendarError> {
        let Ok(at) = usize::try_from(day.duration_since(date(FIRST_YEAR, 1, 1)).as_hours() / 24)
        else {
            return Err(CalendarError::Before {
                date: day,
                first_year: FIRST_YEAR,
            });
        };
        if at < self.counted.len() {
            Ok(at)
        } else {
            Err(self.beyond(day))
        }
    }

    const fn beyond(&self, date: Date) -> CalendarError {
        CalendarError::Beyond {
            date,
            last_year: self.last_year,
        }
    }
}

const ONE_DAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

fn is_data_workday(day: Date) -> bool {
    let weekday = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    if day > DATA_ENDS {
        weekday
    } else {
        ymd(day).map_or(weekday, |ymd| chinese_holiday(ymd).is_workday())
    }
}

/// A year is announced once its first and its last statutory holiday are on record.
fn last_announced(revisions: &[Revision]) -> i16 {
    let off = |day: Date| {
        revisions
            .iter()
            .any(|revision| revision.days_off.contains(&day))
    };
    let mut year = last_data_year();
    while year < 9998 && off(date(year + 1, 1, 1)) && off(date(year + 1, 10, 1)) {
        year += 1;
    }
    year
}

/// The last year for which the data itself holds the National Day.
fn last_data_year() -> i16 {
    let has_holiday = |day: Date| {
        day <= DATA_ENDS
            && ymd(day).is_some_and(|ymd| {
                chinese_holiday(ymd) == chinese_holiday::DayKind::NationalDayHoliday
            })
    };
    (FIRST_YEAR..=DATA_ENDS.year())
        .rev()
        .find(|year| has_holiday(date(*year, 10, 1)))
        .unwrap_or(FIRST_YEAR)
}

fn ymd(day: Date) -> Option<Ymd> {
    let (Ok(year), Ok(month), Ok(number)) = (
        u16::try_from(day.year()),
        u8::try_from(day.month()),
        u8::try_from(day.day()),
    ) else {
        return None;
    };
    Some(Ymd::new(year, month, number))
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
