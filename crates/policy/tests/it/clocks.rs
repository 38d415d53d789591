//! The due date of every clock, leg by leg, for every day of 2018 to 2026, beside a count of its own.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use kernel::calendar::WorkCalendar;
use policy::Rulebook;

/// Weekdays off and weekends on, year by year, as the State Council announced them.
const HOLIDAYS: [(i16, &str, &str); 9] = [
    (
        2018,
        "01-01 02-15 02-16 02-19 02-20 02-21 04-05 04-06 04-30 05-01 06-18 09-24 10-01 10-02 10-03 10-04 10-05 12-31",
        "02-11 02-24 04-08 04-28 09-29 09-30 12-29",
    ),
    (
        2019,
        "01-01 02-04 02-05 02-06 02-07 02-08 04-05 05-01 05-02 05-03 06-07 09-13 10-01 10-02 10-03 10-04 10-07",
        "02-02 02-03 04-28 05-05 09-29 10-12",
    ),
    (
        2020,
        "01-01 01-24 01-27 01-28 01-29 01-30 01-31 04-06 05-01 05-04 05-05 06-25 06-26 10-01 10-02 10-05 10-06 10-07 10-08",
        "01-19 04-26 05-09 06-28 09-27 10-10",
    ),
    (
        2021,
        "01-01 02-11 02-12 02-15 02-16 02-17 04-05 05-03 05-04 05-05 06-14 09-20 09-21 10-01 10-04 10-05 10-06 10-07",
        "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    ),
    (
        2022,
        "01-03 01-31 02-01 02-02 02-03 02-04 04-04 04-05 05-02 05-03 05-04 06-03 09-12 10-03 10-04 10-05 10-06 10-07",
        "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    ),
    (
        2023,
        "01-02 01-23 01-24 01-25 01-26 01-27 04-05 05-01 05-02 05-03 06-22 06-23 09-29 10-02 10-03 10-04 10-05 10-06",
        "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    ),
    (
        2024,
        "01-01 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 05-03 06-10 09-16 09-17 10-01 10-02 10-03 10-04 10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    (
        2025,
        "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    (
        2026,
        "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 10-06 10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
];

const LAST: Date = date(2026, 12, 31);

/// The days on which offices work.
fn workdays() -> BTreeSet<Date> {
    let named = |year: i16, days: &str| -> BTreeSet<Date> {
        let day = |text: &str| format!("{year}-{text}").parse().unwrap();
        days.split(' ').map(day).collect()
    };
    let mut works = BTreeSet::new();
    for (year, off, on) in HOLIDAYS {
        let (off, on) = (named(year, off), named(year, on));
        let mut day = date(year, 1, 1);
        while day.year() == year {
            let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            if on.contains(&day) || (!weekend && !off.contains(&day)) {
                works.insert(day);
            }
            day = day.tomorrow().unwrap();
        }
    }
    works
}

/// The day on which so many working days after `from` have come, one by one; none past the last known year.
fn count(works: &BTreeSet<Date>, from: Date, days: u16) -> Option<Date> {
    let (mut day, mut left) = (from, days);
    while left > 0 {
        day = day.tomorrow().ok().filter(|day| *day <= LAST)?;
        left -= u16::from(works.contains(&day));
    }
    Some(day)
}

#[test]
fn every_clock_from_every_day_ends_where_a_count_of_single_days_ends() {
    let (works, calendar) = (workdays(), WorkCalendar::builtin());
    let mut clocks: Vec<Vec<_>> = Rulebook::builtin()
        .clocks()
        .map(|(_, _, clock)| clock.value.legs.clone())
        .collect();
    assert!(clocks.len() >= 9, "{clocks:?}");
    clocks.sort_by_key(|legs| legs.iter().map(|leg| leg.working_days).collect::<Vec<_>>());
    clocks.dedup();
    let mut day = date(2018, 1, 1);
    while day <= LAST {
        for legs in &clocks {
            let mut begins = Some(day);
            let clock = policy::Clock { legs: legs.clone() };
            let dues = clock.due(day, &calendar).ok();
            for (at, leg) in legs.iter().enumerate() {
                let expected = begins.and_then(|from| count(&works, from, leg.working_days));
                if let Some(begins) = begins {
                    let due = leg.due(begins, &calendar).ok().map(|due| due.on);
                    assert_eq!(due, expected, "{leg:?} from {begins}");
                }
                if let Some(dues) = &dues {
                    assert_eq!(Some(dues[at].on), expected, "{legs:?} from {day}");
                }
                begins = expected;
            }
            // The whole is counted exactly where each of its legs is.
            assert_eq!(dues.is_some(), begins.is_some(), "{legs:?} from {day}");
        }
        day = day.checked_add(1.day()).unwrap();
    }
}
