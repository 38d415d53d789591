//! Decisions on one core, beside the cost of reading the same facts from their JSON.

use std::hint::black_box;
use std::time::Instant;

use jiff::civil::{Date, date};
use kernel::division::Division;
use policy::{Facts, Rulebook, Situation};
use serde_json::json;

use super::error::BenchError;
use super::figure::{Figure, Measured, Target};

/// The promise on one core.
const PER_SECOND: Target = Target::AtLeast(200_000.0);

const ON: Date = date(2021, 11, 4);

/// Measures so many decisions, of every pair of situations in turn.
pub(super) fn measure(
    county: Division,
    decisions: usize,
    repetitions: usize,
) -> Result<Figure, BenchError> {
    let texts = texts();
    let facts = read(&texts)?;
    let rules = Rulebook::builtin();
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..repetitions {
        let began = Instant::now();
        for text in texts.iter().cycle().take(decisions) {
            black_box(one(black_box(text))?);
        }
        raw.push(decisions as f64 / began.elapsed().as_secs_f64());
        let began = Instant::now();
        for facts in facts.iter().cycle().take(decisions) {
            // Facts without a day of birth that lies ahead are decided under the built-in rules.
            let _ = black_box(rules.decide(black_box(facts), ON, county));
        }
        ours.push(decisions as f64 / began.elapsed().as_secs_f64());
    }
    Ok(Figure {
        key: "decide.per_second".into(),
        zh: format!("认定 {decisions} 次，单核"),
        en: format!("{decisions} decisions on one core"),
        unit: "decisions/s",
        value: Measured::of(&ours),
        beside: ("仅解析同样的 JSON", "parsing the same JSON"),
        raw: Measured::of(&raw),
        target: Some(PER_SECOND),
        is_detail: false,
    })
}

fn read(texts: &[String]) -> Result<Vec<Facts>, BenchError> {
    texts.iter().map(|text| one(text)).collect()
}

fn one(text: &str) -> Result<Facts, BenchError> {
    serde_json::from_str(text).map_err(BenchError::Facts)
}

/// A child for every pair of its parents' situations.
fn texts() -> Vec<String> {
    let parent = |situation: Situation| {
        json!({
            "situation": situation.code(), "since": "2021-02-01", "months": 18,
            "disability": { "kind": "physical", "level": 2 },
        })
    };
    let pairs = Situation::ALL
        .into_iter()
        .flat_map(|father| Situation::ALL.map(|mother| (father, mother)));
    pairs
        .map(|(father, mother)| {
            let facts = json!({
                "child": {
                    "born": "2012-03-04", "sex": "female", "hukou": 370_481_001_001_i64,
                    "in_institution": false, "studying_full_time": false, "hiv_infected": false,
                    "disability": { "kind": "intellectual", "level": 3 },
                    "major_illness": false, "rare_illness": false,
                },
                "father": parent(father), "mother": parent(mother),
                "household": { "poor": true, "minimum_living": false },
                "parents_unknown": false, "rural": true, "lives_with_parents": false,
            });
            facts.to_string()
        })
        .collect()
}
