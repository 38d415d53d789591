//! The verb rules: what is wrong with a folder of rules, by file and line.

use std::fs;

use crate::run::hutong;

const GOOD: &str = "[[age_limit]]\ncategory = \"migrant\"\nunder = 16\nfrom = 2020-01-01\ncite = \"市民政局通知\"\nverified = true\n";

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn the_built_in_rules_are_sound() {
    let ran = hutong(&["rules", "check", "--json"], "");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    let report = &ran.json()[0];
    assert_eq!(report["findings"], serde_json::json!([]));
    assert!(report["unverified"].as_u64() < report["entries"].as_u64());
}

#[test]
fn a_folder_is_checked_file_by_file() {
    let faulty = GOOD
        .replace("under", "below")
        .replace("cite = \"市民政局通知\"\n", "");
    let rules = folder(&[
        ("a.toml", GOOD),
        ("b.toml", &faulty),
        (".b.toml.swp.toml", "?"),
        ("readme.md", "?"),
    ]);
    let path = rules.path().to_str().unwrap();
    let ran = hutong(&["rules", "check", path, "--json"], "");
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let findings: Vec<_> = ran.json()[0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let file = finding["file"].as_str().unwrap();
            let code = finding["code"].as_str().unwrap().to_owned();
            (
                file.ends_with("b.toml"),
                finding["line"].as_u64().unwrap(),
                code,
            )
        })
        .collect();
    let expected = [(true, 1, "rules.no_cite"), (true, 3, "rules.unknown_key")];
    assert_eq!(
        findings,
        expected.map(|(b, line, code)| (b, line, code.to_owned()))
    );
    let told = hutong(&["--lang", "en", "rules", "check", path], "").stdout;
    assert!(
        told.contains("b.toml:3: there is a key nobody knows"),
        "{told}"
    );
    assert!(
        told.ends_with("1 rules, 2 faults; 0 not verified\n"),
        "{told}"
    );
}

#[test]
fn a_folder_that_cannot_be_read_is_one_message() {
    let empty = folder(&[("notes.txt", "")]);
    let latin = folder(&[]);
    fs::write(latin.path().join("a.toml"), b"# \xff").unwrap();
    for (path, code) in [
        ("/nowhere/at/all".into(), "rules.unread"),
        (empty.path().to_owned(), "rules.empty"),
        (latin.path().to_owned(), "rules.unread"),
    ] {
        let ran = hutong(&["rules", "check", path.to_str().unwrap()], "");
        assert_eq!((ran.code, &*ran.stdout), (Some(2), ""), "{code}");
        assert_eq!(ran.stderr.lines().count(), 1);
        assert!(ran.stderr.contains(code), "{}", ran.stderr);
    }
}

#[test]
fn the_committed_schema_is_what_the_program_prints() {
    let committed = include_str!("../../../../docs/rules.schema.json");
    let printed = hutong(&["rules", "schema"], "").stdout;
    assert!(
        printed == committed,
        "stale: hutong rules schema > docs/rules.schema.json"
    );
}
