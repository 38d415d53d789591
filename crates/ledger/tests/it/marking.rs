//! The marked copy: every value as text, faulty cells coloured and commented.

use std::io::{Cursor, Read};
use std::ops::ControlFlow;

use jiff::civil::date;
use kernel::explain::Lang;
use ledger::Limits;
use ledger::check::Checker;
use ledger::mark::{Copied, Marked};
use ledger::read::Workbook;

use crate::support::rules;

const TEXT: &str = "台账,,,\n姓名,身份证号,村（居）,类别\n=1+1,370403201608179527,曹沃村,事实无人抚养\n,37040320150724650,没有的村,待定\n";

fn marked(copied: Copied) -> Vec<u8> {
    let rules = rules("370403");
    let mut workbook =
        Workbook::from_bytes("甲/乙[1].csv", TEXT.as_bytes().to_vec(), &Limits::default()).unwrap();
    let report = Checker::new(&rules).check(&mut workbook, |_| {}).unwrap();
    let mut marked = Marked::new(date(2021, 10, 31), Lang::Zh);
    marked.add(&mut workbook, &report, copied).unwrap();
    marked.add(&mut workbook, &report, copied).unwrap();
    marked.into_bytes().unwrap()
}

fn rows(bytes: Vec<u8>, sheet: usize) -> Vec<(u32, Vec<String>)> {
    let mut rows = Vec::new();
    let mut book = Workbook::from_bytes("x", bytes, &Limits::default()).unwrap();
    book.rows(sheet, &mut |row| {
        rows.push((
            row.number,
            row.cells
                .iter()
                .map(|cell| cell.display().into_owned())
                .collect(),
        ));
        ControlFlow::Continue(())
    })
    .unwrap();
    rows
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut text = String::new();
    zip::ZipArchive::new(Cursor::new(bytes))
        .unwrap()
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn a_copy_holds_the_same_texts_in_the_same_places() {
    let bytes = marked(Copied::All);
    let rows = rows(bytes.clone(), 1);
    assert_eq!(
        rows[2],
        (
            3,
            vec![
                "=1+1".to_owned(),
                "370403201608179527".into(),
                "曹沃村".into(),
                "事实无人抚养".into()
            ]
        )
    );
    assert!(
        !part(&bytes, "xl/worksheets/sheet1.xml").contains("<f>"),
        "a formula"
    );
    let comments = part(&bytes, "xl/comments1.xml");
    for cell in ["A4", "B4", "C4", "D4"] {
        assert!(comments.contains(&format!("ref=\"{cell}\"")), "{cell}");
    }
    assert!(part(&bytes, "xl/workbook.xml").contains("name=\"乙1(2)\""));
}

#[test]
fn rows_left_out_of_an_import_stand_below_their_header() {
    let rows = rows(marked(Copied::Blocked), 0);
    let numbers: Vec<u32> = rows.iter().map(|(number, _)| *number).collect();
    assert_eq!(
        (numbers, rows[2].1[2].as_str()),
        (vec![1, 2, 3], "没有的村")
    );
}

#[test]
fn beyond_so_many_comments_cells_are_coloured_and_the_header_says_so() {
    let faulty = "种明东,无,曹沃村,事实孤儿\n".repeat(5_002);
    let text = format!("台账,,,\n姓名,身份证号,村（居）,类别\n{faulty}");
    let rules = rules("370403");
    let mut workbook =
        Workbook::from_bytes("x.csv", text.into_bytes(), &Limits::default()).unwrap();
    let report = Checker::new(&rules).check(&mut workbook, |_| {}).unwrap();
    let mut marked = Marked::new(date(2021, 10, 31), Lang::Zh);
    marked.add(&mut workbook, &report, Copied::Blocked).unwrap();
    assert_eq!(marked.uncommented(), 0, "no row of it is left out");
    marked.add(&mut workbook, &report, Copied::All).unwrap();
    assert_eq!(marked.uncommented(), 2);
    let bytes = marked.into_bytes().unwrap();
    let comments = part(&bytes, "xl/comments1.xml");
    assert_eq!(comments.matches("<comment ").count(), 5_001);
    assert!(comments.contains("ref=\"A2\"") && comments.contains("只标颜色"));
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    let coloured = |cell: &str| {
        let (_, rest) = sheet.split_once(&format!("<c r=\"{cell}\" s=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    assert_eq!(coloured("B5004"), coloured("B3"));
}
