//! 与部门名单比对: deaths, prison terms, certificates and low income against who is paid and who is not.

use std::io::Cursor;

use app::allowances::record_fact;
use app::registry::{
    Doubles, clear, merge, order_department_comparison, run_next, show_cell, take_file,
};
use calamine::{Data, Reader, Xlsx};
use domain::registry::{DepartmentList, Hidden, Relation, Relative};
use jiff::civil::{Date, date};
use kernel::category::Category::{
    AidsAffected, DeFactoUnattended, KeyHardship, LeftBehind, ScatteredOrphan,
};
use kernel::ids::ChildId;
use kernel::money::Money;
use serde_json::Value;
use store::allowances::AllowanceFact;
use store::error::StoreError;
use store::registry::{JobState, WaitingItem, WorkItemFilter, job, job_content, jobs, work_items};
use testkit::Office;
use testkit::builders::{Child, resident_id};
use testkit::office::{JINGHE_VILLAGE, Persona, SHANTING_VILLAGE, TENGZHOU, TODAY, division};

const OFFICER: Persona = Persona::TengzhouOfficer;
const SINCE: Date = date(2021, 1, 1);
/// When the parents and guardians of the scenes were born.
const ELDERS: Date = date(1980, 3, 4);

fn child(name: &str, serial: u16) -> Child {
    Child::named(name, JINGHE_VILLAGE)
        .born(date(2012, 6, 5))
        .with_id(serial)
}

/// The child with a parent who has this number.
fn with_parent(mut child: Child, relation: Relation, serial: u16) -> Child {
    let id = resident_id(ELDERS, serial);
    child.facts.relatives.push(Relative {
        relation,
        name: Some("虚构长辈".into()),
        resident_id: Some(Hidden::new(id.reveal())),
        phone: None,
        works_at: None,
    });
    child
}

/// A list as a police station or a federation writes it: number, and what follows it.
fn list(heading: &str, rows: &[(Date, u16, &str)]) -> Vec<u8> {
    let mut text = format!("姓名,身份证号,{heading}\n");
    for (born, serial, rest) in rows {
        let id = resident_id(*born, *serial);
        text += &format!("虚构人,\t{},{rest}\n", id.reveal());
    }
    text.into_bytes()
}

/// What comparing a list comes to: the counts, and the rows of the workbook, if there is one.
async fn compared(
    office: &Office,
    persona: Persona,
    kind: DepartmentList,
    content: &[u8],
) -> (Value, Vec<Vec<String>>) {
    let mut work = office.work(persona).await;
    let uploaded = app::registry::UploadedLedger {
        file_name: "公安名单.csv",
        content,
        place: division(TENGZHOU),
        as_of: TODAY,
    };
    let id = order_department_comparison(&mut work, kind, uploaded).await;
    let id = id.unwrap();
    work.commit().await.unwrap();
    assert!(run_next(&office.store).await.unwrap());
    let mut work = office.work(persona).await;
    let done = job(&mut work, id).await.unwrap();
    assert_eq!((done.state, done.fault.as_deref()), (JobState::Done, None));
    let mut rows = Vec::new();
    if done.file_name.is_some() {
        let (_, bytes) = take_file(&mut work, id).await.unwrap();
        let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let name = workbook.sheet_names()[0].clone();
        let sheet = workbook.worksheet_range(&name).unwrap();
        let texts = |row: &[Data]| row.iter().map(Data::to_string).collect();
        rows = sheet.rows().skip(2).map(texts).collect();
    }
    (done.result.unwrap(), rows)
}

async fn waiting(office: &Office, persona: Persona) -> Vec<WaitingItem> {
    let mut work = office.work(persona).await;
    let filter = WorkItemFilter::default();
    work_items(&mut work, &filter, None, 50).await.unwrap()
}

async fn open_codes(office: &Office, persona: Persona) -> Vec<(String, Option<String>)> {
    let items = waiting(office, persona).await.into_iter();
    let mut codes: Vec<_> = items.map(|item| (item.code, item.child_name)).collect();
    codes.sort();
    codes
}

fn code(code: &str, name: &str) -> (String, Option<String>) {
    (code.into(), Some(name.into()))
}

const DEATHS: &str = "死亡日期";

#[tokio::test]
async fn a_dead_child_who_is_paid_waits_with_its_evidence_until_the_stop_is_recorded() {
    let office = Office::found().await;
    let paid = child("虚构甲", 1).status(ScatteredOrphan, SINCE);
    let id: ChildId = office.register(OFFICER, &[paid, child("虚构乙", 2)]).await[0];
    let deaths = list(
        DEATHS,
        &[
            (date(2012, 6, 5), 1, "2021-08-03"),
            (date(2012, 6, 5), 2, "2021-08-03"),
            (date(2001, 1, 1), 77, "2021-08-03"),
        ],
    );
    let (result, rows) = compared(&office, OFFICER, DepartmentList::Deaths, &deaths).await;
    let counts = ["rows", "named", "doubts", "work_items"].map(|name| result[name].as_u64());
    assert_eq!(counts, [3, 2, 1, 1].map(Some));
    assert_eq!(
        (rows[0][2].as_str(), rows[0][3].as_str()),
        ("多发", "虚构甲")
    );
    assert!(rows[0][4].contains("****"), "{rows:?}");
    let item = waiting(&office, OFFICER).await.remove(0);
    assert_eq!(
        (item.code.as_str(), item.field.as_deref()),
        ("review.child_died", Some("child"))
    );
    let mut work = office.work(OFFICER).await;
    let cell = show_cell(&mut work, item.id).await.unwrap();
    assert_eq!(
        cell,
        "儿童本人身份证号与死亡人员名单一致，死亡日期2021-08-03；公安名单.csv第2行"
    );
    drop(work);
    // A newer list without the child does not bring it back to life; a stop on record settles it.
    let empty = list(DEATHS, &[(date(2001, 1, 1), 77, "2021-09-01")]);
    let (result, _) = compared(&office, OFFICER, DepartmentList::Deaths, &empty).await;
    assert_eq!(result["cleared"].as_u64(), Some(0));
    let mut work = office.work(OFFICER).await;
    let stop = AllowanceFact::Stopped {
        on: date(2021, 8, 3),
        reason: "died".into(),
    };
    record_fact(&mut work, id, &stop).await.unwrap();
    work.commit().await.unwrap();
    let (result, _) = compared(&office, OFFICER, DepartmentList::Deaths, &deaths).await;
    assert_eq!(
        (result["doubts"].as_u64(), result["cleared"].as_u64()),
        (Some(0), Some(1))
    );
    assert_eq!(open_codes(&office, OFFICER).await, []);
    office.close().await;
}

#[tokio::test]
async fn parents_lists_tell_who_is_not_paid_and_who_is_no_longer_to_be() {
    let office = Office::found().await;
    let children = [
        with_parent(child("虚构甲", 1), Relation::Father, 11),
        with_parent(
            child("虚构乙", 2).status(DeFactoUnattended, SINCE),
            Relation::Father,
            12,
        ),
        with_parent(
            child("虚构丙", 3).status(KeyHardship, SINCE),
            Relation::Mother,
            13,
        ),
        with_parent(
            child("虚构丁", 4).status(ScatteredOrphan, SINCE),
            Relation::Mother,
            14,
        ),
        child("虚构戊", 5).status(LeftBehind, SINCE),
    ];
    office.register(OFFICER, &children).await;
    let terms = [
        (ELDERS, 11, "2020-01-01,2024-12-31"),
        (ELDERS, 12, "2018-01-01,2021-06-30"),
        (ELDERS, 14, "2020-01-01,2024-12-31"),
    ];
    let terms = list("刑期起始日期,刑期终止日期", &terms);
    compared(&office, OFFICER, DepartmentList::PrisonTerms, &terms).await;
    let cards = [
        (ELDERS, 13, "二级"),
        (ELDERS, 11, "三级"),
        (date(2012, 6, 5), 5, "四级"),
    ];
    compared(
        &office,
        OFFICER,
        DepartmentList::Disabilities,
        &list("残疾等级", &cards),
    )
    .await;
    let low = list(
        "享受起始日期",
        &[
            (date(2012, 6, 5), 5, "2021-01-01"),
            (date(2012, 6, 5), 4, "2021-01-01"),
        ],
    );
    compared(&office, OFFICER, DepartmentList::LowIncome, &low).await;
    let expected = [
        code("review.child_disabled", "虚构戊"),
        code("review.child_low_income", "虚构戊"),
        code("review.parent_disabled", "虚构丙"),
        code("review.parent_imprisoned", "虚构甲"),
        code("review.parent_released", "虚构乙"),
    ];
    assert_eq!(open_codes(&office, OFFICER).await, expected);
    office.close().await;
}

#[tokio::test]
async fn a_low_income_household_whose_benefit_nobody_recorded_waits_until_it_is_on_file() {
    let office = Office::found().await;
    let children = [
        child("虚构甲", 1).status(KeyHardship, SINCE),
        child("虚构乙", 2).status(KeyHardship, SINCE),
        // Nothing is deducted from what an orphan draws.
        child("虚构丙", 3).status(ScatteredOrphan, SINCE),
        child("虚构丁", 4).status(KeyHardship, SINCE),
        // The same child as the one before, whose benefit only this file knows.
        Child::named("虚构丁", JINGHE_VILLAGE),
    ];
    let ids = office.register(OFFICER, &children).await;
    let record = async |child: ChildId, from: &str, to: Option<&str>| {
        let benefit = AllowanceFact::Benefit {
            benefit: "minimum_living".into(),
            monthly: Money::from_yuan(300),
            from: from.parse().unwrap(),
            to: to.map(|month| month.parse().unwrap()),
        };
        let mut work = office.work(OFFICER).await;
        record_fact(&mut work, child, &benefit).await.unwrap();
        work.commit().await.unwrap();
    };
    record(ids[1], "2021-01", Some("2021-10")).await;
    record(ids[4], "2021-01", None).await;
    let mut work = office.work(OFFICER).await;
    let doubles = Doubles {
        kept: ids[3],
        kept_version: 1,
        doubled: ids[4],
        doubled_version: 1,
    };
    merge(&mut work, doubles).await.unwrap();
    work.commit().await.unwrap();
    let rows = [1, 2, 3, 4].map(|serial| (date(2012, 6, 5), serial, "2021-01-01"));
    let low = list("享受起始日期", &rows);
    let of = DepartmentList::LowIncome;
    let (result, rows) = compared(&office, OFFICER, of, &low).await;
    assert_eq!(result["doubts"].as_u64(), Some(2), "{rows:?}");
    assert!(rows.iter().all(|row| row[2] == "多发"), "{rows:?}");
    let missing = |name| code("review.benefit_missing", name);
    let expected = [missing("虚构乙"), missing("虚构甲")];
    assert_eq!(
        open_codes(&office, OFFICER).await,
        expected,
        "乙's ended in October"
    );
    let item = waiting(&office, OFFICER).await.remove(0);
    let mut work = office.work(OFFICER).await;
    let cell = show_cell(&mut work, item.id).await.unwrap();
    assert!(
        cell.starts_with("儿童本人身份证号与低收入家庭名单一致，享受起2021-01-01；"),
        "{cell}"
    );
    drop(work);
    // On file it is settled, by whatever list comes next.
    record(ids[0], "2021-11", None).await;
    let (result, _) = compared(&office, OFFICER, of, &low).await;
    assert_eq!(result["cleared"].as_u64(), Some(1));
    assert_eq!(open_codes(&office, OFFICER).await, [missing("虚构乙")]);
    office.close().await;
}

#[tokio::test]
async fn what_an_officer_cleared_stays_cleared_until_a_list_says_something_else() {
    let office = Office::found().await;
    let one = with_parent(child("虚构甲", 1), Relation::Mother, 11);
    office.register(OFFICER, &[one]).await;
    let of = |day: &'static str| list(DEATHS, &[(ELDERS, 11, day)]);
    compared(&office, OFFICER, DepartmentList::Deaths, &of("2021-08-03")).await;
    let (again, _) = compared(&office, OFFICER, DepartmentList::Deaths, &of("2021-08-03")).await;
    assert_eq!(again["work_items"].as_u64(), Some(0), "it waits already");
    let item = waiting(&office, OFFICER).await.remove(0);
    let mut work = office.work(OFFICER).await;
    clear(&mut work, item.id).await.unwrap();
    work.commit().await.unwrap();
    let (again, _) = compared(&office, OFFICER, DepartmentList::Deaths, &of("2021-08-03")).await;
    assert_eq!(again["work_items"].as_u64(), Some(0), "an officer looked");
    let (other, _) = compared(&office, OFFICER, DepartmentList::Deaths, &of("2021-09-30")).await;
    assert_eq!(
        other["work_items"].as_u64(),
        Some(1),
        "another day is another matter"
    );
    office.close().await;
}

#[tokio::test]
async fn nobody_learns_from_a_list_of_a_child_who_is_not_theirs_to_see() {
    let office = Office::found().await;
    let born = date(2012, 6, 5);
    office
        .register(
            OFFICER,
            &[
                child("虚构密", 1).status(AidsAffected, SINCE),
                child("虚构半", 2)
                    .status(AidsAffected, SINCE)
                    .status(LeftBehind, SINCE),
            ],
        )
        .await;
    let foreign = Child::named("虚构山", SHANTING_VILLAGE)
        .born(born)
        .with_id(3)
        .status(ScatteredOrphan, SINCE);
    office.register(Persona::ShantingOfficer, &[foreign]).await;
    let deaths = [1, 2, 3].map(|serial| (born, serial, "2021-08-03"));
    let deaths = list(DEATHS, &deaths);
    let colleague = Persona::TengzhouColleague;
    let (result, rows) = compared(&office, colleague, DepartmentList::Deaths, &deaths).await;
    // It draws nothing that the colleague may know of.
    assert_eq!(
        (result["doubts"].as_u64(), result["named"].as_u64()),
        (Some(0), Some(1))
    );
    assert_eq!(rows, Vec::<Vec<String>>::new());
    compared(&office, OFFICER, DepartmentList::Deaths, &deaths).await;
    assert_eq!(
        open_codes(&office, OFFICER).await,
        [code("review.child_died", "虚构密")]
    );
    for persona in [
        colleague,
        Persona::JingheSupervisor,
        Persona::ShantingOfficer,
    ] {
        assert_eq!(open_codes(&office, persona).await, [], "{persona:?}");
    }
    office.close().await;
}

#[tokio::test]
async fn of_a_list_nothing_is_kept_but_the_doubt() {
    let office = Office::found().await;
    office
        .register(
            OFFICER,
            &[with_parent(child("虚构甲", 1), Relation::Mother, 11)],
        )
        .await;
    let rows = [(ELDERS, 11, "2021-08-03"), (ELDERS, 12, "2021-08-03")];
    compared(
        &office,
        OFFICER,
        DepartmentList::Deaths,
        &list(DEATHS, &rows),
    )
    .await;
    let mut work = office.work(OFFICER).await;
    let done = jobs(&mut work, None, 1).await.unwrap().remove(0);
    let left = job_content(&mut work, done.id).await;
    assert!(matches!(left, Err(StoreError::NotFound)), "it is gone");
    drop(work);
    let item = waiting(&office, OFFICER).await.remove(0);
    let mut work = office.work(OFFICER).await;
    let cell = show_cell(&mut work, item.id).await.unwrap();
    for serial in [11, 12] {
        assert!(
            !cell.contains(resident_id(ELDERS, serial).reveal()),
            "{cell}"
        );
    }
    drop(work);
    office.close().await;
}
