//! Limits by birthdays, terms and study.

use jiff::civil::date;
use serde_json::json;

use super::*;

const EIGHTEEN: AgeRule = AgeRule {
    under: 18,
    study_extends: true,
};

fn facts(value: serde_json::Value) -> Facts {
    serde_json::from_value(value).unwrap()
}

#[test]
fn an_eighteenth_birthday_shows_from_a_month_before_and_not_earlier() {
    let birth = Some(date(2003, 12, 4));
    let on = |until| limits(birth, Some(EIGHTEEN), None, until);
    assert!(on(date(2021, 12, 3)).is_empty());
    assert_eq!(on(date(2021, 12, 4)), [(LimitKind::Age, date(2021, 12, 4))]);
}

#[test]
fn who_was_born_on_a_leap_day_is_eighteen_on_the_twenty_eighth() {
    let found = limits(
        Some(date(2004, 2, 29)),
        Some(EIGHTEEN),
        None,
        date(2022, 3, 1),
    );
    assert_eq!(found, [(LimitKind::Age, date(2022, 2, 28))]);
}

#[test]
fn who_studies_on_is_asked_again_each_year_and_who_may_not_is_asked_once() {
    let birth = Some(date(2002, 9, 1));
    let until = date(2021, 9, 15);
    let found = limits(birth, Some(EIGHTEEN), None, until);
    assert_eq!(found, [(LimitKind::Study, date(2021, 9, 1))]);
    let without = AgeRule {
        study_extends: false,
        ..EIGHTEEN
    };
    let found = limits(birth, Some(without), None, until);
    assert_eq!(found, [(LimitKind::Age, date(2020, 9, 1))]);
}

#[test]
fn a_term_ends_on_the_same_day_of_its_last_month_or_on_that_months_last() {
    for (since, months, end) in [
        ("2021-02-01", 10, date(2021, 12, 1)),
        ("2021-05-31", 6, date(2021, 11, 30)),
    ] {
        let facts = facts(json!({
            "father": { "situation": "dead" },
            "mother": { "situation": "imprisoned", "since": since, "months": months },
        }));
        let found = limits(None, None, Some(&facts), date(2021, 12, 4));
        assert_eq!(found, [(LimitKind::MotherTerm, end)]);
    }
}

#[test]
fn what_has_no_end_or_is_not_known_reaches_none() {
    let until = date(2021, 12, 4);
    for told in [
        json!({ "father": { "situation": "lost_contact", "since": "2021-01-01", "months": 6 } }),
        json!({ "father": { "situation": "imprisoned", "since": "2021-01-01" } }),
        json!({ "father": { "situation": "imprisoned", "months": 6 } }),
        json!({}),
    ] {
        assert!(limits(None, None, Some(&facts(told)), until).is_empty());
    }
    assert!(limits(Some(date(2003, 12, 1)), None, None, until).is_empty());
}

#[test]
fn study_ends_for_who_is_beyond_the_age_by_then_and_for_nobody_else() {
    let june = "2021-06".parse().ok();
    let ends = |birth, age, last, until| study_end(Some(birth), Some(age), last, until);
    let (grown, july) = (date(2003, 7, 1), date(2021, 7, 1));
    let expected = Some((LimitKind::StudyEnd, july));
    assert_eq!(ends(grown, EIGHTEEN, june, july), expected);
    assert_eq!(
        ends(grown, EIGHTEEN, june, date(2021, 6, 30)),
        None,
        "it lies ahead"
    );
    assert_eq!(
        ends(date(2003, 7, 2), EIGHTEEN, june, july),
        None,
        "still a child"
    );
    assert_eq!(
        ends(grown, EIGHTEEN, None, july),
        None,
        "nothing says that it ends"
    );
    let not_carried = AgeRule {
        study_extends: false,
        ..EIGHTEEN
    };
    assert_eq!(ends(grown, not_carried, june, july), None);
}
