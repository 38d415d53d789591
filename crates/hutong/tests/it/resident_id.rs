//! The verb resident-id, as a person types it.

use serde_json::json;

use crate::run::hutong;

#[test]
fn a_sound_number_tells_birth_sex_and_division() {
    let ran = hutong(&["resident-id"], "11010519491231002X\n");
    let line = concat!(
        r#"{"number":"11010519491231002X","valid":true,"code":null,"birth":"1949-12-31","#,
        r#""sex":"female","division":110105}"#,
        "\n"
    );
    assert_eq!((ran.code, &*ran.stdout, &*ran.stderr), (Some(0), line, ""));
}

#[test]
fn a_faulty_number_tells_its_first_fault_alone() {
    let ran = hutong(&["resident-id"], "110105194912310020\n");
    let answer = json!({
        "number": "110105194912310020", "valid": false, "code": "id.checksum",
        "birth": null, "sex": null, "division": null,
    });
    assert_eq!((ran.code, ran.json()), (Some(1), vec![answer]));
}

#[test]
fn each_line_is_answered_in_its_order() {
    let lines = [
        (" 11010519491231002x\r", "11010519491231002x", None),
        ("", "", Some("id.length")),
        ("370481120304001", "370481120304001", Some("id.old_form")),
        (
            "1101051949123100２X",
            "1101051949123100２X",
            Some("id.character"),
        ),
        (
            "990105194912310020",
            "990105194912310020",
            Some("id.region"),
        ),
        ("110105190002290020", "110105190002290020", Some("id.date")),
        ("\t\"\\", "\"\\", Some("id.character")),
    ];
    let input: Vec<&str> = lines.iter().map(|(line, _, _)| *line).collect();
    let ran = hutong(&["resident-id"], input.join("\n"));
    let said: Vec<_> = ran
        .json()
        .iter()
        .map(|a| (a["number"].clone(), a["code"].clone()))
        .collect();
    let expected: Vec<_> = lines
        .iter()
        .map(|(_, number, code)| (json!(number), json!(code)))
        .collect();
    assert_eq!((ran.code, said), (Some(1), expected));
}

#[test]
fn no_lines_no_answers() {
    let ran = hutong(&["resident-id"], "");
    assert_eq!((ran.code, &*ran.stdout, &*ran.stderr), (Some(0), "", ""));
    assert_eq!(hutong(&["resident-id"], "\n\n").json().len(), 2);
}

#[test]
fn hostile_input_is_answered() {
    let mut input = vec![b'7'; 3_000_000];
    input.extend(b"\n\xff\xfe\x00\n11010519491231002X");
    let ran = hutong(&["resident-id"], input);
    let codes: Vec<_> = ran
        .json()
        .iter()
        .map(|answer| answer["code"].clone())
        .collect();
    assert_eq!(
        (ran.code, codes),
        (
            Some(1),
            vec![json!("id.length"), json!("id.character"), json!(null)]
        )
    );
}
