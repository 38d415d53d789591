//! What the built-in files say, and how each fault of a file is told.

use jiff::civil::date;
use kernel::category::Group;
use kernel::explain::Explain;

use super::*;

const COUNTRY: Division = Division::COUNTRY;

fn zaozhuang() -> Division {
    Division::parse("3704").unwrap()
}

/// The codes of what is found in one file, with their lines.
fn found(text: &str) -> Vec<(usize, &'static str)> {
    let name = "ours.toml";
    let checked = Rulebook::check(&[Source { name, text }]);
    let findings = checked.findings.iter();
    findings
        .map(|finding| (finding.at.line, finding.code()))
        .collect()
}

fn row(keys: &str) -> String {
    format!("[[age_limit]]\ncategory = \"migrant\"\ncite = \"c\"\nverified = true\n{keys}\n")
}

#[test]
fn the_built_in_files_are_read_and_in_use() {
    assert_eq!(Rulebook::of(&BUILTIN).as_ref(), Ok(Rulebook::builtin()));
    assert_eq!(Rulebook::check(&BUILTIN).findings, []);
}

#[test]
fn care_ends_at_sixteen_and_cash_at_eighteen() {
    for category in Category::ALL {
        let expected = if category.group() == Group::Care {
            16
        } else {
            18
        };
        for on in [
            date(1992, 1, 1),
            date(2015, 6, 1),
            date(2021, 10, 31),
            date(2026, 11, 23),
        ] {
            let limit = Rulebook::builtin()
                .age_limit(category, on, zaozhuang())
                .unwrap();
            assert_eq!(limit.value, expected, "{category} on {on}");
            assert!(!limit.cite.is_empty());
        }
    }
}

#[test]
fn what_was_not_verified_says_so() {
    let verified = |category, on| {
        let limit = Rulebook::builtin().age_limit(category, on, COUNTRY);
        limit.unwrap().verified
    };
    assert!(verified(Category::LeftBehind, date(2016, 2, 4)));
    assert!(!verified(Category::LeftBehind, date(2016, 2, 3)));
    assert!(!verified(Category::Migrant, date(2024, 9, 2)));
    assert!(!verified(Category::KeyHardship, date(2026, 11, 23)));
}

#[test]
fn shandong_has_a_class_of_its_own_and_zaozhuang_its_own_doubt() {
    let (rules, on) = (Rulebook::builtin(), date(2021, 11, 4));
    let key = |place| rules.category(Category::KeyHardship, on, place).is_ok();
    assert!(key(zaozhuang()) && !key(COUNTRY) && !key(Division::parse("11").unwrap()));
    let illness = |place| {
        let illness = rules.situation(Situation::SeriousIllness, on, place);
        illness.unwrap().verified
    };
    assert!(illness(Division::parse("3701").unwrap()) && !illness(zaozhuang()));
}

/// Whether each text has exactly these faults at these lines.
fn assert_found(cases: &[(String, &[(usize, &str)])]) {
    for (text, expected) in cases {
        assert_eq!(found(text), *expected, "{text}");
    }
}

#[test]
fn each_fault_of_a_single_entry_is_found_at_its_line() {
    let dated = |keys: &str| row(&format!("under = 16\n{keys}"));
    let placed = |keys: &str| dated(&format!("from = 2020-01-01\n{keys}"));
    let good = dated("from = 2020-01-01");
    let bad = "rules.unreadable";
    assert_found(&[
        (good.clone(), &[]),
        (dated("from = \"2020-01-01\""), &[]),
        (placed("place = 3704"), &[]),
        (placed("announced = 2020-01-01"), &[]),
        (placed("announced = 2020-01-01T00:00:00+08:00"), &[]),
        (placed("to = 2021-01-01"), &[(7, "rules.unknown_key")]),
        (dated(""), &[(1, bad)]),
        (row("from = 2020-01-01"), &[(1, bad)]),
        (row("under = 160000\nfrom = 2020-01-01"), &[(5, bad)]),
        (dated("from = 2020-01-01T10:00:00"), &[(6, bad)]),
        (dated("from = 2020-02-30"), &[(6, bad)]),
        (dated("from = 10:00:00"), &[(6, bad)]),
        (placed("place = \"37040\""), &[(7, bad)]),
        (placed("announced = 2020-01-01T00:00:00"), &[(7, bad)]),
        (good.replace("\"migrant\"", "\"migrants\""), &[(2, bad)]),
        (good.replace("cite = \"c\"\n", ""), &[(1, "rules.no_cite")]),
        (
            good.replace("\"c\"", "\" \"")
                .replace("verified = true", ""),
            &[(1, "rules.no_cite"), (1, "rules.no_verified")],
        ),
    ]);
}

#[test]
fn each_fault_among_several_entries_is_found_at_its_line() {
    let good = row("under = 16\nfrom = 2020-01-01");
    let next = |keys: &str| format!("{good}{}", row(keys));
    assert_found(&[
        (String::new(), &[]),
        (
            format!("{good}[[age_limits]]\n"),
            &[(7, "rules.unknown_kind")],
        ),
        (
            format!("{good}[age_limits]\n"),
            &[(7, "rules.unknown_kind")],
        ),
        (format!("from = 1\n{good}"), &[(1, "rules.unknown_kind")]),
        (
            next("under = 16\nfrom = 2020-01-01"),
            &[(7, "rules.overlap")],
        ),
        (
            next("under = 16\nfrom = 2021-01-01\nuntil = 2020-12-31"),
            &[(7, "rules.backwards")],
        ),
        (
            next("under = 16\nfrom = 2019-01-01\nuntil = 2019-12-30"),
            &[(1, "rules.gap")],
        ),
        (
            row("under = 16") + &row("from = 2020-01-01\nolder = 1"),
            &[(1, "rules.unreadable"), (11, "rules.unknown_key")],
        ),
    ]);
}

#[test]
fn only_what_cannot_be_gone_by_is_refused() {
    let no_cite = "[[age_limit]]\ncategory = \"migrant\"\nunder = 16\nfrom = 2020-01-01";
    let rules = Rulebook::parse(no_cite).unwrap();
    let limit = rules.age_limit(Category::Migrant, date(2021, 1, 1), COUNTRY);
    assert_eq!(limit.map(|it| (&*it.cite, it.verified)), Ok(("", false)));
    let gap =
        format!("{no_cite}\nuntil = 2020-12-31\n{no_cite}").replacen("2020-01-01", "2019-01-01", 1);
    let gap = gap.replacen("2020-12-31", "2019-06-30", 1);
    let rules = Rulebook::parse(&gap).unwrap();
    assert!(
        rules
            .age_limit(Category::Migrant, date(2019, 7, 1), COUNTRY)
            .is_err()
    );
    assert!(Rulebook::parse(&format!("{no_cite}\n{no_cite}")).is_err());
}

#[test]
fn entries_that_make_no_sense_are_refused() {
    let head = "from = 2020-01-01\ncite = \"c\"\nverified = true\n";
    for (kind, keys) in [
        ("situation", "situation = \"able\""),
        ("situation", "situation = \"dead\"\nmonths = 6"),
        (
            "situation",
            "situation = \"lost_contact\"\nbasis = \"total\"",
        ),
        ("situation", "situation = \"dead\"\nbasis_verified = true"),
        ("situation", "situation = \"imprisoned\"\nlevel = 2"),
        ("situation", "situation = \"severe_disability\""),
        ("situation", "situation = \"severe_disability\"\nlevel = 5"),
        (
            "situation",
            "situation = \"severe_disability\"\nlevel_of = { mental = 5 }",
        ),
        (
            "situation",
            "situation = \"severe_disability\"\nlevel_of = { mind = 2 }",
        ),
        ("situation", "situation = \"imprisoned\"\nmonths = -6"),
        ("category", "category = \"key_hardship\"\nrural_only = true"),
        ("precedence", "order = [\"left_behind\"]"),
        ("precedence", "order = [\"key_hardship\", \"key_hardship\"]"),
        (
            "clock",
            "category = \"key_hardship\"\npath = \"own_town\"\nlegs = []",
        ),
        (
            "clock",
            "category = \"key_hardship\"\npath = \"home\"\nlegs = []",
        ),
    ] {
        let refused = Rulebook::parse(&format!("[[{kind}]]\n{head}{keys}\n"));
        assert_eq!(
            refused.map_err(|it| it.code()),
            Err("rules.unreadable"),
            "{keys}"
        );
    }
}

#[test]
fn what_other_rules_need_is_missed() {
    let class = |code: &str| {
        format!(
            "[[category]]\ncategory = \"{code}\"\nfrom = 2020-01-01\ncite = \"c\"\nverified = true\n"
        )
    };
    let two = class("de_facto_unattended") + &class("key_hardship");
    let missing = vec![
        (1, "rules.missing"),
        (1, "rules.missing"),
        (1, "rules.missing"),
        (6, "rules.missing"),
        (6, "rules.missing"),
    ];
    assert_eq!(found(&two), missing);
    let papers = "[[papers]]\ncategory = \"migrant\"\nrequired = [\"photo\"]\nfrom = 2020-01-01\ncite = \"c\"\nverified = true\n";
    assert_eq!(found(papers), [(1, "rules.unnamed")]);
    let name = "[[paper_name]]\npaper = \"photo\"\nzh = \"照片\"\nen = \"photograph\"\n";
    assert_eq!(found(&format!("{papers}{name}")), []);
    assert_eq!(found(&format!("{name}{name}")), [(5, "rules.unreadable")]);
}

#[test]
fn every_refusal_names_its_file_and_line_in_both_languages() {
    let twice = row("under = 16\nfrom = 2020-01-01").repeat(2);
    let error = Rulebook::parse(&twice).unwrap_err();
    for lang in [Lang::Zh, Lang::En] {
        let told = error.explain(lang);
        assert!(
            told.starts_with("rules.toml:7") && told.contains("age_limit.migrant"),
            "{told}"
        );
    }
}

#[test]
fn the_version_tells_files_apart() {
    let of = |name, text| {
        Rulebook::of(&[Source { name, text }])
            .unwrap()
            .version()
            .to_owned()
    };
    let good = row("under = 16\nfrom = 2020-01-01");
    assert_eq!(of("a.toml", &good), of("a.toml", &good));
    assert_ne!(of("a.toml", &good), of("b.toml", &good));
    assert_ne!(of("a.toml", &good), of("a.toml", &good.replace("16", "17")));
}
