//! The verb allowance: histories in, lines out, without a database.

use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::run::{Ran, command, hutong, run};

const HISTORIES: &str = include_str!("../allowances/histories.jsonl");
const EXPECTED: &str = include_str!("../allowances/expected.jsonl");
const DOCUMENT: &str = include_str!("../../../../docs/allowances.md");
const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/allowances/rules");
const NOVEMBER: [&str; 6] = [
    "allowance",
    "compute",
    "--month",
    "2021-11",
    "--known-at",
    "2021-11-20T00:00:00+08:00",
];

/// What November's run of 2021 answers about histories given on standard input, by the invented rules.
fn november(histories: impl AsRef<[u8]>) -> Ran {
    let arguments = [&NOVEMBER[..], &["--rules", RULES, "-"]].concat();
    hutong(&arguments, histories)
}

fn child(name: &str, facts: &str) -> String {
    format!(r#"{{"child":"{name}","place":370402,"born":"2012-03-04","facts":[{facts}]}}"#)
}

const RECOGNISED: &str = r#"{"known":"2021-09-10T09:00:00+08:00","kind":"recognised","class":"scattered_orphan","on":"2021-09-10"}"#;

#[test]
fn sixty_histories_have_their_answers() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/allowances/histories.jsonl"
    );
    let ran = hutong(&[&NOVEMBER[..], &["--rules", RULES, file]].concat(), "");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    let answers = ran.json();
    let expected: Vec<Value> = EXPECTED
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), expected.len());
    for (answer, expected) in answers.iter().zip(&expected) {
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&answer[field], value, "{field} of {answer}");
        }
        if answer.get("kind").is_some() {
            let is_told = |field: &str| !answer[field].as_str().unwrap().is_empty();
            assert!(is_told("because") && is_told("cite"), "{answer}");
            assert_eq!(answer["pay_month"], "2021-11");
        }
    }
}

#[test]
fn many_blocks_are_answered_in_order() {
    let ten = november(HISTORIES.lines().take(10).collect::<Vec<_>>().join("\n")).stdout;
    let mut many = String::new();
    let mut expected = String::new();
    for round in 0..300 {
        let renamed = |text: &str| {
            let name = text.replace("\"child\": \"c", &format!("\"child\": \"r{round}-"));
            name.replace("\"child\":\"c", &format!("\"child\":\"r{round}-"))
        };
        for line in HISTORIES.lines().take(10) {
            writeln!(many, "{}", renamed(line)).unwrap();
        }
        expected += &renamed(&ten);
    }
    assert!(many.len() > 5 << 20, "more than one block");
    assert!(november(many).stdout == expected);
}

#[test]
fn the_example_of_the_manual_comes_out_as_it_says() {
    let block = |opening: &str, nth: usize| {
        let blocks = DOCUMENT.split(opening).skip(1);
        blocks
            .map(|rest| rest.split("```").next().unwrap())
            .nth(nth)
            .unwrap()
    };
    let line = block("```console\n$ hutong ", 0);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("histories.jsonl"), block("```json\n", 0)).unwrap();
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let ran = run(command(&arguments).current_dir(folder.path()), "");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    assert_eq!(ran.stdout, block("```json\n", 1));

    // The rules it shows are rules.
    fs::write(folder.path().join("ours.toml"), block("```toml\n", 0)).unwrap();
    let own = ["--rules", folder.path().to_str().unwrap()];
    let ran = run(
        command(&[&arguments[..], &own].concat()).current_dir(folder.path()),
        "",
    );
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    let first = &ran.json()[0];
    assert_eq!(
        (first["amount"].as_str(), first["cite"].as_str()),
        (
            Some("200.00"),
            Some("《关于提高困难群众救助保障水平的通知》")
        )
    );
}

/// Lines that are no history, and what is said of them.
fn bad_lines() -> Vec<(String, &'static str)> {
    let fact = |fields: &str| {
        child(
            "b",
            &format!(r#"{{"known":"2021-09-10T09:00:00+08:00",{fields}}}"#),
        )
    };
    vec![
        ("not json".to_owned(), "column 2"),
        (r#"{"child":"b"}"#.to_owned(), "place"),
        (child("b", RECOGNISED).replace("370402", "37040"), "370481"),
        (
            child("b", RECOGNISED).replace("\"facts\"", "\"fakts\""),
            "fakts",
        ),
        (
            child("b", RECOGNISED).replace("2021-09-10\"}", "2021-02-29\"}"),
            "a day such as",
        ),
        (
            child("b", RECOGNISED).replace("+08:00", ""),
            "a moment with its offset",
        ),
        (
            child("b", RECOGNISED).replace("scattered", "scatered"),
            "scatered_orphan",
        ),
        (
            fact(r#""kind":"recognized","on":"2021-09-10""#),
            "recognized",
        ),
        (
            fact(r#""kind":"stopped","on":"2021-09-10""#),
            "fact 1 (stopped) lacks reason",
        ),
        (
            fact(r#""kind":"study","from":"2021-09","on":"2021-09-10""#),
            "fact 1 (study) has on",
        ),
        (
            fact(r#""kind":"benefit","benefit":"x","monthly":"-1.00","from":"2021-09","to":null"#),
            "fact 1 (benefit) has a negative monthly",
        ),
        (
            fact(r#""kind":"committed","for_month":"2021-09","payee":"guardian","amount":"1.234""#),
            "an amount of yuan",
        ),
        (
            fact(r#""kind":"committed","for_month":"2021-9","payee":"guardian","amount":"1""#),
            "a month such as",
        ),
    ]
}

#[test]
fn a_bad_line_is_named_and_everything_before_it_is_answered() {
    let good = child("a", RECOGNISED);
    let before = november(&good).stdout;
    for (bad, told) in bad_lines() {
        let ran = november(format!("{good}\n\n{bad}\n{good}\n"));
        assert_eq!(
            ran.refusal_code(),
            Some("histories.line"),
            "{bad}: {}",
            ran.stderr
        );
        assert_eq!(ran.stdout, before, "{bad}");
        let message = &ran.stderr;
        assert!(
            message.contains("Line 3:") && message.contains(told),
            "{bad}: {message}"
        );
    }
}

#[test]
fn amounts_beyond_reckoning_are_refused() {
    let committed = r#"{"known":"2021-09-10T09:00:00+08:00","kind":"committed","for_month":"2021-09","payee":"guardian","amount":"92233720368547758.07"}"#;
    let ran = november(child("a", &format!("{committed},{committed}")));
    assert_eq!(ran.refusal_code(), Some("histories.line"), "{}", ran.stderr);
    assert_eq!(november(child("a", committed)).code, Some(0));
}

#[test]
fn a_line_longer_than_may_be_is_refused_in_bounded_memory() {
    let long = format!("{}\n{}\n", child("a", RECOGNISED), " x".repeat(20 << 20));
    let ran = november(long);
    assert_eq!(ran.refusal_code(), Some("histories.line"));
    assert!(
        ran.stderr.contains("Line 2: it is longer than 16 MiB"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_windows_saves_is_read() {
    let plain = format!("{}\n{}\n", child("a", RECOGNISED), child("b", RECOGNISED));
    let windows = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    let unended = plain.trim_end();
    for text in [&windows, unended] {
        let ran = november(text);
        assert_eq!((ran.code, ran.stdout), (Some(0), november(&plain).stdout));
    }
    assert_eq!(
        (november("").code, november("\n \n").stdout),
        (Some(0), String::new())
    );
}

#[test]
fn names_are_told_as_they_were_written() {
    let ran = november(child(r#"甲\"\\\u4e59"#, ""));
    assert_eq!(ran.json()[0]["child"], "甲\"\\乙");
}

#[test]
fn a_file_or_rules_that_are_not_there_are_named() {
    let nowhere = [&NOVEMBER[..], &["/nowhere/histories.jsonl"]].concat();
    assert_eq!(hutong(&nowhere, "").refusal(), "histories.unread");
    let no_rules = [&NOVEMBER[..], &["--rules", "/nowhere", "-"]].concat();
    assert_eq!(hutong(&no_rules, "").refusal(), "rules.unread");
    let empty = tempfile::tempdir().unwrap();
    fs::write(empty.path().join("none.toml"), "").unwrap();
    let no_share = [
        &NOVEMBER[..],
        &["--rules", empty.path().to_str().unwrap(), "-"],
    ]
    .concat();
    assert_eq!(hutong(&no_share, "").refusal(), "rules.not_in_force");
    let bad_month = [
        "allowance",
        "compute",
        "-",
        "--month",
        "2021-13",
        "--known-at",
        "2021-11-20T00:00:00+08:00",
    ];
    assert_eq!(hutong(&bad_month, "").refusal(), "usage.arguments");
}

#[test]
fn the_words_are_chinese_where_chinese_is_asked_for() {
    let arguments = [&["--lang", "zh"], &NOVEMBER[..], &["--rules", RULES, "-"]].concat();
    let ran = hutong(&arguments, child("a", RECOGNISED));
    assert_eq!(
        ran.json()[0]["because"],
        "2021-09-10认定为社会散居孤儿；当月应发1600.00元，已发0.00元。"
    );
}

/// The brief's children by class, the rates of 2020 and 2021, and the rise in per cent.
const CITY: [(&str, usize, &str, &str, &str); 5] = [
    ("institution_orphan", 60, "1760.00", "2000.00", "13.63"),
    ("scattered_orphan", 474, "1400.00", "1600.00", "14.28"),
    ("aids_affected", 1, "1400.00", "1600.00", "14.28"),
    ("de_facto_unattended", 1199, "1400.00", "1600.00", "14.28"),
    ("key_hardship", 1264, "980.00", "1100.00", "12.24"),
];

/// The city's histories, the rules of 2020, and the rates of 2021.
fn city() -> [String; 3] {
    let rate = |class: &str, monthly: &str, from: &str| {
        format!(
            "[[allowance_rate]]\nclass = \"{class}\"\nplace = \"3704\"\nmonthly = \"{monthly}\"\nfrom = {from}\ncite = \"标准\"\nverified = false\n"
        )
    };
    let (mut histories, mut rules, mut proposed) = (String::new(), String::new(), String::new());
    for (class, heads, old, new, _) in CITY {
        rules += &rate(class, old, "2020-01-01");
        rules += &format!(
            "[[allowance_class]]\nclass = \"{class}\"\nstart_months_after = 1\ndeducts = []\nstudy_extends = true\nextra_months = 0\nfrom = 2011-01-01\ncite = \"办法\"\nverified = false\n"
        );
        proposed += &rate(class, new, "2021-01-01");
        for number in 0..heads {
            let fact = format!(
                r#"{{"known":"2020-12-10T09:00:00+08:00","kind":"recognised","class":"{class}","on":"2020-12-10"}}"#
            );
            writeln!(histories, "{}", child(&format!("{class}-{number}"), &fact)).unwrap();
        }
    }
    [histories, rules, proposed]
}

/// The figures of the brief: 240, 200 and 120 yuan more for 60, 1674 and 1264 children are 500 880 yuan a month; eight
/// months are paid back in September, and four more months lie before the year's end.
#[test]
fn the_raise_of_2021_is_weighed_before_it_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let [histories, rules, proposed] = city();
    let [ours, raise] = ["ours.toml", "raise.toml"].map(|name| folder.path().join(name));
    fs::write(&ours, rules).unwrap();
    fs::write(&raise, proposed).unwrap();
    let arguments = [
        "allowance",
        "what-if",
        "-",
        "--month",
        "2021-09",
        "--known-at",
        "2021-09-20T00:00:00+08:00",
        "--rules",
        ours.to_str().unwrap(),
        "--proposed",
        raise.to_str().unwrap(),
    ];
    let ran = hutong(&[&arguments[..], &["--json"]].concat(), &histories);
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    let weighed = &ran.json()[0];
    let total = serde_json::json!({
        "heads": 2998,
        "arrears": "4007040.00",
        "monthly": "500880.00",
        "to_year_end": "2003520.00",
    });
    assert_eq!(weighed["total"], total);
    assert_eq!(weighed["cells"].as_array().unwrap().len(), CITY.len());
    for ((class, heads, old, _, rise), of) in CITY.iter().zip(weighed["rates"].as_array().unwrap())
    {
        assert_eq!(
            (&of["class"], &of["before"], &of["rise_percent"]),
            (&(*class).into(), &(*old).into(), &(*rise).into())
        );
        let cells = weighed["cells"].as_array().unwrap();
        let cell = cells.iter().find(|cell| cell["class"] == *class).unwrap();
        assert_eq!(
            (&cell["heads"], &cell["county"]),
            (&(*heads).into(), &370_402_000_000_i64.into())
        );
    }
    let told = hutong(&arguments, &histories).stdout;
    assert!(
        told.contains("+13.63 %") && told.contains("4,007,040.00"),
        "{told}"
    );
}
