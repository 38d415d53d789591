//! Children whose whole facts are written down in `cases/*.toml`, with what the built-in rules say of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use policy::{Decision, Facts, Rulebook};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The scene.
    name: String,
    cite: String,
    #[serde(default = "tengzhou")]
    place: Division,
    #[serde(default = "day")]
    on: toml::value::Datetime,
    /// JSON, since TOML has no null.
    facts: String,
    is: Vec<Category>,
    /// What the reasons say, by class: the facts and whether every rule is verified.
    #[serde(default)]
    facts_of: BTreeMap<Category, Vec<String>>,
    #[serde(default)]
    verified: BTreeMap<Category, bool>,
    /// What refused classes lack.
    #[serde(default)]
    lacks: BTreeMap<Category, Vec<String>>,
    /// What is missing where a class may still hold.
    #[serde(default)]
    missing: BTreeMap<Category, Vec<String>>,
    #[serde(default)]
    excluded_by: BTreeMap<Category, Category>,
}

fn tengzhou() -> Division {
    Division::parse("370481").unwrap()
}

fn day() -> toml::value::Datetime {
    "2021-11-04".parse().unwrap()
}

fn texts(points: &[policy::Point]) -> Vec<String> {
    points.iter().map(ToString::to_string).collect()
}

#[test]
fn every_child_is_decided_as_its_case_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() || path.ends_with("parents.toml") {
            continue;
        }
        let file: File = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in file.case {
            count += 1;
            check(&case);
        }
    }
    assert!(count > 40, "{count} cases");
}

fn check(case: &Case) {
    let name = &case.name;
    assert!(!case.cite.is_empty(), "{name}");
    let on: Date = case.on.to_string().parse().unwrap();
    let facts: Facts =
        serde_json::from_str(&case.facts).unwrap_or_else(|it| panic!("{name}: {it}"));
    let decision = Rulebook::builtin().decide(&facts, on, case.place).unwrap();
    assert_eq!(decision.categories, case.is, "{name}: {decision:#?}");
    for (category, expected) in &case.facts_of {
        assert_eq!(texts(&why(&decision, *category).facts), *expected, "{name}");
    }
    for (category, verified) in &case.verified {
        assert_eq!(why(&decision, *category).verified, *verified, "{name}");
    }
    let not = |category: &Category| {
        let mut not = decision.not.iter();
        not.find(|not| not.category == *category).unwrap()
    };
    for (category, lacks) in &case.lacks {
        assert_eq!(texts(&not(category).lacks), *lacks, "{name}, {category}");
        assert_eq!(texts(&not(category).missing), [""; 0], "{name}, {category}");
    }
    for (category, missing) in &case.missing {
        assert_eq!(
            texts(&not(category).missing),
            *missing,
            "{name}, {category}"
        );
        assert_eq!(texts(&not(category).lacks), *missing, "{name}, {category}");
    }
    for (category, by) in &case.excluded_by {
        assert_eq!(not(category).excluded_by, Some(*by), "{name}, {category}");
    }
}

fn why<'d>(decision: &'d Decision<'_>, category: Category) -> &'d policy::Why<'d> {
    let mut why = decision.why.iter();
    why.find(|why| why.category == category).unwrap()
}
