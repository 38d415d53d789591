//! Jobs: ordered by an officer, done by a worker, and by the next one when the first dies.

use std::io::Cursor;

use app::registry::{
    CaseError, ExportForm, ExportOrder, Hindrance, UploadedLedger, order_export, order_import,
    run_next, summary, take_file,
};
use calamine::{Data, Reader, Xlsx};
use jiff::civil::date;
use kernel::category::Category::{AidsAffected, ScatteredOrphan};
use kernel::ids::JobId;
use store::registry::{Job, JobState, job, job_content};
use testkit::Office;
use testkit::builders::Child;
use testkit::ledgers;
use testkit::office::{
    CITY, JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING, SHANTING_VILLAGE, TENGZHOU, TODAY,
    division,
};

use crate::desk::{AUTUMN, Desk, Line, ledger};

const OFFICER: Persona = Persona::TengzhouOfficer;

async fn ordered_import(office: &Office, content: &[u8]) -> JobId {
    let mut work = office.work(OFFICER).await;
    let uploaded = UploadedLedger {
        file_name: "台账.csv",
        content,
        place: division(TENGZHOU),
        as_of: AUTUMN,
    };
    let id = order_import(&mut work, uploaded).await.unwrap();
    work.commit().await.unwrap();
    id
}

async fn seen(office: &Office, id: JobId) -> Job {
    let mut work = office.work(OFFICER).await;
    job(&mut work, id).await.unwrap()
}

fn everybody() -> ExportOrder {
    ExportOrder {
        within: division(TENGZHOU),
        category: None,
        on: TODAY,
        sex: None,
        born_from: None,
        born_to: None,
        chosen: Vec::new(),
        form: ExportForm::List,
    }
}

#[tokio::test]
async fn an_uploaded_ledger_is_imported_and_its_bytes_are_gone() {
    let desk = Desk::new().await;
    let office = &desk.office;
    let lines = [
        Line::of("虚构甲").id(11),
        Line::of("虚构乙").id(12),
        Line::of(""),
    ];
    let id = ordered_import(office, &ledger(&lines)).await;
    assert_eq!(seen(office, id).await.state, JobState::Queued);
    assert!(run_next(&office.store).await.unwrap());
    let done = seen(office, id).await;
    assert_eq!((done.state, done.fault.as_deref()), (JobState::Done, None));
    let result = done.result.unwrap();
    assert_eq!(
        (&result["registered"], &result["left_out"]),
        (&2.into(), &1.into())
    );
    let mut work = office.work(OFFICER).await;
    assert!(job_content(&mut work, id).await.is_err());
    let (name, workbook) = take_file(&mut work, id).await.unwrap();
    assert!(name.ends_with(".xlsx") && workbook.starts_with(b"PK"));
    assert_eq!(desk.files_as(OFFICER, "虚构甲").await.len(), 1);
    assert!(!run_next(&office.store).await.unwrap());
    let mut other = office.work(Persona::TengzhouColleague).await;
    assert!(job(&mut other, id).await.is_err());
    assert!(take_file(&mut other, id).await.is_err());
    desk.close().await;
}

#[tokio::test]
async fn the_planner_knows_of_a_long_ledger_as_soon_as_it_is_in() {
    let desk = Desk::new().await;
    let office = &desk.office;
    assert!(office.database.children_believed().await < 1.0);
    ordered_import(office, ledgers::csv(0, 2_100).as_bytes()).await;
    assert!(run_next(&office.store).await.unwrap());
    let counted = office.database.children_believed().await;
    assert!(counted >= 2_100.0, "{counted}");
    desk.close().await;
}

#[tokio::test]
async fn a_ledger_that_cannot_be_read_fails_by_its_code_and_changes_nothing() {
    let desk = Desk::new().await;
    let id = ordered_import(&desk.office, b"PK\x03\x04 no workbook").await;
    assert!(run_next(&desk.office.store).await.unwrap());
    let failed = seen(&desk.office, id).await;
    assert_eq!(failed.state, JobState::Failed);
    assert!(failed.fault.is_some());
    assert_eq!(desk.census().await.count(), 0);
    desk.close().await;
}

#[tokio::test]
async fn a_job_whose_worker_died_is_taken_again_and_done_once() {
    let desk = Desk::new().await;
    let office = &desk.office;
    let id = ordered_import(office, &ledger(&[Line::of("虚构甲").id(11)])).await;
    let dead = office.store.take_job().await.unwrap().unwrap();
    assert!(
        !run_next(&office.store).await.unwrap(),
        "a living worker's job is its own"
    );
    office.let_workers_die().await;
    assert!(run_next(&office.store).await.unwrap());
    assert_eq!(seen(office, id).await.state, JobState::Done);
    assert_eq!(desk.census().await.count(), 1);
    // The dead worker's session died with its claim.
    assert!(office.store.begin(&dead.token, "测试").await.is_err());
    desk.close().await;
}

#[tokio::test]
async fn a_job_that_kills_every_worker_is_given_up() {
    let desk = Desk::new().await;
    let office = &desk.office;
    let id = ordered_import(office, b"x").await;
    for _ in 0..3 {
        assert!(office.store.take_job().await.unwrap().is_some());
        office.let_workers_die().await;
    }
    assert!(office.store.take_job().await.unwrap().is_none());
    let given_up = seen(office, id).await;
    assert_eq!(given_up.fault.as_deref(), Some("job.given_up"));
    desk.close().await;
}

#[tokio::test]
async fn an_export_says_who_when_and_what_for_and_holds_whom_the_officer_sees() {
    let office = Office::found().await;
    let children = [
        Child::named("虚构甲", JINGHE_VILLAGE)
            .with_id(1)
            .status(ScatteredOrphan, date(2021, 1, 1)),
        Child::named("=虚构乙", LONGQUAN_VILLAGE).guardian("虚构祖父", "13811110001"),
    ];
    office.register(OFFICER, &children).await;
    let sealed = Child::named("虚构密", JINGHE_VILLAGE).status(AidsAffected, TODAY);
    office.register(Persona::TengzhouColleague, &[sealed]).await;
    let mut work = office.work(OFFICER).await;
    let no_purpose = order_export(&mut work, &everybody(), " ").await;
    assert!(matches!(
        no_purpose,
        Err(CaseError::Hindered(Hindrance::NoPurpose))
    ));
    let foreign = ExportOrder {
        within: division(SHANTING),
        ..everybody()
    };
    let refused = order_export(&mut work, &foreign, "核对").await;
    assert!(matches!(
        refused,
        Err(CaseError::Hindered(Hindrance::NotYourPlace))
    ));
    let id = order_export(&mut work, &everybody(), "季度核对")
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert!(run_next(&office.store).await.unwrap());
    let mut work = office.work(OFFICER).await;
    let (_, bytes) = take_file(&mut work, id).await.unwrap();
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let name = "名册";
    let sheet = workbook.worksheet_range(name).unwrap();
    let rows: Vec<Vec<String>> = sheet
        .rows()
        .map(|row| row.iter().map(Data::to_string).collect())
        .collect();
    let watermark = &rows[0][0];
    assert!(
        watermark.contains("TengzhouOfficer")
            && watermark.contains("季度核对")
            && watermark.contains("2021-11-04")
    );
    assert_eq!(rows.last().unwrap()[0], *watermark);
    let names: Vec<&str> = rows[2..]
        .iter()
        .map(|row| row[2].as_str())
        .filter(|n| !n.is_empty())
        .collect();
    assert_eq!(names, ["虚构甲", "=虚构乙"]);
    assert!(rows[2][5].contains("****") && rows[2][8] == "社会散居孤儿");
    assert!(rows[2][6].contains("滕州市"));
    office.close().await;
}

#[tokio::test]
async fn the_sums_over_places_are_the_total_and_a_sealed_child_counts_for_its_officer_alone() {
    let office = Office::found().await;
    let children = [
        Child::named("虚构甲", JINGHE_VILLAGE).status(ScatteredOrphan, date(2021, 1, 1)),
        Child::named("虚构乙", LONGQUAN_VILLAGE).status(ScatteredOrphan, date(2021, 1, 1)),
        Child::named("虚构密", JINGHE_VILLAGE).status(AidsAffected, date(2021, 1, 1)),
    ];
    office.register(OFFICER, &children).await;
    let other = Child::named("虚构山", SHANTING_VILLAGE).status(ScatteredOrphan, TODAY);
    office.register(Persona::ShantingOfficer, &[other]).await;
    for (persona, within, expected) in [
        (OFFICER, TENGZHOU, 3),
        (Persona::TengzhouColleague, TENGZHOU, 2),
        (Persona::CityOfficer, CITY, 3),
        (Persona::ShantingOfficer, TENGZHOU, 0),
        (Persona::ShantingOfficer, CITY, 1),
    ] {
        let mut work = office.work(persona).await;
        let figures = summary(&mut work, division(within), TODAY).await.unwrap();
        assert_eq!(figures.total.children, expected, "{persona:?}");
        let sum: i64 = figures
            .places
            .iter()
            .map(|(.., tally)| tally.children)
            .sum();
        assert_eq!(sum, expected, "{persona:?}");
        for (category, count) in &figures.total.by_category {
            let places = figures.places.iter();
            let sum: i64 = places
                .filter_map(|(.., tally)| tally.by_category.get(category))
                .sum();
            assert_eq!(sum, *count, "{persona:?} {category}");
        }
        assert_eq!(
            figures.total.by_category.contains_key(&AidsAffected),
            persona == OFFICER
        );
    }
    // Who sees no child is told no count: it would be nought, and untrue.
    for persona in [Persona::Admin, Persona::Auditor] {
        let mut work = office.work(persona).await;
        let refused = summary(&mut work, division(CITY), TODAY).await;
        assert!(matches!(refused, Err(CaseError::NotFound)), "{persona:?}");
    }
    office.close().await;
}

/// The headings of an exported workbook, and its rows of children.
async fn exported(office: &Office, order: &ExportOrder) -> (Vec<String>, Vec<Vec<String>>) {
    let mut work = office.work(OFFICER).await;
    let id = order_export(&mut work, order, "核对").await.unwrap();
    work.commit().await.unwrap();
    assert!(run_next(&office.store).await.unwrap());
    let done = seen(office, id).await;
    assert_eq!(done.state, JobState::Done, "{:?}", done.fault);
    let mut work = office.work(OFFICER).await;
    let (_, bytes) = take_file(&mut work, id).await.unwrap();
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let name = workbook.sheet_names()[0].clone();
    let sheet = workbook.worksheet_range(&name).unwrap();
    let mut rows = sheet
        .rows()
        .skip(1)
        .map(|row| row.iter().map(Data::to_string).collect::<Vec<_>>());
    let head = rows.next().unwrap();
    // Below the children a row is left out, and the watermark stands once more.
    let is_child = |row: &Vec<String>| !row.concat().is_empty() && !row[0].contains("导出人");
    (head, rows.filter(is_child).collect())
}

#[tokio::test]
async fn chosen_children_come_out_alone_and_nobody_who_is_not_the_officers() {
    let office = Office::found().await;
    let children: Vec<Child> = ["虚构甲", "虚构乙", "虚构丙"]
        .map(|name| Child::named(name, JINGHE_VILLAGE))
        .into();
    let own = office.register(OFFICER, &children).await;
    let foreign = Child::named("虚构山", SHANTING_VILLAGE);
    let foreign = office.register(Persona::ShantingOfficer, &[foreign]).await[0];
    let order = ExportOrder {
        chosen: vec![own[2], foreign, own[0]],
        ..everybody()
    };
    let (_, rows) = exported(&office, &order).await;
    let mut names: Vec<&str> = rows.iter().map(|row| row[2].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["虚构丙", "虚构甲"]);
    let mut work = office.work(OFFICER).await;
    let many = ExportOrder {
        chosen: vec![own[0]; app::registry::MOST_CHOSEN + 1],
        ..everybody()
    };
    let refused = order_export(&mut work, &many, "核对").await;
    assert!(matches!(
        refused,
        Err(CaseError::Hindered(Hindrance::TooMany))
    ));
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn a_roster_leaves_room_to_sign_and_a_ledger_looks_like_the_countys_own() {
    let desk = Desk::new().await;
    let office = &desk.office;
    let order = |form| ExportOrder {
        form,
        ..everybody()
    };
    let mut work = office.work(OFFICER).await;
    let id = order_export(&mut work, &order(ExportForm::Ledger), "核对")
        .await
        .unwrap();
    work.commit().await.unwrap();
    assert!(run_next(&office.store).await.unwrap());
    assert_eq!(
        seen(office, id).await.fault.as_deref(),
        Some("export.no_ledger")
    );

    let mut line = Line::of("虚构甲").id(11);
    (line.guardian, line.phone) = ("虚构祖父".into(), "13811110001".into());
    ordered_import(office, &ledger(&[line])).await;
    assert!(run_next(&office.store).await.unwrap());
    let (head, rows) = exported(office, &order(ExportForm::Roster)).await;
    assert_eq!(head[head.len() - 2..], ["签字", "日期"]);
    assert_eq!((rows[0][1].as_str(), rows[0][9].as_str()), ("虚构甲", ""));
    assert!(rows[0][4].contains("****"), "{:?}", rows[0]);

    let (head, rows) = exported(office, &order(ExportForm::Ledger)).await;
    let own = [
        "姓名",
        "出生日期",
        "身份证号",
        "镇（街）",
        "村（居）",
        "类别",
        "监护人姓名",
        "联系电话",
        "备注",
    ];
    assert_eq!(head, own);
    let row = rows.iter().find(|row| row[0] == "虚构甲").unwrap();
    assert_eq!((row[6].as_str(), row[7].as_str()), ("虚构祖父", "已登记"));
    assert_eq!(
        (row[3].as_str(), row[5].as_str()),
        ("荆河街道", "社会散居孤儿")
    );
    desk.close().await;
}
