//! The month in an office: prepared by one, approved by another, and the same however often it is run.

use std::io::Cursor;

use app::allowances::{
    MonthError, MonthOrder, PreparedMonth, look, move_on, prepare_and_commit, publish,
};
use app::registry::{Doubles, merge};
use calamine::{Data, Reader, Xlsx};
use domain::allowances::{BatchAct, BatchError, BatchStage, LineKind, Payee};
use jiff::civil::date;
use kernel::category::Category::{
    self, AidsAffected, DeFactoUnattended, InstitutionOrphan, KeyHardship, ScatteredOrphan,
};
use kernel::ids::{BatchId, ChildId};
use kernel::money::Money;
use kernel::roles::Role;
use store::allowances::{AllowanceFact, Batch, batch, batches, statement};
use store::session::SessionToken;
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING_VILLAGE};

use crate::month_scene::{child, found, month, months, order, record, rules, run, yuan};

const OFFICER: Persona = Persona::TengzhouOfficer;

/// A county's office whose first month is prepared: two children paid, one without a day of birth, one without a class.
async fn with_a_month() -> (Office, SessionToken, Vec<ChildId>, PreparedMonth) {
    let office = found().await;
    let of_2020 = date(2020, 12, 10);
    let children = [
        child("虚构甲", JINGHE_VILLAGE, ScatteredOrphan, of_2020),
        child("虚构乙", LONGQUAN_VILLAGE, InstitutionOrphan, of_2020),
        child("虚构丙", JINGHE_VILLAGE, KeyHardship, of_2020).born(None),
        Child::named("虚构丁", JINGHE_VILLAGE),
    ];
    let ids = office.register(OFFICER, &children).await;
    let token = office.sign_in(OFFICER).await;
    let begins = Some(month("2021-01"));
    let first = MonthOrder {
        begins,
        ..order("2021-01")
    };
    let first = run(&office, &token, first).await.unwrap();
    (office, token, ids, first)
}

/// A county's office with a child and another one, before its first month.
async fn with_another(another: &str, class: Category) -> (Office, SessionToken, Vec<ChildId>) {
    let office = found().await;
    let of_2020 = date(2020, 12, 10);
    let children = [
        child("虚构甲", JINGHE_VILLAGE, ScatteredOrphan, of_2020),
        child(another, JINGHE_VILLAGE, class, of_2020),
    ];
    let ids = office.register(OFFICER, &children).await;
    let token = office.sign_in(OFFICER).await;
    (office, token, ids)
}

#[tokio::test]
async fn a_month_is_prepared_once_and_months_go_forward() {
    let (office, token, _, first) = with_a_month().await;
    assert!(first.is_new);
    assert_eq!(
        (
            first.batch.lines,
            first.batch.children,
            first.batch.exceptions
        ),
        (2, 2, 1)
    );
    assert_eq!(first.batch.paid, Money::from_yuan(1400 + 1760));
    assert_eq!(first.batch.stage, BatchStage::Prepared);

    // Made again it is the same batch, and nothing is written.
    let again = run(&office, &token, order("2021-01")).await.unwrap();
    assert!(!again.is_new);
    assert_eq!(again.batch, first.batch);
    assert_eq!(office.database.lines_of(month("2021-01")).await, 2);
    assert_eq!(
        office.journal_of(first.batch.id.uuid()).await,
        ["allowances.batch_prepared"]
    );

    // Earlier months are over, later ones come one by one, and where it began is said once.
    let late = run(&office, &token, order("2020-12")).await.unwrap_err();
    assert!(
        matches!(late, MonthError::Follows(last) if last == month("2021-01")),
        "{late}"
    );
    let twice = MonthOrder {
        begins: Some(month("2021-01")),
        ..order("2021-02")
    };
    assert!(matches!(
        run(&office, &token, twice).await,
        Err(MonthError::Begins)
    ));
    office.clock.set_day(date(2021, 2, 20));
    let ahead = prepare_and_commit(&office.store, &token, &rules(), "试验", order("2021-04")).await;
    assert!(matches!(ahead, Err(MonthError::Ahead)), "{ahead:?}");

    office.close().await;
}

#[tokio::test]
async fn a_month_that_is_there_says_of_no_line_whose_it_is() {
    let (office, ..) = with_a_month().await;
    assert_eq!(office.database.lines_of(month("2021-01")).await, 2);
    assert_eq!(office.database.said_for_lines().await, 0);
    office.close().await;
}

#[tokio::test]
async fn every_line_says_why_and_another_county_hears_nothing() {
    let (office, token, ids, _) = with_a_month().await;
    // A month of the same amounts adds no level.
    let before = office.database.levels().await;
    let second = run(&office, &token, order("2021-02")).await.unwrap();
    assert_eq!(second.batch.lines, 2);
    assert_eq!(office.database.levels().await, before);

    let mut work = office.work(OFFICER).await;
    let lines = statement(&mut work, ids[0]).await.unwrap();
    assert_eq!(lines.len(), 2);
    let line = &lines[0];
    assert_eq!(
        (line.pay_month, line.for_month),
        (month("2021-02"), month("2021-02"))
    );
    assert_eq!(
        (line.kind, line.payee, line.class),
        (LineKind::Regular, Payee::Guardian, Some(ScatteredOrphan))
    );
    assert_eq!(
        (line.amount, line.due),
        (Money::from_yuan(1400), Money::from_yuan(1400))
    );
    assert!(
        line.reason.zh.contains("认定为社会散居孤儿"),
        "{:?}",
        line.reason
    );
    assert_eq!(line.reason.cite, "2020年标准");
    assert_eq!(
        statement(&mut work, ids[1]).await.unwrap()[0].payee,
        Payee::Home
    );
    drop(work);

    // Another county has nothing to do with it, and nobody to pay.
    let other = office.sign_in(Persona::ShantingOfficer).await;
    assert!(matches!(
        run(&office, &other, order("2021-02")).await,
        Err(MonthError::Nobody)
    ));
    let mut work = office.work(Persona::ShantingOfficer).await;
    assert!(batches(&mut work, None).await.unwrap().is_empty());
    assert!(statement(&mut work, ids[0]).await.unwrap().is_empty());
    drop(work);
    assert_eq!(
        office.database.batches().await,
        2,
        "nobody to pay is no batch"
    );
    office.close().await;
}

#[tokio::test]
async fn what_changes_comes_out_as_lines_for_the_months_it_touches() {
    let office = found().await;
    let officer = Persona::TengzhouOfficer;
    let of_2020 = date(2020, 12, 10);
    let children = [
        child("虚构甲", JINGHE_VILLAGE, ScatteredOrphan, of_2020),
        child("虚构乙", JINGHE_VILLAGE, DeFactoUnattended, of_2020),
        child("虚构丙", JINGHE_VILLAGE, InstitutionOrphan, of_2020),
    ];
    let ids = office.register(officer, &children).await;
    let token = office.sign_in(officer).await;
    let mut first = order("2021-01");
    first.begins = Some(month("2021-01"));
    run(&office, &token, first).await.unwrap();
    run(&office, &token, order("2021-02")).await.unwrap();

    // In March the office learns of a benefit since February, of a stop in January, and that one is with its guardian now.
    office.clock.set_day(date(2021, 3, 2));
    let benefit = AllowanceFact::Benefit {
        benefit: "minimum_living".into(),
        monthly: Money::from_yuan(580),
        from: month("2021-02"),
        to: None,
    };
    record(&office, ids[0], &benefit).await;
    let stop = AllowanceFact::Stopped {
        on: date(2021, 1, 15),
        reason: "adopted".into(),
    };
    record(&office, ids[1], &stop).await;
    let batch = run(&office, &token, order("2021-03")).await.unwrap().batch;
    adds_up(&office, batch.id).await;
    assert_eq!(
        (batch.lines, batch.recovered),
        (4, Money::from_yuan(-580 - 1400))
    );
    let less = [months(1, 1, 1400), months(2, 3, 820)].concat();
    assert_eq!(yuan(&office, ids[0], 0).await, less);
    assert_eq!(yuan(&office, ids[1], 0).await, months(1, 1, 1400));
    assert_eq!(yuan(&office, ids[2], 1).await, months(1, 3, 1760));

    // A month is left out, another is suspended; the run after pays what is owed.
    office.clock.set_day(date(2021, 4, 2));
    let suspended = AllowanceFact::Suspended {
        from: month("2021-04"),
        to: Some(month("2021-05")),
    };
    record(&office, ids[2], &suspended).await;
    let batch = run(&office, &token, order("2021-05")).await.unwrap().batch;
    adds_up(&office, batch.id).await;
    assert_eq!((batch.lines, batch.paid), (2, Money::from_yuan(2 * 820)));
    run(&office, &token, order("2021-06")).await.unwrap();
    assert_eq!(
        yuan(&office, ids[0], 0).await,
        [months(1, 1, 1400), months(2, 6, 820)].concat()
    );
    assert_eq!(yuan(&office, ids[2], 1).await, months(1, 6, 1760));
    office.close().await;
}

/// The parts of a batch add up to it, and what makes it differ to the difference.
async fn adds_up(office: &Office, id: BatchId) {
    let mut work = office.work(Persona::TengzhouOfficer).await;
    let look = look(&mut work, id).await.unwrap();
    let total = |batch: &Batch| batch.paid.checked_add(batch.recovered).unwrap();
    let parts = Money::sum(look.parts.iter().map(|part| part.amount)).unwrap();
    assert_eq!(parts, total(&look.batch));
    let differences = Money::sum(look.differences.iter().map(|part| part.amount)).unwrap();
    let former = look.former.as_ref().map_or(Money::ZERO, total);
    assert_eq!(former.checked_add(differences).unwrap(), parts);
    assert!(look.differences.len() > 1, "{:?}", look.differences);
}

#[tokio::test]
async fn levels_that_were_lost_are_read_from_the_lines_and_written_anew() {
    let office = found().await;
    let officer = Persona::TengzhouOfficer;
    let children = [
        child(
            "虚构甲",
            JINGHE_VILLAGE,
            ScatteredOrphan,
            date(2020, 12, 10),
        ),
        child("虚构乙", JINGHE_VILLAGE, KeyHardship, date(2020, 12, 10)),
    ];
    let ids = office.register(officer, &children).await;
    let token = office.sign_in(officer).await;
    let begins = Some(month("2021-01"));
    run(
        &office,
        &token,
        MonthOrder {
            begins,
            ..order("2021-01")
        },
    )
    .await
    .unwrap();
    run(&office, &token, order("2021-02")).await.unwrap();
    office.database.lose_levels(ids[0]).await;
    let third = run(&office, &token, order("2021-03")).await.unwrap().batch;
    assert_eq!((third.lines, third.paid), (2, Money::from_yuan(1400 + 980)));
    assert_eq!(office.database.levels().await, 2, "the lost one is back");
    let fourth = run(&office, &token, order("2021-04")).await.unwrap().batch;
    assert_eq!(fourth.lines, 2);
    assert_eq!(office.database.levels().await, 2);

    // Lines that do not add up either are nobody's to build upon.
    office.database.tamper(fourth.id, Money::from_fen(1)).await;
    office.database.lose_levels(ids[1]).await;
    let unsound = run(&office, &token, order("2021-05")).await.unwrap_err();
    assert!(matches!(unsound, MonthError::Unsound), "{unsound}");
    office.close().await;
}

/// A batch on its way, by these people.
async fn step(
    office: &Office,
    token: &SessionToken,
    id: BatchId,
    act: BatchAct,
) -> Result<(), MonthError> {
    let mut work = office.store.begin(token, "测试").await.unwrap();
    let version = batch(&mut work, id)
        .await
        .unwrap()
        .map_or(0, |batch| batch.version);
    move_on(&mut work, id, act, version).await?;
    work.commit().await.unwrap();
    Ok(())
}

/// The preparer's second post as approver, a colleague's as approver, and another's in finance.
async fn posts(office: &Office) -> [SessionToken; 3] {
    let unit = office.unit(OFFICER);
    let me = office.officer_of(OFFICER).await;
    let colleague = office.officer_of(Persona::TengzhouColleague).await;
    let treasurer = office.officer_of(Persona::ShantingOfficer).await;
    [
        office.second_post(me, unit, Role::CountyApprover).await,
        office
            .second_post(colleague, unit, Role::CountyApprover)
            .await,
        office
            .second_post(treasurer, unit, Role::FinanceOfficer)
            .await,
    ]
}

#[tokio::test]
async fn nobody_approves_what_he_prepared() {
    let (office, token, _, prepared) = with_a_month().await;
    let (id, [both, approver, _]) = (prepared.batch.id, posts(&office).await);

    // An officer does not approve, and his second post as approver is still the same person.
    assert!(matches!(
        step(&office, &token, id, BatchAct::Approve).await,
        Err(MonthError::NotFound)
    ));
    let early = step(&office, &approver, id, BatchAct::Approve).await;
    assert!(matches!(
        early,
        Err(MonthError::Batch(BatchError::Stage(BatchStage::Prepared)))
    ));
    step(&office, &approver, id, BatchAct::Review)
        .await
        .unwrap();
    let same = step(&office, &both, id, BatchAct::Approve).await;
    assert!(
        matches!(same, Err(MonthError::Batch(BatchError::SamePerson))),
        "{same:?}"
    );
    assert_eq!(
        office.database.approve_as_preparer(id).await.as_deref(),
        Some("23514")
    );

    office.close().await;
}

#[tokio::test]
async fn one_changed_fen_voids_an_approval() {
    let (office, _, _, prepared) = with_a_month().await;
    let (id, [_, approver, finance]) = (prepared.batch.id, posts(&office).await);
    step(&office, &approver, id, BatchAct::Review)
        .await
        .unwrap();

    // One fen more than was prepared, and nobody can sign it; back as it was, somebody can.
    office.database.tamper(id, Money::from_fen(1)).await;
    let changed = step(&office, &approver, id, BatchAct::Approve).await;
    assert!(matches!(changed, Err(MonthError::Changed)), "{changed:?}");
    office.database.tamper(id, Money::from_fen(-1)).await;
    step(&office, &approver, id, BatchAct::Approve)
        .await
        .unwrap();
    office.database.tamper(id, Money::from_fen(-1)).await;
    let changed = step(&office, &finance, id, BatchAct::Release).await;
    assert!(matches!(changed, Err(MonthError::Changed)), "{changed:?}");
    office.database.tamper(id, Money::from_fen(1)).await;
    for act in [BatchAct::Release, BatchAct::Settle, BatchAct::Close] {
        step(&office, &finance, id, act).await.unwrap();
    }
    let closed = step(&office, &finance, id, BatchAct::Release).await;
    assert!(matches!(
        closed,
        Err(MonthError::Batch(BatchError::Stage(BatchStage::Closed)))
    ));
    let journal = office.journal_of(id.uuid()).await;
    assert_eq!(
        journal
            .iter()
            .filter(|entry| entry.ends_with("(refused)"))
            .count(),
        3,
        "{journal:?}"
    );
    office.close().await;
}

#[tokio::test]
async fn a_sealed_child_is_paid_in_a_batch_that_nobody_else_sees() {
    let (office, token, ids) = with_another("虚构密", AidsAffected).await;
    let colleague = office.sign_in(Persona::TengzhouColleague).await;
    let sealed = MonthOrder {
        sealed: true,
        ..order("2021-01")
    };

    let open = run(&office, &colleague, order("2021-01"))
        .await
        .unwrap()
        .batch;
    assert_eq!((open.lines, open.paid), (1, Money::from_yuan(1400)));
    let hidden = run(&office, &colleague, sealed).await.unwrap_err();
    assert!(matches!(hidden, MonthError::Hidden), "{hidden}");
    let own = run(&office, &token, sealed).await.unwrap().batch;
    assert_eq!((own.lines, own.paid), (1, Money::from_yuan(1400)));

    for persona in [
        Persona::TengzhouColleague,
        Persona::CityOfficer,
        Persona::Auditor,
    ] {
        let mut work = office.work(persona).await;
        let seen: Vec<BatchId> = batches(&mut work, None)
            .await
            .unwrap()
            .iter()
            .map(|batch| batch.id)
            .collect();
        assert_eq!(seen, [open.id], "{persona:?}");
        assert!(
            statement(&mut work, ids[1]).await.unwrap().is_empty(),
            "{persona:?}"
        );
    }
    let mut work = office.work(OFFICER).await;
    assert_eq!(batches(&mut work, None).await.unwrap().len(), 2);
    assert_eq!(statement(&mut work, ids[1]).await.unwrap().len(), 1);
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn a_child_that_moves_to_another_county_is_paid_by_one_of_the_two() {
    let office = found().await;
    let children = [
        child(
            "虚构甲",
            JINGHE_VILLAGE,
            ScatteredOrphan,
            date(2020, 12, 10),
        ),
        child(
            "虚构乙",
            JINGHE_VILLAGE,
            ScatteredOrphan,
            date(2020, 12, 10),
        ),
    ];
    let ids = office.register(Persona::TengzhouOfficer, &children).await;
    office
        .register(
            Persona::ShantingOfficer,
            &[child(
                "虚构丙",
                SHANTING_VILLAGE,
                KeyHardship,
                date(2020, 12, 10),
            )],
        )
        .await;
    let tengzhou = office.sign_in(Persona::TengzhouOfficer).await;
    let shanting = office.sign_in(Persona::ShantingOfficer).await;
    run(&office, &tengzhou, order("2021-01")).await.unwrap();
    run(&office, &shanting, order("2021-01")).await.unwrap();
    office
        .database
        .move_household(ids[0], SHANTING_VILLAGE, date(2021, 1, 25))
        .await;
    // In February the new county is first, in March the old one.
    for (token, of_month, lines) in [
        (&shanting, "2021-02", 2),
        (&tengzhou, "2021-02", 1),
        (&tengzhou, "2021-03", 1),
        (&shanting, "2021-03", 2),
    ] {
        let prepared = run(&office, token, order(of_month)).await.unwrap();
        assert_eq!(prepared.batch.lines, lines, "{of_month}");
    }
    assert_eq!(yuan(&office, ids[0], 0).await, months(1, 3, 1400));
    assert_eq!(yuan(&office, ids[1], 0).await, months(1, 3, 1400));
    assert_eq!(office.database.doubled_lines().await, 0);
    office.close().await;
}

#[tokio::test]
async fn what_a_double_was_paid_is_recovered_from_the_file_that_is_kept() {
    let (office, token, ids) = with_another("虚构假", ScatteredOrphan).await;
    run(&office, &token, order("2021-01")).await.unwrap();
    let mut work = office.work(OFFICER).await;
    let doubles = Doubles {
        kept: ids[0],
        kept_version: 1,
        doubled: ids[1],
        doubled_version: 1,
    };
    merge(&mut work, doubles).await.unwrap();
    work.commit().await.unwrap();
    let second = run(&office, &token, order("2021-02")).await.unwrap().batch;
    assert_eq!(
        (second.paid, second.recovered),
        (Money::from_yuan(1400), Money::from_yuan(-1400))
    );
    let third = run(&office, &token, order("2021-03")).await.unwrap().batch;
    assert_eq!(
        (third.paid, third.recovered),
        (Money::from_yuan(1400), Money::ZERO)
    );
    // Kept: paid for January once too often less once; the double keeps its line of January.
    assert_eq!(yuan(&office, ids[0], 0).await, months(2, 3, 1400));
    assert_eq!(yuan(&office, ids[1], 0).await, months(1, 1, 1400));
    office.close().await;
}

/// The cells of the published table, row by row.
fn published_rows(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let name = "公示表";
    let sheet = workbook.worksheet_range(name).unwrap();
    let text = |row: &[Data]| row.iter().map(Data::to_string).collect();
    sheet.rows().map(text).collect()
}

#[tokio::test]
async fn an_approved_month_is_published_and_tells_of_no_child() {
    let office = found().await;
    let since = date(2020, 12, 10);
    let mut children = vec![child("虚构单", LONGQUAN_VILLAGE, ScatteredOrphan, since)];
    for name in ["虚构甲", "虚构乙", "虚构丙", "虚构丁"] {
        children.push(child(name, JINGHE_VILLAGE, ScatteredOrphan, since));
    }
    office.register(OFFICER, &children).await;
    let token = office.sign_in(OFFICER).await;
    let mut first = order("2021-01");
    first.begins = Some(month("2021-01"));
    let id = run(&office, &token, first).await.unwrap().batch.id;
    let mut work = office.work(OFFICER).await;
    let early = publish(&mut work, id).await;
    assert!(matches!(early, Err(MonthError::Unpublished)), "{early:?}");
    drop(work);

    let [_, approver, _] = posts(&office).await;
    for act in [BatchAct::Review, BatchAct::Approve] {
        step(&office, &approver, id, act).await.unwrap();
    }
    let mut work = office.work(OFFICER).await;
    let (_, bytes) = publish(&mut work, id).await.unwrap();
    work.commit().await.unwrap();
    let rows = published_rows(bytes);
    assert!(rows[0][0].contains("2021-01"), "{:?}", rows[0]);
    // One child in 龙泉 would be told of: the two streets stand together.
    assert_eq!(rows[3][..3], ["其他乡镇（街道）", "5", "7,000.00"]);
    assert_eq!(rows[4][..3], ["合计", "5", "7,000.00"]);
    // Of 7,000 yuan half, fifteen and thirty-five per cent, and nobody has seen a document that says so.
    assert_eq!(
        rows[5][0],
        "以上合计 7,000.00 元，资金来源：中央和省级 3,500.00 元（50%），市级 1,050.00 元（15%），县级 2,450.00 元（35%）（待核实）。"
    );
    assert_eq!(rows[6][0], "预算科目：2081001 儿童福利（待核实）。");
    let journal = office.journal_of(id.uuid()).await;
    assert_eq!(journal.last().unwrap(), "allowances.batch_published");
    office.close().await;
}
