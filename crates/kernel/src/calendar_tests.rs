//! The calendar against the published working days of 2018 to 2026.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn span(first: &str, last: &str) -> Vec<Date> {
    std::iter::successors(Some(day(first)), |day| day.tomorrow().ok())
        .take_while(|it| *it <= day(last))
        .collect()
}

fn revision(days_off: &[&str], workdays: &[&str]) -> Revision {
    let days = |texts: &[&str]| texts.iter().map(|text| day(text)).collect();
    Revision {
        announced: day("2026-11-30"),
        days_off: days(days_off),
        workdays: days(workdays),
        note: String::new(),
    }
}

#[test]
fn working_days_of_each_year() {
    let calendar = WorkCalendar::builtin();
    let counts: Vec<usize> = (2018..=2026)
        .map(|year| {
            let days = span(&format!("{year}-01-01"), &format!("{year}-12-31"));
            days.into_iter()
                .filter(|day| calendar.is_workday(*day).unwrap())
                .count()
        })
        .collect();
    assert_eq!(counts, [250, 250, 249, 250, 249, 249, 251, 248, 248]);
}

#[test]
fn the_year_2026_is_as_the_notice_says() {
    let calendar = WorkCalendar::builtin();
    let work = [
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ]
    .map(day);
    let off: Vec<Date> = [
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
    ]
    .into_iter()
    .flat_map(|(first, last)| span(first, last))
    .collect();
    for day in span("2026-01-01", "2026-12-31") {
        let weekday = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let expected = work.contains(&day) || weekday && !off.contains(&day);
        assert_eq!(calendar.is_workday(day), Ok(expected), "{day}");
    }
}

#[test]
#[should_panic(expected = "only supports dates")]
fn the_data_ends_where_we_say() {
    let _ = chinese_holiday(ymd(DATA_ENDS.tomorrow().unwrap()).unwrap());
}

#[test]
fn the_covered_years_are_whole() {
    let calendar = WorkCalendar::builtin();
    assert_eq!((calendar.first_year(), calendar.last_year()), (2018, 2026));
    assert_eq!(calendar.is_workday(day("2026-12-31")), Ok(true));
    assert_eq!(calendar.is_workday(day("2018-01-01")), Ok(false));
    assert_eq!(
        calendar.is_workday(day("2027-01-01")),
        Err(CalendarError::Beyond {
            date: day("2027-01-01"),
            last_year: 2026
        })
    );
    for far in [Date::MIN, Date::MAX] {
        assert!(calendar.is_workday(far).is_err());
    }
}

#[test]
fn a_deadline_may_fall_on_the_last_day_but_not_after_it() {
    let calendar = WorkCalendar::builtin();
    let on = |from: &str, days| calendar.add(day(from), days).map(|due| due.on);
    assert_eq!(on("2026-12-30", 1), Ok(day("2026-12-31")));
    assert_eq!(on("2026-12-31", 0), Ok(day("2026-12-31")));
    let beyond = CalendarError::Beyond {
        date: day("2027-01-01"),
        last_year: 2026,
    };
    assert_eq!(on("2026-12-31", 1), Err(beyond));
    assert_eq!(on("2026-12-30", 2), Err(beyond));
    assert_eq!(on("2018-01-01", u32::MAX), Err(beyond));
    assert_eq!(on("2017-12-31", 1).unwrap_err().code(), "calendar.before");
}

#[test]
fn the_starting_day_is_not_counted() {
    let calendar = WorkCalendar::builtin();
    let on = |from: &str, days| calendar.add(day(from), days).unwrap().on;
    assert_eq!(on("2021-11-04", 1), day("2021-11-05"));
    assert_eq!(on("2021-11-05", 1), day("2021-11-08"));
    assert_eq!(on("2021-11-06", 1), day("2021-11-08"), "from a Saturday");
    assert_eq!(on("2021-11-06", 0), day("2021-11-06"));
    assert_eq!(on("2026-02-13", 1), day("2026-02-14"), "a make-up Saturday");
    assert_eq!(
        on("2026-02-14", 1),
        day("2026-02-24"),
        "over Spring Festival"
    );
}

#[test]
fn between_counts_the_last_day_but_not_the_first() {
    let calendar = WorkCalendar::builtin();
    let count = |after: &str, until: &str| calendar.between(day(after), day(until));
    assert_eq!(count("2021-11-04", "2021-11-05"), Ok(1));
    assert_eq!(count("2021-11-04", "2021-11-04"), Ok(0));
    assert_eq!(count("2021-11-05", "2021-11-07"), Ok(0));
    assert_eq!(count("2021-11-25", "2021-11-04"), Ok(0));
    assert_eq!(
        count("2021-11-25", "2027-01-01").unwrap_err().code(),
        "calendar.beyond"
    );
}

#[test]
fn a_changed_holiday_makes_a_version_and_moves_no_earlier_deadline() {
    let first = WorkCalendar::builtin();
    let due = first.add(day("2026-11-23"), 3).unwrap();
    let second = first.revised(revision(&["2026-11-25"], &["2026-11-28"]));
    let third = second.revised(revision(&[], &["2026-11-25"]));
    assert_eq!(due.on, day("2026-11-26"));
    assert_eq!(
        second.add(day("2026-11-23"), 3).unwrap().on,
        day("2026-11-27")
    );
    assert_eq!(
        third.add(day("2026-11-23"), 3).unwrap().on,
        day("2026-11-26")
    );
    assert_eq!(
        first.add(day("2026-11-23"), 3),
        Ok(due),
        "the earlier calendar keeps answering"
    );
    assert_eq!(third.at(due.calendar).unwrap(), first);
    assert_eq!(third.at(second.version()), Some(second.clone()));
    assert_eq!(second.at(third.version()), None);
    assert_eq!(third.at("2025.0".parse().unwrap()), None);
}

#[test]
fn the_next_years_notice_extends_the_calendar() {
    let partly = WorkCalendar::builtin().revised(revision(&["2027-01-01"], &[]));
    assert_eq!(partly.last_year(), 2026, "half a notice covers no year");
    let whole = partly.revised(revision(&["2027-10-01"], &["2027-10-09"]));
    assert_eq!(whole.last_year(), 2027);
    assert_eq!(whole.is_workday(day("2027-01-01")), Ok(false));
    assert_eq!(whole.is_workday(day("2027-10-09")), Ok(true));
    assert_eq!(
        whole.add(day("2026-12-31"), 1).unwrap().on,
        day("2027-01-04")
    );
}

#[test]
fn a_version_has_one_spelling() {
    for text in [
        "", "2026", "2026.", ".0", "2026.-1", "+2026.0", "2026.00", "2026.0.0",
    ] {
        assert_eq!(text.parse::<CalendarVersion>(), Err(VersionError), "{text}");
    }
    let due = WorkCalendar::builtin().add(day("2021-11-04"), 1).unwrap();
    assert_eq!(
        serde_json::to_string(&due).unwrap(),
        r#"{"on":"2021-11-05","calendar":"2026.0"}"#
    );
}

#[test]
fn the_errors_name_the_year_in_both_languages() {
    let beyond = CalendarError::Beyond {
        date: day("2027-01-01"),
        last_year: 2026,
    };
    let before = CalendarError::Before {
        date: day("2017-01-01"),
        first_year: 2018,
    };
    for lang in [Lang::Zh, Lang::En] {
        assert!(beyond.explain(lang).contains("2026"));
        assert!(before.explain(lang).contains("2018"));
    }
}

proptest! {
    #[test]
    fn adding_and_counting_agree(offset in 0i64..3287, days in 0u32..300) {
        let calendar = WorkCalendar::builtin();
        let from = day("2018-01-01").checked_add(jiff::SignedDuration::from_hours(24 * offset)).unwrap();
        match calendar.add(from, days) {
            Ok(due) => {
                prop_assert_eq!(calendar.between(from, due.on), Ok(days));
                prop_assert!(days == 0 || calendar.is_workday(due.on) == Ok(true));
            }
            Err(error) => {
                prop_assert_eq!(error.code(), "calendar.beyond");
                prop_assert!(calendar.between(from, day("2026-12-31")).unwrap() < days);
            }
        }
    }

    #[test]
    fn counts_add_up(a in 0i64..3287, b in 0i64..3287, c in 0i64..3287) {
        let calendar = WorkCalendar::builtin();
        let mut days = [a, b, c].map(|offset| {
            day("2018-01-01").checked_add(jiff::SignedDuration::from_hours(24 * offset)).unwrap()
        });
        days.sort();
        let count = |from, to| calendar.between(from, to).unwrap();
        prop_assert_eq!(count(days[0], days[2]), count(days[0], days[1]) + count(days[1], days[2]));
    }
}
