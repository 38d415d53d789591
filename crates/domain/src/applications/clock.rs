//! The clock of a leg: when it is due, and how near that is.
//!
//! **Invariant.** A due day that the working-day calendar covers never moves. One beyond its last year is provisional,
//! counted by weekdays, and is counted once more when that year's calendar is there.

use jiff::SignedDuration;
use jiff::civil::{Date, Weekday, date};
use kernel::calendar::{CalendarVersion, WorkCalendar};

use super::path::{Leg, Term};

/// Working days left at which a clock shows amber.
const SOON: u32 = 2;

/// The running clock of a leg.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Deadline {
    /// The leg.
    pub leg: Leg,
    /// The legal day on which it began, which is not counted.
    pub began: Date,
    /// How many working days it has.
    pub days: u32,
    /// The last day on which it is in time.
    pub due: Date,
    /// Whether part of the way lies in a year without a published calendar, counted by weekdays alone.
    pub provisional: bool,
    /// The calendar that counted.
    pub calendar: CalendarVersion,
}

/// How near a deadline is.
///
/// ```
/// use domain::applications::Standing;
/// assert!(Standing::Late { by: 1 }.is_late());
/// assert_eq!(Standing::Soon { left: 0 }.code(), "soon");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// More than two working days are left.
    Ahead {
        /// How many.
        left: u32,
    },
    /// Amber: two working days are left, or one, or none after today.
    Soon {
        /// How many.
        left: u32,
    },
    /// Red: the due day has passed, and the unit above has it on its list.
    Late {
        /// By how many working days.
        by: u32,
    },
}

impl Standing {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ahead { .. } => "ahead",
            Self::Soon { .. } => "soon",
            Self::Late { .. } => "late",
        }
    }

    /// Working days left, or by how many it is late.
    #[must_use]
    pub const fn days(self) -> u32 {
        match self {
            Self::Ahead { left } | Self::Soon { left } => left,
            Self::Late { by } => by,
        }
    }

    /// Whether the unit above is told.
    #[must_use]
    pub const fn is_late(self) -> bool {
        matches!(self, Self::Late { .. })
    }
}

/// The clock of a leg that begins on `began`.
///
/// ```
/// use domain::applications::{Leg, Term, deadline};
/// use jiff::civil::date;
/// use kernel::calendar::WorkCalendar;
/// let term = Term { days: 15, cite: "民办发〔2021〕10号".into(), verified: true };
/// let clock = deadline(Leg::Confirm, &term, date(2021, 10, 18), &WorkCalendar::builtin());
/// assert_eq!((clock.due, clock.provisional), (date(2021, 11, 8), false));
/// ```
#[must_use]
pub fn deadline(leg: Leg, term: &Term, began: Date, calendar: &WorkCalendar) -> Deadline {
    let (due, provisional) = match calendar.add(began, term.days) {
        Ok(due) => (due.on, false),
        Err(_) => (provisionally(began, term.days, calendar), true),
    };
    Deadline {
        leg,
        began,
        days: term.days,
        due,
        provisional,
        calendar: calendar.version(),
    }
}

/// The clock counted again, where it was provisional and this calendar covers all of it.
#[must_use]
pub fn recounted(clock: &Deadline, calendar: &WorkCalendar) -> Option<Deadline> {
    if !clock.provisional {
        return None;
    }
    let due = calendar.add(clock.began, clock.days).ok()?.on;
    Some(Deadline {
        due,
        provisional: false,
        calendar: calendar.version(),
        ..clock.clone()
    })
}

impl Deadline {
    /// How near it is on `today`.
    #[must_use]
    pub fn standing(&self, today: Date, calendar: &WorkCalendar) -> Standing {
        if today > self.due {
            let by = between(self.due, today, calendar);
            return Standing::Late { by };
        }
        match between(today, self.due, calendar) {
            left if left <= SOON => Standing::Soon { left },
            left => Standing::Ahead { left },
        }
    }
}

fn is_workday(day: Date, calendar: &WorkCalendar) -> bool {
    let weekday = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    calendar.is_workday(day).unwrap_or(weekday)
}

/// Published years by their calendar, later ones by weekdays.
fn provisionally(began: Date, days: u32, calendar: &WorkCalendar) -> Date {
    let (mut day, mut left) = (began, days);
    while left > 0 && day < Date::MAX {
        day = day.saturating_add(ONE_DAY);
        left -= u32::from(is_workday(day, calendar));
    }
    day
}

/// Working days after `after` up to and with `until`.
fn between(after: Date, until: Date, calendar: &WorkCalendar) -> u32 {
    calendar.between(after, until).unwrap_or_else(|_| {
        let last = date(calendar.last_year(), 12, 31);
        let known = calendar.between(after, last.min(until)).unwrap_or(0);
        let mut day = after.max(last);
        let mut count = known;
        while day < until {
            day = day.saturating_add(ONE_DAY);
            count += u32::from(is_workday(day, calendar));
        }
        count
    })
}

const ONE_DAY: SignedDuration = SignedDuration::from_hours(24);

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use kernel::calendar::Revision;
    use proptest::prelude::*;

    use super::*;

    fn term(days: u32) -> Term {
        Term {
            days,
            cite: "虚构".into(),
            verified: false,
        }
    }

    fn with_2027() -> WorkCalendar {
        let days =
            |from: Date, count: i32| (0..count).map(move |n| from.checked_add(n.days()).unwrap());
        WorkCalendar::builtin().revised(Revision {
            announced: date(2026, 11, 30),
            days_off: days(date(2027, 1, 1), 3)
                .chain(days(date(2027, 10, 1), 7))
                .collect(),
            workdays: Vec::new(),
            note: "虚构的2027年放假安排".into(),
        })
    }

    #[test]
    fn a_clock_that_crosses_into_an_unpublished_year_is_provisional_and_counted_once_more() {
        let calendar = WorkCalendar::builtin();
        let clock = deadline(Leg::Verify, &term(15), date(2026, 12, 21), &calendar);
        // New Year's Day is a Friday, and nobody has said so yet.
        assert_eq!((clock.due, clock.provisional), (date(2027, 1, 11), true));
        assert_eq!(recounted(&clock, &calendar), None);
        let counted = recounted(&clock, &with_2027()).unwrap();
        assert_eq!(
            (counted.due, counted.provisional),
            (date(2027, 1, 12), false)
        );
        assert_eq!(counted.calendar.to_string(), "2026.1");
        assert_eq!(recounted(&counted, &with_2027()), None);
        assert_eq!(counted.began, clock.began);
    }

    #[test]
    fn a_clock_within_published_years_stays_where_it_is() {
        let clock = deadline(
            Leg::Tell,
            &term(3),
            date(2021, 9, 30),
            &WorkCalendar::builtin(),
        );
        assert_eq!((clock.due, clock.provisional), (date(2021, 10, 11), false));
        assert_eq!(recounted(&clock, &with_2027()), None);
    }

    #[test]
    fn amber_at_two_working_days_and_red_on_the_day_after() {
        let calendar = WorkCalendar::builtin();
        let clock = deadline(Leg::Confirm, &term(15), date(2021, 10, 18), &calendar);
        let on = |month, day| clock.standing(date(2021, month, day), &calendar);
        assert_eq!(on(11, 3), Standing::Ahead { left: 3 });
        assert_eq!(on(11, 4), Standing::Soon { left: 2 });
        assert_eq!(on(11, 8), Standing::Soon { left: 0 });
        assert_eq!(on(11, 9), Standing::Late { by: 1 });
        assert_eq!(on(11, 13), Standing::Late { by: 4 });
    }

    #[test]
    fn nearness_is_told_beyond_the_calendar_too() {
        let calendar = WorkCalendar::builtin();
        let clock = deadline(Leg::Verify, &term(15), date(2027, 3, 1), &calendar);
        assert_eq!((clock.due, clock.provisional), (date(2027, 3, 22), true));
        assert_eq!(
            clock.standing(date(2026, 12, 31), &calendar).code(),
            "ahead"
        );
        assert_eq!(
            clock.standing(date(2027, 3, 18), &calendar),
            Standing::Soon { left: 2 }
        );
        assert_eq!(
            clock.standing(date(2027, 3, 23), &calendar),
            Standing::Late { by: 1 }
        );
    }

    proptest! {
        #[test]
        fn the_day_it_is_due_the_last_of_its_days_is_used_up(offset in 0i32..3500, days in 1u32..40) {
            let calendar = WorkCalendar::builtin();
            let began = date(2018, 1, 1).checked_add(offset.days()).unwrap();
            let clock = deadline(Leg::Verify, &term(days), began, &calendar);
            prop_assert_eq!(between(began, clock.due, &calendar), days);
            prop_assert!(is_workday(clock.due, &calendar));
            prop_assert_eq!(clock.provisional, clock.due.year() > calendar.last_year());
        }
    }
}
