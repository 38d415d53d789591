//! The sample ledgers: every fault found, and nothing else.

use ledger::Limits;
use ledger::check::Checker;
use ledger::read::Workbook;

use crate::support::{Found, found, rules, sample};

fn assert_as_expected(name: &str) {
    let expected: serde_json::Value = serde_json::from_str(
        &std::fs::read_to_string(sample(&format!("{name}.expected.json"))).unwrap(),
    )
    .unwrap();
    let rules = rules(expected["place"].as_str().unwrap());
    let mut workbook = Workbook::open(&sample(name), &Limits::default()).unwrap();
    let report = Checker::new(&rules).check(&mut workbook, |_| {}).unwrap();
    let text = |issue: &serde_json::Value, key: &str| issue[key].as_str().unwrap().to_owned();
    let issues = expected["issues"].as_array().unwrap().iter();
    let wanted: Vec<Found> = issues
        .map(|issue| {
            (
                u32::try_from(issue["row"].as_u64().unwrap()).unwrap(),
                text(issue, "column"),
                text(issue, "code"),
            )
        })
        .collect();
    assert_eq!(found(&report), wanted);
    assert_eq!(report.children, expected["children"].as_u64().unwrap());
}

#[test]
fn orphans_of_tengzhou_in_a_workbook() {
    assert_as_expected("orphans_tengzhou.xlsx");
}

#[test]
fn left_behind_children_of_shanting_under_two_header_rows() {
    assert_as_expected("leftbehind_shanting.xlsx");
}

#[test]
fn hardship_of_yicheng_in_an_old_workbook() {
    assert_as_expected("hardship_yicheng.xls");
}

#[test]
fn unattended_children_of_xuecheng_in_gb18030_text() {
    assert_as_expected("defacto_xuecheng.csv");
}
