//! Allowance rules as read: which rate stands, and what is refused.

use jiff::civil::date;
use kernel::category::Category::{KeyHardship, ScatteredOrphan};
use kernel::explain::{Explain, Lang};

use super::*;
use crate::rulebook::Rulebook;

fn rate(keys: &str) -> String {
    format!(
        "[[allowance_rate]]\nclass = \"key_hardship\"\ncite = \"c\"\nverified = false\n{keys}\n"
    )
}

fn class(keys: &str) -> String {
    format!(
        "[[allowance_class]]\nclass = \"key_hardship\"\nstart_months_after = 1\ndeducts = [\"b\", \"a\", \"b\"]\nstudy_extends = true\ncite = \"c\"\nverified = false\n{keys}\n"
    )
}

fn rules(toml: &str) -> AllowanceRules {
    let rulebook = Rulebook::parse(toml).unwrap();
    rulebook.allowances().clone()
}

fn yuan(rules: &AllowanceRules, place: &str, month: &str, known_at: &str) -> Option<String> {
    let place = Division::parse(place).unwrap();
    let known_at = known_at.parse().unwrap();
    let rate = rules.rate(KeyHardship, place, month.parse().unwrap(), known_at);
    let known = KnownRules::of(rules, known_at);
    let lasting = known.rate(KeyHardship, place, month.parse().unwrap());
    assert_eq!(lasting.value, rate, "both ways to ask answer the same");
    rate.map(|rate| rate.monthly.to_string())
}

const LATE: &str = "2030-01-01T00:00:00+08:00";

#[test]
fn the_most_specific_place_goes_before_a_later_day() {
    let rules = rules(
        &[
            rate("monthly = \"980\"\nfrom = 2021-01-01\nplace = \"3704\""),
            rate("monthly = \"1332\"\nfrom = 2020-01-01\nuntil = 2021-06-30\nplace = \"370405\""),
            rate("monthly = \"500\"\nfrom = 2019-01-01"),
        ]
        .concat(),
    );
    let asked = |place, month| yuan(&rules, place, month, LATE);
    assert_eq!(asked("370405", "2021-06").as_deref(), Some("1332.00"));
    assert_eq!(asked("370405001002", "2021-06").as_deref(), Some("1332.00"));
    // Its own rate has ended: the city's stands again.
    assert_eq!(asked("370405", "2021-07").as_deref(), Some("980.00"));
    assert_eq!(asked("370406", "2020-12").as_deref(), Some("500.00"));
    assert_eq!(asked("110101", "2021-07").as_deref(), Some("500.00"));
    assert_eq!(asked("370406", "2018-12"), None);
}

#[test]
fn of_one_day_the_latest_announced_stands_and_none_before_it_is_announced() {
    let rules = rules(
        &[
            rate("monthly = \"1100\"\nfrom = 2021-01-01\nannounced = 2021-08-25T09:00:00+08:00"),
            rate("monthly = \"1000\"\nfrom = 2021-01-01"),
            // In force from the middle of a month, it goes for the next.
            rate("monthly = \"1200\"\nfrom = 2021-09-02\nannounced = 2021-08-01"),
        ]
        .concat(),
    );
    let asked = |month, known| yuan(&rules, "3704", month, known);
    assert_eq!(asked("2021-03", "2020-12-31T23:59:59+08:00"), None);
    assert_eq!(
        asked("2021-03", "2021-01-01T00:00:00+08:00").as_deref(),
        Some("1000.00")
    );
    assert_eq!(
        asked("2021-03", "2021-08-25T08:59:59+08:00").as_deref(),
        Some("1000.00")
    );
    assert_eq!(
        asked("2021-03", "2021-08-25T09:00:00+08:00").as_deref(),
        Some("1100.00")
    );
    assert_eq!(asked("2021-09", LATE).as_deref(), Some("1100.00"));
    assert_eq!(asked("2021-10", LATE).as_deref(), Some("1200.00"));
}

#[test]
fn what_goes_for_a_class_goes_for_days_before_its_first_entry_too() {
    let rules = rules(
        &[
            class("from = 2021-01-01"),
            class("extra_months = 6\nfrom = 2021-07-01\nuntil = 2022-12-31"),
        ]
        .concat(),
    );
    let asked = |day| {
        rules
            .class(KeyHardship, day)
            .map(|rule| rule.value.extra_months)
    };
    assert_eq!(asked(date(2015, 1, 1)), Some(0));
    assert_eq!(asked(date(2021, 6, 30)), Some(0));
    assert_eq!(asked(date(2021, 7, 1)), Some(6));
    assert_eq!(asked(date(2023, 1, 1)), None);
    assert_eq!(rules.class(ScatteredOrphan, date(2021, 7, 1)), None);
    let rule = &rules.class(KeyHardship, date(2021, 7, 1)).unwrap().value;
    assert_eq!(
        (rule.through_birthday, rule.deducts.join(",")),
        (18, "a,b".to_owned())
    );
}

#[test]
fn faults_are_found_where_they_stand() {
    let good = rate("monthly = \"980\"\nfrom = 2021-01-01");
    let cases = [
        (good.clone(), None),
        // The same said twice is no fault, another amount is.
        (good.repeat(2), None),
        (
            good.clone() + &good.replace("980", "990"),
            Some("rules.overlap"),
        ),
        (
            rate("monthly = \"-1\"\nfrom = 2021-01-01"),
            Some("rules.unreadable"),
        ),
        (
            rate("monthly = 980\nfrom = 2021-01-01"),
            Some("rules.unreadable"),
        ),
        (
            rate("monthly = \"980\"\nfrom = 2021-01-01\nuntil = 2020-12-31"),
            Some("rules.backwards"),
        ),
        (class("from = 2021-01-01").repeat(2), Some("rules.overlap")),
        (
            class("from = 2021-01-01\nplace = \"37\""),
            Some("rules.unreadable"),
        ),
        (
            class("from = 2021-01-01\nstudies = true"),
            Some("rules.unknown_key"),
        ),
        (
            "[[recovery_share]]\npercent = 101\nfrom = 2021-01-01".to_owned(),
            Some("rules.unreadable"),
        ),
    ];
    for (toml, expected) in cases {
        let found = Rulebook::parse(&toml).map(|_| ());
        assert_eq!(found.as_ref().err().map(Explain::code), expected, "{toml}");
        if let Err(finding) = found {
            for lang in [Lang::Zh, Lang::En] {
                assert!(finding.explain(lang).contains("rules.toml:"), "{finding}");
            }
        }
    }
}

#[test]
fn the_rules_built_in_pay_the_brief_s_rates() {
    let rules = Rulebook::builtin().allowances();
    let tengzhou = Division::parse("370481").unwrap();
    let asked = |class| {
        let month = "2021-11".parse().unwrap();
        let rate = rules
            .rate(class, tengzhou, month, LATE.parse().unwrap())
            .unwrap();
        assert!(rules.class(class, month.first()).is_some(), "{class}");
        rate.monthly
    };
    let rates = Category::ALL
        .map(|class| (class.group() == kernel::category::Group::Cash).then(|| asked(class)));
    let expected = [2000, 1600, 1600, 1600, 1100]
        .map(Money::from_yuan)
        .map(Some);
    assert_eq!(rates[..5], expected);
    assert_eq!(rates[5..], [None; 2]);
    assert!(
        rules
            .ends_month_before("parent_found", date(2021, 11, 1))
            .is_some()
    );
    assert_eq!(
        rules
            .recovery_share("2021-11".parse().unwrap())
            .unwrap()
            .value,
        100
    );
}
