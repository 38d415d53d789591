//! Every situation of a father beside every situation of a mother, with thresholds at, just below and just
//! above, as written in `cases/pairs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use jiff::civil::date;
use kernel::division::Division;
use policy::{Facts, Rulebook, Situation};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parents {
    parents: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pairs {
    pairs: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    father: String,
    mother: String,
    is: Vec<String>,
    #[serde(default)]
    may: Vec<String>,
    cite: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("cases")
}

fn parents() -> BTreeMap<String, Value> {
    let text = fs::read_to_string(folder().join("parents.toml")).unwrap();
    toml::from_str::<Parents>(&text).unwrap().parents
}

fn pairs() -> Vec<Pair> {
    let files = Situation::ALL.map(|of| folder().join("pairs").join(format!("{of}.toml")));
    let read = |path| toml::from_str::<Pairs>(&fs::read_to_string(path).unwrap()).unwrap();
    files
        .into_iter()
        .flat_map(|path| read(path).pairs)
        .collect()
}

/// A child of nine in a poor rural household of Tengzhou, in good health and apart from its parents.
fn facts(father: &Value, mother: &Value) -> Facts {
    let facts = json!({
        "child": {
            "born": "2012-03-04", "sex": "female", "hukou": 370_481_001_001_i64, "in_institution": false,
            "studying_full_time": true, "hiv_infected": false, "disability": null,
            "major_illness": false, "rare_illness": false,
        },
        "father": father, "mother": mother,
        "household": { "poor": true, "minimum_living": false },
        "parents_unknown": false, "rural": true, "lives_with_parents": false,
    });
    serde_json::from_value(facts).unwrap()
}

#[test]
fn every_pair_of_situations_is_decided_as_its_case_says() {
    let (parents, tengzhou) = (parents(), Division::parse("370481").unwrap());
    for case in pairs() {
        let facts = facts(&parents[&case.father], &parents[&case.mother]);
        let decision = Rulebook::builtin().decide(&facts, date(2021, 11, 4), tengzhou);
        let decision = decision.unwrap();
        let codes = |categories: Vec<kernel::category::Category>| {
            let codes = categories
                .into_iter()
                .map(|category| category.code().to_owned());
            codes.collect::<Vec<_>>()
        };
        let open = decision.not.iter().filter(|not| !not.missing.is_empty());
        let may = codes(open.map(|not| not.category).collect());
        let who = format!("father {}, mother {}", case.father, case.mother);
        assert_eq!(
            (codes(decision.categories), may),
            (case.is, case.may),
            "{who}"
        );
        assert!(!case.cite.is_empty(), "{who}");
    }
}

#[test]
fn no_pair_is_left_out_and_each_threshold_is_met_from_both_sides() {
    let parents = parents();
    let situation = |name: &str| parents[name]["situation"].as_str().unwrap().to_owned();
    let written: BTreeSet<_> = pairs()
        .into_iter()
        .map(|pair| (pair.father, pair.mother))
        .collect();
    let all: BTreeSet<_> = parents
        .keys()
        .flat_map(|father| {
            parents
                .keys()
                .map(move |mother| (father.clone(), mother.clone()))
        })
        .collect();
    assert_eq!(written, all);
    for of in Situation::ALL {
        let names: Vec<_> = parents
            .keys()
            .filter(|name| situation(name) == of.code())
            .collect();
        let sides = if of.has_term()
            || matches!(of, Situation::LostContact | Situation::SevereDisability)
        {
            &["just below", "at", "above"][..]
        } else {
            &[""]
        };
        for side in sides {
            assert!(names.iter().any(|name| name.contains(side)), "{of} {side}");
        }
    }
}
