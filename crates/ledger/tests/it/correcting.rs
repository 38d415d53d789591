//! Cells put right in a file, and copies that are as faulty as their original.

use jiff::civil::date;
use kernel::explain::Lang;
use ledger::Limits;
use ledger::check::{Checker, FileReport};
use ledger::mark::{Copied, Marked};
use ledger::read::{Corrections, Workbook};

use crate::support::rules;

fn check(workbook: &mut Workbook, place: &str) -> FileReport {
    let rules = rules(place);
    Checker::new(&rules).check(workbook, |_| {}).unwrap()
}

fn copy(workbook: &mut Workbook, report: &FileReport) -> Workbook {
    let mut marked = Marked::new(date(2021, 10, 31), Lang::Zh);
    marked.add(workbook, report, Copied::All).unwrap();
    let bytes = marked.into_bytes().unwrap();
    Workbook::from_bytes(workbook.file(), bytes, &Limits::default()).unwrap()
}

fn faults(report: &FileReport) -> Vec<(u32, usize, &'static str)> {
    let found = report.issues.iter();
    found
        .map(|issue| (issue.row, issue.place, issue.code.as_str()))
        .collect()
}

#[test]
fn a_copy_has_the_faults_of_its_original() {
    for (file, place) in [
        ("orphans_tengzhou.xlsx", "370481"),
        ("defacto_xuecheng.csv", "370403"),
        ("hardship_yicheng.xls", "370404"),
        ("leftbehind_shanting.xlsx", "370406"),
    ] {
        let path = format!("{}/tests/ledgers/{file}", env!("CARGO_MANIFEST_DIR"));
        let mut original = Workbook::open(path.as_ref(), &Limits::default()).unwrap();
        let before = check(&mut original, place);
        let after = check(&mut copy(&mut original, &before), place);
        assert_eq!(faults(&after), faults(&before), "{file}");
        assert_eq!(after.children, before.children, "{file}");
    }
}

#[test]
fn a_cell_put_right_is_right_in_the_check_and_in_the_copy() {
    let text = "姓名,身份证号,村（居）,类别\n虚构甲,,没有的村,事实无人抚养\n虚构乙,,曹沃村\n";
    let mut workbook =
        Workbook::from_bytes("甲.csv", text.as_bytes().to_vec(), &Limits::default()).unwrap();
    let before = check(&mut workbook, "370403");
    assert!(faults(&before).contains(&(2, 2, "division.unknown")));
    let mut corrections = Corrections::default();
    corrections.put(2, 2, "没有的".into());
    corrections.put(2, 2, "曹沃村".into());
    corrections.put(3, 3, "事实无人抚养".into());
    workbook.correct(corrections);
    let after = check(&mut workbook, "370403");
    let codes = |report: &FileReport| -> Vec<&str> {
        report
            .issues
            .iter()
            .map(|issue| issue.code.as_str())
            .collect()
    };
    assert_eq!(codes(&after), ["field.missing", "field.missing"]);
    let copied = check(&mut copy(&mut workbook, &after), "370403");
    assert_eq!(faults(&copied), faults(&after));
}
