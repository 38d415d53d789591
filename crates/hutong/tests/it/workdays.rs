//! The verb workdays, as a person types it.

use serde_json::json;

use crate::run::hutong;

/// The plain answer of one run, which must have gone well.
fn answer(arguments: &[&str]) -> String {
    let ran = hutong(&[&["workdays"], arguments].concat(), "");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{arguments:?}");
    ran.stdout.trim_end().to_owned()
}

/// The code in the message of one run, which must have failed as bad use.
fn refusal(arguments: &[&str]) -> String {
    let ran = hutong(&[&["workdays"], arguments].concat(), "");
    assert_eq!((ran.code, &*ran.stdout), (Some(2), ""), "{arguments:?}");
    assert_eq!(ran.stderr.lines().count(), 1, "one message: {}", ran.stderr);
    let code = ran.stderr.split(['[', ']']).nth(1).unwrap_or_default();
    code.to_owned()
}

#[test]
fn add_answers_the_day() {
    assert_eq!(answer(&["add", "2021-11-04", "15"]), "2021-11-25");
    assert_eq!(answer(&["add", "2021-11-06", "0"]), "2021-11-06");
    assert_eq!(answer(&["add", "2026-12-30", "1"]), "2026-12-31");
    let json = r#"{"from":"2021-11-04","days":15,"due":"2021-11-25"}"#;
    assert_eq!(answer(&["add", "2021-11-04", "15", "--json"]), json);
    assert_eq!(answer(&["--json", "add", "2021-11-04", "15"]), json);
}

#[test]
fn between_counts_the_years_of_the_record() {
    let counts: Vec<String> = (2019..=2026)
        .map(|year| {
            answer(&[
                "between",
                &format!("{}-12-31", year - 1),
                &format!("{year}-12-31"),
            ])
        })
        .collect();
    assert_eq!(
        counts,
        ["250", "249", "250", "249", "249", "251", "248", "248"]
    );
    // 1 January 2018 is a holiday, so it may stand for the day before the first.
    assert_eq!(answer(&["between", "2018-01-01", "2018-12-31"]), "250");
    assert_eq!(
        answer(&["between", "2021-11-04", "2021-11-25", "--json"]),
        r#"{"from":"2021-11-04","to":"2021-11-25","days":15}"#
    );
    assert_eq!(answer(&["between", "2021-11-25", "2021-11-04"]), "0");
}

#[test]
fn a_due_date_past_the_last_year_is_refused() {
    assert_eq!(refusal(&["add", "2026-12-31", "1"]), "calendar.beyond");
    assert_eq!(
        refusal(&["add", "2026-12-15", "15", "--json"]),
        "calendar.beyond"
    );
    assert_eq!(refusal(&["add", "2027-01-01", "0"]), "calendar.beyond");
    assert_eq!(
        refusal(&["add", "2021-11-04", "99999999999999999999"]),
        "calendar.beyond"
    );
    assert_eq!(
        refusal(&["between", "2026-12-01", "2027-01-01"]),
        "calendar.beyond"
    );
    assert_eq!(refusal(&["add", "2017-12-29", "1"]), "calendar.before");
    let ran = hutong(&["workdays", "add", "2026-12-31", "1"], "");
    assert!(ran.stderr.contains("31 December 2026"), "{}", ran.stderr);
    let ran = hutong(&["--lang", "zh", "workdays", "add", "2026-12-31", "1"], "");
    assert!(ran.stderr.contains("2026年12月31日"), "{}", ran.stderr);
}

#[test]
fn unreadable_questions_are_refused() {
    for date in [
        "2021-02-29",
        "2021-11-4",
        "20211104",
        "2021/11/04",
        "2021-11-04T00:00",
        "+2021-11-4",
        "x",
    ] {
        assert_eq!(refusal(&["add", date, "1"]), "date.unreadable", "{date}");
    }
    for days in ["-1", "1.5", "x", "", "１"] {
        assert_eq!(
            refusal(&["add", "2021-11-04", days]),
            "days.invalid",
            "{days}"
        );
    }
    let incomplete: [&[&str]; 5] = [
        &[],
        &["add"],
        &["add", "2021-11-04"],
        &["between", "2021-11-04"],
        &["add", "2021-11-04", "1", "--stdin"],
    ];
    for arguments in incomplete {
        assert_eq!(refusal(arguments), "usage.arguments", "{arguments:?}");
    }
}

#[test]
fn each_line_of_standard_input_is_answered() {
    let input = "2021-11-04 15\n 2021-11-04\t15 \r\n2026-12-31 1\n2017-12-31 1\n2021-02-29 1\n2021-11-04 -1\n\n2021-11-04\n2021-11-04 1 2\n\u{ff}\n2026-12-30 1";
    let due = json!({ "from": "2021-11-04", "days": 15, "due": "2021-11-25" });
    let error = |code| json!({ "error": code });
    let expected = vec![
        due.clone(),
        due,
        error("calendar.beyond"),
        error("calendar.before"),
        error("date.unreadable"),
        error("days.invalid"),
        error("date.unreadable"),
        error("days.invalid"),
        error("days.invalid"),
        error("date.unreadable"),
        json!({ "from": "2026-12-30", "days": 1, "due": "2026-12-31" }),
    ];
    let ways: [&[&str]; 4] = [
        &["workdays", "--stdin"],
        &["workdays", "add", "--stdin"],
        &["workdays", "--stdin", "add"],
        &["workdays", "add", "--stdin", "--json"],
    ];
    for arguments in ways {
        let ran = hutong(arguments, input);
        assert_eq!(
            (ran.code, ran.json()),
            (Some(0), expected.clone()),
            "{arguments:?}"
        );
    }
}

#[test]
fn between_reads_lines_too() {
    let ran = hutong(
        &["workdays", "between", "--stdin"],
        "2021-11-04 2021-11-25\n2021-11-04\n2026-12-31 2027-01-01\n",
    );
    let expected = vec![
        json!({ "from": "2021-11-04", "to": "2021-11-25", "days": 15 }),
        json!({ "error": "date.unreadable" }),
        json!({ "error": "calendar.beyond" }),
    ];
    assert_eq!((ran.code, ran.json()), (Some(0), expected));
}
