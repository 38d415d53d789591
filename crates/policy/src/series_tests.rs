//! Periods through time and places: what is found wrong, and what is in force.

use jiff::ToSpan;
use jiff::civil::date;
use kernel::explain::Explain;
use proptest::prelude::*;

use super::*;
use crate::finding::At;
use crate::head::Head;

fn entry(value: u8, place: &str, from: Date, until: Option<Date>) -> Entry<u8> {
    Entry {
        row: value,
        head: Head {
            place: Division::parse(place).unwrap(),
            from,
            until,
            announced: None,
            cite: "cite".to_owned(),
            verified: true,
        },
        at: At {
            file: "ours.toml".into(),
            line: usize::from(value),
        },
    }
}

fn series(entries: Vec<Entry<u8>>) -> (Series<u8>, Vec<(usize, &'static str)>) {
    let mut findings = Vec::new();
    let made = Series::of("age_limit.migrant".to_owned(), entries, &mut findings);
    let codes = findings
        .iter()
        .map(|finding| (finding.at.line, finding.code()));
    let codes = codes.collect();
    (made, codes)
}

#[test]
fn gaps_and_overlaps_are_found_at_the_later_of_two() {
    let (first, second) = (date(2020, 1, 1), date(2021, 1, 1));
    let cases: [(_, _, &[_]); 6] = [
        (None, second, &[]),
        (Some(date(2020, 12, 31)), second, &[]),
        (Some(date(2020, 12, 30)), second, &[(2, "rules.gap")]),
        (Some(second), second, &[(2, "rules.overlap")]),
        // Of two that begin together, the one written later.
        (None, first, &[(1, "rules.overlap")]),
        (
            Some(date(2019, 12, 31)),
            second,
            &[(1, "rules.backwards"), (2, "rules.gap")],
        ),
    ];
    for (until, next, expected) in cases {
        let (_, found) = series(vec![
            entry(2, "37", next, None),
            entry(1, "37", first, until),
        ]);
        assert_eq!(found, expected, "{until:?} {next}");
    }
}

#[test]
fn two_places_do_not_overlap_and_the_most_specific_goes_first() {
    let open = date(2020, 1, 1);
    let (made, found) = series(vec![
        entry(1, "37", open, None),
        entry(2, "3704", date(2021, 1, 1), Some(date(2021, 12, 31))),
        entry(3, "370481", date(2021, 6, 1), None),
    ]);
    assert_eq!(found, []);
    let value = |day, place| {
        made.find(day, Division::parse(place).unwrap())
            .map(|it| it.value)
    };
    assert_eq!(value(date(2021, 7, 1), "370481"), Some(3));
    assert_eq!(value(date(2021, 5, 1), "370481001"), Some(2));
    assert_eq!(value(date(2022, 1, 1), "370402"), Some(1));
    assert_eq!(value(date(2021, 7, 1), "3703"), Some(1));
    assert_eq!(value(date(2021, 7, 1), "11"), None);
    assert_eq!(value(date(2019, 12, 31), "370481"), None);
}

#[test]
fn outside_the_periods_nothing_is_in_force() {
    let (made, _) = series(vec![entry(
        1,
        "37",
        date(2020, 1, 1),
        Some(date(2020, 12, 31)),
    )]);
    let on = |day| made.on(day, Division::parse("3704").unwrap());
    assert!(on(date(2019, 12, 31)).is_err());
    assert_eq!(on(date(2020, 1, 1)).unwrap().value, 1);
    assert_eq!(on(date(2020, 12, 31)).unwrap().value, 1);
    assert!(on(date(2021, 1, 1)).is_err());
}

proptest! {
    #[test]
    fn exactly_the_latest_begun_period_is_in_force(
        starts in proptest::collection::btree_set(0i32..5000, 1..8), asked in 0i32..6000,
    ) {
        let day = |offset: i32| date(2010, 1, 1).checked_add(offset.days()).unwrap();
        let mut entries: Vec<_> =
            starts.iter().zip(0u8..).map(|(start, value)| entry(value, "37", day(*start), None)).collect();
        entries.reverse();
        let (made, found) = series(entries);
        prop_assert_eq!(found, []);
        let expected = starts.iter().filter(|start| **start <= asked).count().checked_sub(1);
        let value = made.find(day(asked), Division::parse("37").unwrap()).map(|it| usize::from(it.value));
        prop_assert_eq!(value, expected);
    }
}
