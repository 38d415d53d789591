//! Bytes that are no ledger, or pretend to be one: an error or a report, never a panic.

use ledger::check::Checker;
use ledger::error::Bound;
use ledger::read::Workbook;
use ledger::{LedgerError, Limits};
use proptest::prelude::*;

use crate::support::{check_bytes, rules, sample};

fn open(bytes: &[u8]) -> Result<Workbook, LedgerError> {
    Workbook::from_bytes("x", bytes.to_vec(), &Limits::default())
}

#[test]
fn other_kinds_of_files_are_named() {
    use ledger::error::Foreign;
    let kinds: [(&[u8], Foreign); 5] = [
        (b"<html><table></table></html>", Foreign::Markup),
        (
            b"\xEF\xBB\xBF<?xml version='1.0'?><Workbook/>",
            Foreign::Markup,
        ),
        (b"%PDF-1.7", Foreign::Pdf),
        (b"\x89PNG\r\n\x1A\n", Foreign::Picture),
        (b"\x7FELF\x02\x01\x01\x00", Foreign::Unknown),
    ];
    for (bytes, expected) in kinds {
        assert!(
            matches!(open(bytes), Err(LedgerError::NotAWorkbook { kind, .. }) if kind == expected),
            "{expected:?}"
        );
    }
    assert!(matches!(open(b""), Err(LedgerError::Empty { .. })));
    assert!(matches!(open(b" \r\n"), Err(LedgerError::Empty { .. })));
    assert!(matches!(
        check_bytes("x", b"a,b\n1,2\n".to_vec(), "370403"),
        Err(LedgerError::NoHeader { .. })
    ));
}

#[test]
fn what_cannot_be_opened_says_why() {
    use ledger::error::Unopenable;
    let open = |path: &str| Workbook::open(path.as_ref(), &Limits::default()).unwrap_err();
    assert!(matches!(
        open("/nowhere/x.xlsx"),
        LedgerError::Unopenable {
            reason: Unopenable::NotFound,
            ..
        }
    ));
    assert!(matches!(
        open("/"),
        LedgerError::Unopenable {
            reason: Unopenable::NotAFile,
            ..
        }
    ));
}

#[test]
fn a_workbook_cut_off_anywhere_is_an_error_or_a_report() {
    for name in [
        "orphans_tengzhou.xlsx",
        "hardship_yicheng.xls",
        "defacto_xuecheng.csv",
    ] {
        let bytes = std::fs::read(sample(name)).unwrap();
        for part in 1..40 {
            let _ = check_bytes(name, bytes[..bytes.len() * part / 40].to_vec(), "370481");
        }
    }
}

#[test]
fn more_faults_than_a_report_may_hold_are_refused_over_all_files_together() {
    let limits = Limits {
        report_bytes: 1_500,
        ..Limits::default()
    };
    let rules = rules("370403");
    let mut checker = Checker::new(&rules);
    let mut check = |phones: usize| {
        let row = vec!["1"; phones].join(",");
        let header = vec!["联系电话"; phones].join(",");
        let text = format!(
            "姓名,身份证号,村（居）,类别,{header}\n虚构甲,370403201608179527,曹沃村,事实孤儿,{row}\n"
        );
        let mut workbook = Workbook::from_bytes("x.csv", text.into_bytes(), &limits).unwrap();
        checker.check(&mut workbook, |_| {})
    };
    let over = |error| {
        let bound = Bound::ReportBytes;
        matches!(error, LedgerError::TooLarge { bound: found, .. } if found == bound)
    };
    assert!(over(check(100).unwrap_err()));
    assert_eq!(check(10).unwrap().issues.len(), 11, "and a duplicate");
    assert!(over(check(10).unwrap_err()), "with the file before");
}

#[test]
fn a_text_that_many_cells_of_a_workbook_repeat_is_counted_each_time() {
    let text = "1".repeat(30_000);
    let mut output = rust_xlsxwriter::Workbook::new();
    let sheet = output.add_worksheet();
    for column in 0..36 {
        sheet.write_string(0, column, &text).unwrap();
    }
    let bytes = output.save_to_buffer().unwrap();
    let mut workbook = open(&bytes).unwrap();
    let read = workbook.rows(0, &mut |_| std::ops::ControlFlow::Continue(()));
    assert!(matches!(
        read,
        Err(LedgerError::TooLarge {
            bound: Bound::RowBytes,
            ..
        })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..4000), kind in 0..4_usize) {
        let starts: [&[u8]; 4] = [b"", b"PK\x03\x04", &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "姓名,身份证号,村,类别\n".as_bytes()];
        let _ = check_bytes("x", [starts[kind], &bytes].concat(), "370403");
    }

    #[test]
    fn flipped_bytes_of_an_old_workbook_never_panic(flips in proptest::collection::vec((0..54_784_usize, any::<u8>()), 1..40)) {
        let mut bytes = std::fs::read(sample("hardship_yicheng.xls")).unwrap();
        for (at, byte) in flips {
            bytes[at] = byte;
        }
        let _ = check_bytes("x", bytes, "370404");
    }

    #[test]
    fn flipped_bytes_of_a_workbook_never_panic(flips in proptest::collection::vec((0..23_000_usize, any::<u8>()), 1..10)) {
        let mut bytes = std::fs::read(sample("orphans_tengzhou.xlsx")).unwrap();
        for (at, byte) in flips {
            bytes[at] = byte;
        }
        let _ = check_bytes("x", bytes, "370481");
    }
}
