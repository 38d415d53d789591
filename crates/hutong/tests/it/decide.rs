//! The verb decide, as an officer or a program asks it.

use std::fs;

use serde_json::{Value, json};

use crate::run::{Ran, hutong};

/// A girl of nine in Tengzhou: her father is dead, her mother in prison.
fn facts() -> Value {
    json!({
        "child": {
            "born": "2012-03-04", "sex": "female", "hukou": 370_481_001_001_i64, "in_institution": false,
            "studying_full_time": false, "hiv_infected": false,
            "disability": { "kind": "intellectual", "level": 3 }, "major_illness": false,
            "rare_illness": false,
        },
        "father": { "situation": "dead" },
        "mother": { "situation": "imprisoned", "since": "2021-02-01", "months": 18 },
        "household": { "poor": true, "minimum_living": false },
        "parents_unknown": false, "rural": true, "lives_with_parents": false,
    })
}

/// Decides what stands on standard input for Tengzhou on 4 November 2021.
fn decide(input: &str, more: &[&str]) -> Ran {
    let asked = ["decide", "-", "--place", "370481", "--on", "2021-11-04"];
    hutong(&[&asked, more].concat(), input)
}

/// The code in the one message of a run that must have failed as bad use.
fn refusal(ran: &Ran) -> String {
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert_eq!(ran.stderr.lines().count(), 1, "one message: {}", ran.stderr);
    let code = ran.stderr.split(['[', ']']).nth(1).unwrap_or_default();
    code.to_owned()
}

#[test]
fn a_file_of_facts_is_decided_with_reason_and_citation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("facts.json");
    fs::write(&path, format!("\u{feff}{:#}", facts())).unwrap();
    let asked = [
        "decide",
        path.to_str().unwrap(),
        "--place",
        "370481",
        "--on",
        "2021-11-04",
        "--json",
    ];
    let ran = hutong(&asked, "");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    let answer = &ran.json()[0];
    assert_eq!(answer["categories"], json!(["de_facto_unattended"]));
    let why = &answer["why"][0];
    assert_eq!(why["facts"], json!(["father.dead", "mother.imprisoned"]));
    assert_eq!(why["rule"], "category.de_facto_unattended@2020-01-01");
    assert!(
        why["cite"]
            .as_str()
            .unwrap()
            .starts_with("民发〔2019〕62号")
    );
    assert_eq!(why["verified"], true);
    let not = &answer["not"][0];
    assert_eq!(not["category"], "institution_orphan");
    assert_eq!(not["lacks"], json!(["mother.dead_or_declared_missing"]));
    assert_eq!(answer["missing"], json!([]));
}

#[test]
fn several_children_are_answered_one_after_the_other() {
    let mut unknown = facts();
    unknown["mother"] = json!({ "situation": "imprisoned", "since": "2021-02-01" });
    let input = format!("{}\n{unknown:#}\n\n{}", facts(), json!({}));
    let ran = decide(&input, &["--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let answers = ran.json();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["categories"], json!(["de_facto_unattended"]));
    assert_eq!(answers[1]["missing"], json!(["mother.months"]));
    assert_eq!(answers[2]["categories"], json!([]));
}

#[test]
fn people_read_it_in_their_language() {
    let zh = decide(&facts().to_string(), &["--lang", "zh"]).stdout;
    assert!(
        zh.contains("认定为事实无人抚养儿童\n  事实：父亲死亡；母亲服刑在押\n"),
        "{zh}"
    );
    assert!(
        zh.contains("重点困境儿童：不重复享受，按事实无人抚养儿童保障"),
        "{zh}"
    );
    assert!(
        zh.contains("社会散居孤儿：不符合，所需条件：母亲死亡或被宣告失踪"),
        "{zh}"
    );
    let en = decide("{}", &["--lang", "en"]).stdout;
    assert!(
        en.starts_with("By these facts the child is of no class.\n"),
        "{en}"
    );
    assert!(
        en.contains("perhaps child affected by AIDS; missing: the child is infected with HIV"),
        "{en}"
    );
}

#[test]
fn facts_that_cannot_be_read_are_one_message_that_names_them() {
    for (input, said) in [
        ("", "facts.empty"),
        (" \n", "facts.empty"),
        ("[]", "an object"),
        ("null", "an object"),
        ("{", "EOF"),
        ("{} x", "Line 1, column 4"),
        (r#"{"farther":{}}"#, "farther"),
        (r#"{"father":{"situation":"ded"}}"#, "father.situation"),
        (r#"{"father":["dead"]}"#, "father"),
        (r#"{"father":{"months":-1}}"#, "father.months"),
        (r#"{"father":{"months":1.5}}"#, "father.months"),
        (r#"{"father":{"since":"2021-02-30"}}"#, "father.since"),
        (r#"{"father":{"since":"20210201"}}"#, "father.since"),
        (
            r#"{"child":{"disability":{"kind":"mental","level":5}}}"#,
            "child.disability.level",
        ),
        (r#"{"child":{"hukou":37048}}"#, "child.hukou"),
        (r#"{"rural":"yes"}"#, "rural"),
        (r#"{"rural":true,"rural":true}"#, "rural"),
    ] {
        let ran = decide(input, &["--lang", "en", "--json"]);
        let code = refusal(&ran);
        assert!(code.starts_with("facts."), "{input}: {code}");
        assert!(ran.stderr.contains(said), "{input}: {}", ran.stderr);
    }
    // What was decided before a child that cannot be read has been answered.
    let ran = decide("{}\n{\"rural\":1}\n{}", &["--lang", "en", "--json"]);
    assert_eq!((&*refusal(&ran), ran.json().len()), ("facts.unreadable", 1));
    assert!(ran.stderr.contains("Line 2, column 10"), "{}", ran.stderr);
}

#[test]
fn a_question_that_has_no_answer_is_one_message() {
    let born = r#"{"child":{"born":"2021-11-05"}}"#;
    assert_eq!(refusal(&decide(born, &["--json"])), "facts.not_born");
    let asked = |arguments: &[&str]| refusal(&hutong(&[&["decide"], arguments].concat(), "{}"));
    assert_eq!(
        asked(&["-", "--place", "37048", "--on", "2021-11-04"]),
        "division.unreadable"
    );
    assert_eq!(
        asked(&["-", "--place", "370481", "--on", "2021-11-31"]),
        "date.unreadable"
    );
    assert_eq!(asked(&["-", "--place", "370481"]), "usage.arguments");
    assert_eq!(
        asked(&["--place", "370481", "--on", "2021-11-04"]),
        "usage.arguments"
    );
    let nowhere = [
        "/nowhere/facts.json",
        "--place",
        "370481",
        "--on",
        "2021-11-04",
    ];
    assert_eq!(asked(&nowhere), "facts.unread");
}

#[test]
fn an_office_may_decide_by_rules_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let rules = include_str!("../../../../docs/rules.md");
    let example = rules
        .split("```toml\n")
        .find(|part| part.contains("[[category]]"))
        .unwrap();
    let example = example.split("```").next().unwrap();
    fs::write(folder.path().join("ours.toml"), example).unwrap();
    let checked = hutong(&["rules", "check", path], "");
    assert_eq!(checked.code, Some(0), "{}", checked.stdout);

    let answer = |on: &str| {
        let asked = [
            "decide", "-", "--place", "370481", "--on", on, "--rules", path, "--json",
        ];
        let ran = hutong(&asked, facts().to_string());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.json()[0].clone()
    };
    // By the manual's example a term counts while a year of it is left.
    assert_eq!(
        answer("2021-08-01")["categories"],
        json!(["de_facto_unattended"])
    );
    let late = answer("2021-08-02");
    assert_eq!(late["categories"], json!([]));
    let mut not = late["not"].as_array().unwrap().iter();
    let not = not
        .find(|not| not["category"] == "de_facto_unattended")
        .unwrap();
    assert_eq!(not["lacks"], json!(["mother.imprisoned_at_threshold"]));

    fs::write(folder.path().join("worse.toml"), "\n[[situatoin]]\n").unwrap();
    let ran = decide("{}", &["--rules", path]);
    assert_eq!(refusal(&ran), "rules.unknown_kind");
    assert!(ran.stderr.contains("worse.toml:2"), "{}", ran.stderr);
}

#[test]
fn the_committed_schema_of_facts_is_what_the_program_prints() {
    let committed = include_str!("../../../../docs/facts.schema.json");
    let printed = hutong(&["decide", "--schema"], "").stdout;
    assert!(
        printed == committed,
        "stale: hutong decide --schema > docs/facts.schema.json"
    );
}
