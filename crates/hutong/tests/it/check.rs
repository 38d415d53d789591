//! `hutong check`: its JSON, table, exit codes and marked copy, and what hostile files may cost.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use testkit::ledgers;

use crate::run::{Ran, hutong};

fn sample(name: &str) -> String {
    let ledgers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ledger/tests/ledgers");
    ledgers.join(name).display().to_string()
}

fn check(files: &[&str], place: &str, more: &[&str]) -> Ran {
    let mut arguments = vec!["check", "--place", place, "--as-of", "2021-10-31"];
    arguments.extend(files);
    arguments.extend(more);
    hutong(&arguments, "")
}

#[test]
fn json_has_the_published_shape() {
    let file = sample("orphans_tengzhou.xlsx");
    let ran = check(&[&file], "370481", &["--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    let report = &ran.json()[0]["files"][0];
    assert_eq!(
        (report["file"].as_str(), report["children"].as_u64()),
        (Some(file.as_str()), Some(160))
    );
    let first = &report["issues"][0];
    assert_eq!(
        (
            first["row"].as_u64(),
            &first["column"],
            &first["code"],
            &first["severity"]
        ),
        (
            Some(31),
            &"村（居）".into(),
            &"division.unknown".into(),
            &"block".into()
        )
    );
    assert!(first["message"].is_string());
    assert_eq!(first.as_object().map(serde_json::Map::len), Some(5));
}

#[test]
fn a_sound_ledger_ends_with_zero_and_says_so_in_the_language_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "sound.xlsx", &ledgers::xlsx(0, 50).unwrap());
    let ran = check(&[&file], "370481", &["--lang", "zh"]);
    assert_eq!(
        (ran.code, ran.stdout.contains("50 名儿童，未发现问题")),
        (Some(0), true),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    assert!(
        check(&[&file], "370481", &[])
            .stdout
            .contains("50 children, no faults")
    );
}

#[test]
fn children_listed_in_two_files_are_reported_in_the_later_one() {
    let folder = tempfile::tempdir().unwrap();
    let first = write(folder.path(), "a.csv", ledgers::csv(0, 20).as_bytes());
    let second = write(folder.path(), "b.csv", ledgers::csv(15, 20).as_bytes());
    let report = &check(&[&first, &second], "370481", &["--json"]).json()[0]["files"];
    let issues = |file: usize| report[file]["issues"].as_array().unwrap().len();
    assert_eq!(
        (issues(0), issues(1), &report[1]["issues"][0]["code"]),
        (0, 5, &"duplicate.id".into())
    );
}

#[test]
fn an_unreadable_file_does_not_hide_the_others() {
    let file = sample("hardship_yicheng.xls");
    let ran = check(&["/nowhere.xlsx", &file], "370404", &["--json"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("ledger.unreadable"), "{}", ran.stderr);
    assert_eq!(ran.json()[0]["files"][0]["children"], 160);
}

#[test]
fn bad_use_is_explained() {
    let file = sample("hardship_yicheng.xls");
    let ran = check(&[&file], "999999", &[]);
    assert_eq!(
        (ran.code, ran.stderr.contains("ledger.place_unknown")),
        (Some(2), true),
        "{}",
        ran.stderr
    );
    let folder = tempfile::tempdir().unwrap();
    let table = write(folder.path(), "names.toml", b"[columns]\nname = [\"x\"]");
    let ran = check(&[&file], "370404", &["--synonyms", &table]);
    assert_eq!(
        (ran.code, ran.stderr.contains("ledger.synonyms")),
        (Some(2), true),
        "{}",
        ran.stderr
    );
}

#[test]
fn the_marked_copy_is_a_ledger_again() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("marked.xlsx").display().to_string();
    let (first, second) = (
        sample("orphans_tengzhou.xlsx"),
        sample("leftbehind_shanting.xlsx"),
    );
    let ran = check(&[&first, &second], "3704", &["--mark", &copy]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    let report = &check(&[&copy], "3704", &["--json"]).json()[0]["files"][0];
    assert_eq!(report["children"], 160);
}

#[test]
fn a_marked_copy_never_takes_the_place_of_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = std::fs::read(sample("orphans_tengzhou.xlsx")).unwrap();
    let file = write(folder.path(), "ledger.xlsx", &ledger);
    let linked = folder.path().join("linked.xlsx").display().to_string();
    std::fs::hard_link(&file, &linked).unwrap();
    let around = folder
        .path()
        .join("../")
        .join(folder.path().file_name().unwrap());
    let around = around.join("ledger.xlsx").display().to_string();
    for copy in [&file, &linked, &around] {
        let ran = check(&[&file], "370481", &["--mark", copy]);
        assert_eq!(ran.code, Some(2), "{copy}");
        assert!(ran.stderr.contains("ledger.unwritable"), "{}", ran.stderr);
        assert!(std::fs::read(&file).unwrap() == ledger, "{copy}");
    }
}

#[test]
fn what_was_found_is_told_even_where_the_copy_cannot_be_written() {
    let file = sample("orphans_tengzhou.xlsx");
    let ran = check(&[&file], "370481", &["--json", "--mark", "/nowhere/x.xlsx"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("ledger.unwritable"), "{}", ran.stderr);
    assert_eq!(ran.json()[0]["files"][0]["children"], 160);
}

#[test]
fn a_heading_that_is_missing_is_told_with_what_the_command_line_offers() {
    let folder = tempfile::tempdir().unwrap();
    let text = "孩子叫什么,身份证号,村（居）,类别\n虚构甲,,曹沃村,孤儿\n";
    let file = write(folder.path(), "x.csv", text.as_bytes());
    let ran = check(&[&file], "370403", &[]);
    assert!(ran.stderr.contains("--synonyms"), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path: PathBuf = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

/// The most memory a check of this file held, in MiB, and how it ended.
///
/// The high-water mark is read until the process is gone; it only ever grows.
fn cost(file: &str, more: &[&str]) -> (u64, Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hutong"))
        .args([
            "--lang",
            "en",
            "check",
            "--place",
            "370481",
            "--as-of",
            "2021-10-31",
            file,
        ])
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| {
            line.strip_prefix("VmHWM:")?
                .trim()
                .strip_suffix(" kB")?
                .trim()
                .parse::<u64>()
                .ok()
        });
        peak = peak.max(mark.unwrap_or(0));
        if child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    let output = child.wait_with_output().unwrap();
    (
        peak >> 10,
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

const SHEET: &str =
    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
const TEXTS: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#;

fn sheet(body: &str) -> Vec<u8> {
    ledgers::raw_xlsx(
        format!("{SHEET}{body}</sheetData></worksheet>").as_bytes(),
        format!("{TEXTS}</sst>").as_bytes(),
    )
    .unwrap()
}

fn texts(body: &str) -> Vec<u8> {
    ledgers::raw_xlsx(
        format!("{SHEET}</sheetData></worksheet>").as_bytes(),
        body.as_bytes(),
    )
    .unwrap()
}

fn hostile_workbooks() -> Vec<(&'static str, Vec<u8>)> {
    let sound = ledgers::xlsx(0, 2000).unwrap();
    vec![
        ("bomb.xlsx", sheet(&" ".repeat(260 << 20))),
        (
            "one-cell.xlsx",
            sheet(&format!(
                "<row><c t=\"str\"><v>{}</v></c></row>",
                "x".repeat(48 << 20)
            )),
        ),
        (
            "cells.xlsx",
            sheet(&format!("<row>{}</row>", "<c/>".repeat(3_000_000))),
        ),
        (
            "comment.xlsx",
            sheet(&format!("<!--{}-->", "x".repeat(48 << 20))),
        ),
        (
            "texts.xlsx",
            texts(&format!(
                "{TEXTS}{}</sst>",
                "<si><t/></si>".repeat(2_000_000)
            )),
        ),
        (
            "long-texts.xlsx",
            texts(&format!(
                "{TEXTS}{}</sst>",
                format!("<si><t>{}</t></si>", "字".repeat(30_000)).repeat(1_000)
            )),
        ),
        (
            "claimed.xlsx",
            texts(&TEXTS.replace("<sst", "<sst uniqueCount=\"99999999999\"")),
        ),
        (
            "entities.xlsx",
            texts(
                "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>",
            ),
        ),
        (
            "sparse.xlsx",
            sheet(
                &(1..40_000)
                    .map(|row| format!("<row r=\"{row}\"><c r=\"XFD{row}\"><v>1</v></c></row>"))
                    .collect::<String>(),
            ),
        ),
        ("deep.xlsx", sheet(&"<a>".repeat(6 << 20))),
        ("cut-off.xlsx", sound[..sound.len() / 2].to_vec()),
        (
            "archive.xlsx",
            ledgers::zip(&[("readme.txt", b"no workbook")]).unwrap(),
        ),
        ("parts.xlsx", many_parts()),
    ]
}

fn many_parts() -> Vec<u8> {
    let names: Vec<String> = (0..12_000)
        .map(|number| format!("xl/{number}.xml"))
        .collect();
    let parts: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), b"".as_slice()))
        .collect();
    ledgers::zip(&parts).unwrap()
}

fn hostile_old_workbooks() -> Vec<(&'static str, Vec<u8>)> {
    let begin = |kind: u16| {
        (
            0x0809,
            [0x0600_u16.to_le_bytes(), kind.to_le_bytes()].concat(),
        )
    };
    let end = || (0x000A_u16, Vec::new());
    let mut table = vec![begin(5), (0x00FC, u32::MAX.to_le_bytes().repeat(2)), end()];
    table[1]
        .1
        .extend([0xFF, 0xFF, 0x0D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]);
    // One sheet, 27 bytes behind the start, with a cell in each far corner.
    let place = |row: u16, column: u16| {
        [
            row.to_le_bytes().as_slice(),
            &column.to_le_bytes(),
            &[0; 2],
            &1.0_f64.to_le_bytes(),
        ]
        .concat()
    };
    let entry = [27_u32.to_le_bytes().as_slice(), &[0, 0, 1, 0, b'x']].concat();
    let corners = vec![
        begin(5),
        (0x0085, entry),
        end(),
        begin(0x10),
        (0x0203, place(0, 0)),
        (0x0203, place(u16::MAX, u16::MAX)),
        end(),
    ];
    vec![
        ("counts.xls", ledgers::raw_xls(&table).unwrap()),
        ("corners.xls", ledgers::raw_xls(&corners).unwrap()),
        (
            "locked.xls",
            ledgers::raw_xls(&[begin(5), (0x002F, vec![0; 6])]).unwrap(),
        ),
    ]
}

#[test]
fn hostile_files_end_in_one_error_within_the_bound_of_memory() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        hostile_workbooks(),
        hostile_old_workbooks(),
        vec![
            ("wide.csv", ",".repeat(3_000_000).into_bytes()),
            ("huge.csv", vec![b'x'; 65 << 20]),
        ],
    ];
    for (name, bytes) in files.into_iter().flatten() {
        let (memory, code, said) = cost(&write(folder.path(), name, &bytes), &[]);
        assert_eq!(code, Some(2), "{name}: {said}");
        assert_eq!(said.lines().count(), 1, "{name}: {said}");
        assert!(said.starts_with("error[ledger."), "{name}: {said}");
        assert!(memory < 300, "{name}: {memory} MiB");
    }
}

#[test]
fn a_hundred_thousand_rows_stay_within_the_bound_of_memory() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("big.xlsx", ledgers::xlsx(0, 100_000).unwrap()),
        ("big.csv", ledgers::csv(0, 100_000).into_bytes()),
    ] {
        let (memory, code, said) = cost(&write(folder.path(), name, &bytes), &[]);
        assert_eq!((code, said.as_str()), (Some(0), ""), "{name}");
        assert!(memory < 300, "{name}: {memory} MiB");
    }
}

#[test]
fn faults_in_every_row_stay_within_the_bound_of_memory() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.xlsx").display().to_string();
    let no_phone = ledgers::csv(0, 100_000).replace(",1", ",x1");
    let file = write(folder.path(), "faulty.csv", no_phone.as_bytes());
    for more in [&["--json"][..], &["--mark", &copy]] {
        let (memory, code, said) = cost(&file, more);
        assert_eq!(code, Some(1), "{more:?}: {said}");
        assert!(memory < 300, "{more:?}: {memory} MiB");
    }
    let phones = "联系电话,".repeat(990);
    let row = format!("虚构甲,1,x,y,{}\n", "1,".repeat(990)).repeat(2_000);
    let text = format!("姓名,身份证号,村（居）,类别,{phones}\n{row}");
    let file = write(folder.path(), "phones.csv", text.as_bytes());
    let (memory, code, said) = cost(&file, &["--json"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.starts_with("error[ledger.too_large]"), "{said}");
    assert!(memory < 300, "{memory} MiB");
}
