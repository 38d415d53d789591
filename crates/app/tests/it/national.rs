//! 与全国系统比对: lists of the national system against the children on file, and decisions entered there.

use std::io::Cursor;

use app::applications::{ApplicationError, InboxBox, Obstacle, enter_nationally, inbox};
use app::registry::{UploadedLedger, order_comparison, run_next, take_file};
use calamine::{Data, Reader, Xlsx};
use domain::applications::Act;
use jiff::ToSpan;
use jiff::civil::date;
use kernel::category::Category::{AidsAffected, KeyHardship, ScatteredOrphan};
use kernel::ids::ChildId;
use serde_json::Value;
use store::applications::ListedUpTo;
use store::registry::{
    JobState, WorkItemFilter, files, job, open_work_items, work_item_cell, work_items,
};
use testkit::builders::{Child, resident_id};
use testkit::office::{JINGHE_VILLAGE, Persona, SHANTING_VILLAGE, TENGZHOU, TODAY, division};
use testkit::{Census, Office};

use crate::applications_scene::{Bureau, opened};

const OFFICER: Persona = Persona::TengzhouOfficer;
const SINCE: jiff::civil::Date = date(2021, 1, 1);

/// A list as the national system writes it: no village, a number of its own, a state.
fn list(rows: &[(&str, &str, u16, &str, &str)]) -> Vec<u8> {
    let mut text = "儿童编号,儿童姓名,身份证件号码,儿童类别,在册状态\n".to_owned();
    for (number, name, serial, class, state) in rows {
        let id = resident_id(date(2012, 6, 5), *serial);
        text += &format!("{number},{name},\t{},{class},{state}\n", id.reveal());
    }
    text.into_bytes()
}

fn child(name: &str, serial: u16) -> Child {
    Child::named(name, JINGHE_VILLAGE)
        .born(date(2012, 6, 5))
        .with_id(serial)
}

/// What comparing a list comes to: the counts, and the rows of the workbook, if there is one.
async fn compared(office: &Office, content: &[u8]) -> (Value, Vec<Vec<String>>) {
    let mut work = office.work(OFFICER).await;
    let uploaded = UploadedLedger {
        file_name: "全国系统名单.csv",
        content,
        place: division(TENGZHOU),
        as_of: TODAY,
    };
    let id = order_comparison(&mut work, uploaded).await.unwrap();
    work.commit().await.unwrap();
    assert!(run_next(&office.store).await.unwrap());
    let mut work = office.work(OFFICER).await;
    let done = job(&mut work, id).await.unwrap();
    assert_eq!((done.state, done.fault.as_deref()), (JobState::Done, None));
    let rows = match done.file_name {
        None => Vec::new(),
        Some(_) => {
            let (_, bytes) = take_file(&mut work, id).await.unwrap();
            let mut workbook: Xlsx<_> =
                calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
            let name = workbook.sheet_names()[0].clone();
            let sheet = workbook.worksheet_range(&name).unwrap();
            let rows = sheet.rows().skip(2);
            rows.map(|row| row.iter().map(Data::to_string).collect())
                .collect()
        }
    };
    (done.result.unwrap(), rows)
}

async fn open_codes(office: &Office, persona: Persona) -> Vec<(String, i64)> {
    let mut work = office.work(persona).await;
    let mut codes = open_work_items(&mut work).await.unwrap();
    codes.sort();
    codes
}

/// Four children on file, and a list that agrees about the first alone.
const THERE: [(&str, &str, u16, &str, &str); 5] = [
    ("3704810001", "虚构甲", 1, "散居孤儿", "在册"),
    ("3704810003", "虚构丙", 3, "社会散居孤儿", "在册"),
    ("3704810004", "虚构丁", 4, "散居孤儿", "在册"),
    ("3704810009", "虚构新", 9, "重点困境儿童", "在册"),
    ("3704810010", "虚构旧", 10, "散居孤儿", "终止"),
];

async fn four_on_file(office: &Office) -> Vec<ChildId> {
    let children = [
        child("虚构甲", 1).status(ScatteredOrphan, SINCE),
        child("虚构乙", 2).status(ScatteredOrphan, SINCE),
        child("虚构丙", 3).status(KeyHardship, SINCE),
        child("虚构丁", 4).ended_status(ScatteredOrphan, SINCE, date(2021, 6, 1)),
    ];
    office.register(OFFICER, &children).await
}

/// Counts of a comparison, by their names.
fn counts<const N: usize>(result: &Value, names: [&str; N]) -> [Option<u64>; N] {
    names.map(|name| result[name].as_u64())
}

#[tokio::test]
async fn both_ways_every_difference_is_told_and_a_number_is_learnt() {
    let office = Office::found().await;
    let ids = four_on_file(&office).await;
    let (result, rows) = compared(&office, &list(&THERE)).await;
    let told = counts(&result, ["rows", "numbers", "differences", "work_items"]);
    assert_eq!(told, [5, 3, 4, 4].map(Some));
    let told: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row[1].as_str(), row[2].as_str()))
        .collect();
    let expected = [
        ("全国系统有，本系统无", "虚构新"),
        ("类别不一致", "虚构丙"),
        ("在册状态不一致", "虚构丁"),
        ("本系统有，全国系统无", "虚构乙"),
    ];
    assert_eq!(told, expected);
    assert!(rows.iter().all(|row| row[3].contains("****")), "{rows:?}");
    let mut work = office.work(OFFICER).await;
    let file = files(&mut work, &ids[..1]).await.unwrap().remove(0);
    assert_eq!(file.facts.national_number.as_deref(), Some("3704810001"));
    drop(work);
    let census = Census::take(&office.database.owner).await;
    assert_eq!(census.contradictions, [""; 0]);
    office.close().await;
}

#[tokio::test]
async fn a_difference_waits_once_until_a_newer_list_settles_it() {
    let office = Office::found().await;
    four_on_file(&office).await;
    compared(&office, &list(&THERE)).await;
    // The same list again says nothing new.
    let (result, _) = compared(&office, &list(&THERE)).await;
    let told = counts(&result, ["numbers", "differences", "work_items"]);
    assert_eq!(told, [0, 4, 0].map(Some));
    let mut later = THERE.to_vec();
    later[1].3 = "重点困境儿童";
    later[2].4 = "终止";
    later.push(("3704810002", "虚构乙", 2, "散居孤儿", "在册"));
    let (result, _) = compared(&office, &list(&later)).await;
    assert_eq!(
        counts(&result, ["differences", "cleared"]),
        [1, 3].map(Some)
    );
    let open = open_codes(&office, OFFICER).await;
    assert_eq!(open, [("national.not_here".to_owned(), 1)]);
    let mut work = office.work(OFFICER).await;
    let filter = WorkItemFilter::default();
    let waiting = work_items(&mut work, &filter, None, 10).await.unwrap();
    let cell = work_item_cell(&mut work, waiting[0].id).await.unwrap();
    let said = ["姓名：虚构新", "编号：3704810009"];
    assert!(said.iter().all(|word| cell.contains(word)), "{cell}");
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn nobody_learns_of_a_child_who_is_not_theirs_to_see() {
    let office = Office::found().await;
    let sealed = child("虚构密", 5).status(AidsAffected, SINCE);
    office.register(Persona::TengzhouColleague, &[sealed]).await;
    let foreign = Child::named("虚构山", SHANTING_VILLAGE)
        .born(date(2012, 6, 5))
        .with_id(6)
        .status(ScatteredOrphan, SINCE);
    office.register(Persona::ShantingOfficer, &[foreign]).await;
    let there = [
        ("5", "虚构密", 5, "散居孤儿", "在册"),
        ("6", "虚构山", 6, "散居孤儿", "在册"),
        ("7", "虚构某", 7, "受艾滋病影响儿童", "在册"),
    ];
    let (result, rows) = compared(&office, &list(&there)).await;
    // Those two are on file beyond this officer's sight. The third is on no list that others read, and in the workbook of
    // whoever brought it.
    assert_eq!(
        (&result["differences"], &result["work_items"]),
        (&1.into(), &0.into())
    );
    assert_eq!(rows[0][2], "虚构某");
    assert_eq!(open_codes(&office, OFFICER).await, []);
    office.close().await;
}

#[tokio::test]
async fn a_list_without_names_or_numbers_is_no_list() {
    let office = Office::found().await;
    let mut work = office.work(OFFICER).await;
    let uploaded = UploadedLedger {
        file_name: "名单.csv",
        content: "儿童姓名,性别,民族,儿童类别\n虚构甲,男,汉族,散居孤儿\n".as_bytes(),
        place: division(TENGZHOU),
        as_of: TODAY,
    };
    let id = order_comparison(&mut work, uploaded).await.unwrap();
    work.commit().await.unwrap();
    assert!(run_next(&office.store).await.unwrap());
    let mut work = office.work(OFFICER).await;
    let failed = job(&mut work, id).await.unwrap();
    assert_eq!(failed.fault.as_deref(), Some("ledger.missing_column"));
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn a_decision_waits_to_be_entered_there_until_its_office_says_when_it_was() {
    let bureau = Bureau::open().await;
    let (id, _) = bureau.proposed().await;
    let mut work = bureau.officer().await;
    let early = enter_nationally(&mut work, id, TODAY).await;
    assert!(matches!(
        early,
        Err(ApplicationError::Hindered(Obstacle::NoSuchDecision))
    ));
    drop(work);
    let work = bureau.approver().await;
    bureau.take(work, id, Act::Confirm).await.unwrap();

    let mut work = bureau.officer().await;
    let waiting = inbox(&mut work, InboxBox::Unentered, ListedUpTo::start(), 10)
        .await
        .unwrap();
    assert_eq!(waiting.len(), 1);
    for wrong in [TODAY - 1.day(), TODAY + 1.day()] {
        let refused = enter_nationally(&mut work, id, wrong).await;
        assert!(matches!(
            refused,
            Err(ApplicationError::Hindered(Obstacle::EntryDay))
        ));
    }
    enter_nationally(&mut work, id, TODAY).await.unwrap();
    work.commit().await.unwrap();
    let mut work = bureau.officer().await;
    let decision = opened(&mut work, id).await.decisions.remove(0);
    assert_eq!(decision.entered_on, Some(TODAY));
    let waiting = inbox(&mut work, InboxBox::Unentered, ListedUpTo::start(), 10)
        .await
        .unwrap();
    assert_eq!(waiting.len(), 0);
    drop(work);
    bureau.office.close().await;
}
