//! The clocks of an application: which body has how many working days, one leg after the other.

use jiff::civil::Date;
use kernel::calendar::{CalendarError, Due, WorkCalendar};

/// The way an application takes.
///
/// ```
/// assert_eq!("provincewide".parse(), Ok(policy::Path::Provincewide));
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
pub enum Path {
    /// 户籍地申请: accepted by the household town itself.
    OwnTown,
    /// 全省通办: accepted by any town of the province.
    Provincewide,
    /// 跨省通办: accepted by any town of the country.
    Nationwide,
    /// 专人受理: filed with the household county directly, and known to one named officer.
    Sealed,
}

impl Path {
    /// Every path.
    pub const ALL: [Self; 4] = [
        Self::OwnTown,
        Self::Provincewide,
        Self::Nationwide,
        Self::Sealed,
    ];

    /// The stable code, such as `nationwide`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnTown => "own_town",
            Self::Provincewide => "provincewide",
            Self::Nationwide => "nationwide",
            Self::Sealed => "sealed",
        }
    }
}

impl std::str::FromStr for Path {
    type Err = UnknownPath;

    fn from_str(code: &str) -> Result<Self, UnknownPath> {
        let mut all = Self::ALL.into_iter();
        all.find(|path| path.code() == code).ok_or(UnknownPath)
    }
}

/// A code that names no path.
///
/// ```
/// assert_eq!("home".parse::<policy::Path>(), Err(policy::UnknownPath));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown path")]
pub struct UnknownPath;

/// What is done on a leg.
///
/// ```
/// assert_eq!(serde_json::to_string(&policy::Step::Verify)?, "\"verify\"");
/// # Ok::<(), serde_json::Error>(())
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
pub enum Step {
    /// 推送: a complete file is entered and sent to the household town.
    Forward,
    /// 查验: the town looks at facts and papers.
    Verify,
    /// 确认: the county decides.
    Confirm,
    /// 告知: the applicant is told.
    Tell,
}

/// Who owns a leg.
///
/// ```
/// assert_eq!(serde_json::to_string(&policy::Body::HouseholdCounty)?, "\"household_county\"");
/// # Ok::<(), serde_json::Error>(())
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
pub enum Body {
    /// The town that accepted.
    AcceptingTown,
    /// The town of the child's household.
    HouseholdTown,
    /// The county of the child's household.
    HouseholdCounty,
}

/// One leg of a clock.
///
/// ```
/// use jiff::civil::date;
/// use kernel::calendar::WorkCalendar;
/// use policy::{Body, Leg, Step};
/// let leg = Leg { step: Step::Verify, body: Body::HouseholdTown, working_days: 15 };
/// assert_eq!(leg.due(date(2021, 11, 4), &WorkCalendar::builtin())?.on, date(2021, 11, 25));
/// # Ok::<(), kernel::calendar::CalendarError>(())
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
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// What is done.
    pub step: Step,
    /// By whom.
    pub body: Body,
    /// Within how many working days; the day on which the leg begins is not counted.
    pub working_days: u16,
}

impl Leg {
    /// The last day in time for a leg that begins on `from`, make-up days included.
    ///
    /// # Errors
    /// [`CalendarError`] outside the years whose holidays are known.
    pub fn due(self, from: Date, calendar: &WorkCalendar) -> Result<Due, CalendarError> {
        calendar.add(from, self.working_days.into())
    }
}

/// A stretch of time that the clocks of the paths leave open: none of it differs by path or class.
///
/// ```
/// use jiff::civil::date;
/// use kernel::division::Division;
/// use policy::{Interval, Rulebook};
/// let days = Rulebook::builtin().interval(Interval::Object, date(2021, 11, 4), Division::COUNTRY)?;
/// assert!(days.value > 0 && !days.verified);
/// # Ok::<(), policy::NotInForce>(())
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
pub enum Interval {
    /// 受理: to look whether an application is complete, where the path's clock does not say.
    Accept,
    /// 补正: for the applicant to supplement what the one notice named.
    Supplement,
    /// 查验: where the path's clock does not say.
    Verify,
    /// 告知: where the path's clock does not say.
    Tell,
    /// 异议: for the applicant to object.
    Object,
    /// 复核: for the second look.
    Review,
}

impl Interval {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Supplement => "supplement",
            Self::Verify => "verify",
            Self::Tell => "tell",
            Self::Object => "object",
            Self::Review => "review",
        }
    }
}

/// The legs of one path, in their order. Each begins when the one before it is done.
///
/// ```
/// use jiff::civil::date;
/// use kernel::{calendar::WorkCalendar, category::Category, division::Division};
/// use policy::{Path, Rulebook};
/// let tengzhou = Division::parse("370481").unwrap();
/// let clock = Rulebook::builtin()
///     .clock(Path::Nationwide, Category::DeFactoUnattended, date(2021, 11, 4), tengzhou)?;
/// let days: Vec<u16> = clock.value.legs.iter().map(|leg| leg.working_days).collect();
/// assert_eq!(days, [3, 15, 15, 3]);
/// let due = clock.value.due(date(2021, 11, 4), &WorkCalendar::builtin())?;
/// assert_eq!(due.last().map(|due| due.on), Some(date(2021, 12, 24)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// One after the other.
    pub legs: Vec<Leg>,
}

impl Clock {
    /// The last day in time of each leg, where each takes all its days and the first begins on `from`.
    ///
    /// # Errors
    /// [`CalendarError`] where a leg reaches outside the years whose holidays are known.
    pub fn due(&self, from: Date, calendar: &WorkCalendar) -> Result<Vec<Due>, CalendarError> {
        let mut begins = from;
        let mut dues = Vec::with_capacity(self.legs.len());
        for leg in &self.legs {
            let due = leg.due(begins, calendar)?;
            begins = due.on;
            dues.push(due);
        }
        Ok(dues)
    }
}
