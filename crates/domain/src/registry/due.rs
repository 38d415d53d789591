//! How a day that falls due stands: late, at hand, or to come.

use jiff::civil::Date;
use kernel::calendar::WorkCalendar;

/// How many working days count as at hand.
const AT_HAND: u32 = 2;

/// How a day stands, seen from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It has passed.
    Late,
    /// It is today or within two working days.
    AtHand,
    /// It lies ahead.
    Coming,
}

impl Standing {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::AtHand => "at_hand",
            Self::Coming => "coming",
        }
    }
}

/// How `due` stands on `today`. Beyond the years of the calendar nobody knows the working days, so a day there is to come.
///
/// ```
/// use domain::registry::{Standing, standing};
/// use jiff::civil::date;
/// use kernel::calendar::WorkCalendar;
/// let calendar = WorkCalendar::builtin();
/// // A Thursday: Friday and Monday are the two working days after it.
/// let stands = |due| standing(due, date(2021, 11, 4), &calendar);
/// assert_eq!(stands(date(2021, 11, 3)), Standing::Late);
/// assert_eq!(stands(date(2021, 11, 4)), Standing::AtHand);
/// assert_eq!(stands(date(2021, 11, 8)), Standing::AtHand);
/// assert_eq!(stands(date(2021, 11, 9)), Standing::Coming);
/// ```
#[must_use]
pub fn standing(due: Date, today: Date, calendar: &WorkCalendar) -> Standing {
    if due < today {
        return Standing::Late;
    }
    match calendar.between(today, due) {
        Ok(days) if days <= AT_HAND => Standing::AtHand,
        _ => Standing::Coming,
    }
}
