//! Cells put right in a file, and copies that are as faulty as their original.

use jiff::civil::date;
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::gazetteer::Gazetteer;
use kernel::reach::Reach;
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
fn a_street_that_another_unit_serves_is_a_fault_at_the_village_for_whoever_does_not_reach_it() {
    let text = "姓名,身份证号,镇（街）,村（居）,类别\n虚构甲,,兴仁街道,薛庄社区居委会,事实无人抚养\n虚构乙,,临城街道,,事实无人抚养\n";
    let rules = rules("370403");
    let found = |reach: Option<Reach>| {
        let mut workbook =
            Workbook::from_bytes("甲.csv", text.as_bytes().to_vec(), &Limits::default()).unwrap();
        let checker = Checker::new(&rules);
        let mut checker = match reach {
            Some(reach) => checker.within(reach),
            None => checker,
        };
        let report = checker.check(&mut workbook, |_| {}).unwrap();
        let beyond = |fault: &(u32, usize, &str)| fault.2 == "division.out_of_reach";
        faults(&report)
            .into_iter()
            .filter(beyond)
            .collect::<Vec<_>>()
    };
    let whole = Reach::of([Division::parse("370403").unwrap()]);
    let street = |name: &str| {
        let names = Gazetteer::builtin();
        let county = Division::parse("370403").unwrap();
        names
            .children(county)
            .find(|entry| &*entry.name == name)
            .unwrap()
            .division
    };
    assert_eq!(found(None), []);
    assert_eq!(found(Some(whole.clone())), []);
    let (one, other) = (street("兴仁街道"), street("临城街道"));
    let code = "division.out_of_reach";
    assert_eq!(found(Some(whole.clone().excluding(one))), [(2, 3, code)]);
    // A row without a village lies where its street lies.
    assert_eq!(found(Some(whole.excluding(other))), [(3, 3, code)]);
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
