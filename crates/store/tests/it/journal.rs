//! The journal: with every change or not at all, never a secret, never undone.

use domain::organisation::{UnitKind, UnitPlan};
use domain::registry::{Amendment, Hidden, StatusDecision, amend};
use jiff::civil::date;
use kernel::category::Category::{self, LeftBehind, ScatteredOrphan};
use kernel::ids::{AppointmentId, ChildId, LedgerId, OfficerId, UnitId, WorkItemId};
use kernel::journal::Subject;
use kernel::roles::Role;
use sqlx::{PgPool, Row};
use store::error::StoreError;
use store::organisation::{NewPost, NewUnit, Staffed, UnitsFounded};
use store::registry::{
    Amended, ChildFile, FileOpened, LedgerTaken, Registered, RowTaken, WorkItem, WorkItemsOpened,
    files,
};
use store::work::{Change, Work};
use testkit::Office;
use testkit::builders::{Child, resident_id};
use testkit::office::{CITY, JINGHE_VILLAGE, Persona, TENGZHOU, TODAY, division};

async fn count(owner: &PgPool, table: &'static str) -> i64 {
    let statement = match table {
        "journal_entry" => "SELECT count(*) FROM journal_entry",
        "organisation_unit" => "SELECT count(*) FROM organisation_unit",
        _ => "SELECT count(*) FROM registry_person",
    };
    sqlx::query_scalar(statement)
        .fetch_one(owner)
        .await
        .unwrap()
}

async fn actions(owner: &PgPool) -> Vec<String> {
    let newest = "SELECT action FROM journal_entry ORDER BY seq";
    sqlx::query_scalar(newest).fetch_all(owner).await.unwrap()
}

fn orphan(name: &str, serial: u16) -> Child {
    Child::named(name, JINGHE_VILLAGE)
        .with_id(serial)
        .status(ScatteredOrphan, TODAY)
}

#[tokio::test]
async fn a_change_and_its_entry_last_together() {
    let office = Office::found().await;
    let owner = &office.database.owner;
    let before = count(owner, "journal_entry").await;
    office
        .register(
            Persona::TengzhouOfficer,
            &[orphan("虚构甲", 1), orphan("虚构乙", 2)],
        )
        .await;
    assert_eq!(count(owner, "registry_person").await, 2);
    assert_eq!(
        count(owner, "journal_entry").await,
        before + 2,
        "one entry for each subject"
    );

    let row = sqlx::query(
        "SELECT e.*, o.name AS officer FROM journal_entry e JOIN organisation_officer o ON o.id = e.officer_id
         WHERE action = 'registry.child_registered' ORDER BY e.seq LIMIT 1",
    )
    .fetch_one(owner)
    .await
    .unwrap();
    assert_eq!(row.get::<&str, _>("officer"), "TengzhouOfficer（虚构）");
    assert_eq!(row.get::<&str, _>("role"), "county_officer");
    assert_eq!(row.get::<&str, _>("purpose"), "测试");
    assert_eq!(row.get::<&str, _>("subject_kind"), "child");
    assert_eq!(row.get::<i64, _>("division"), JINGHE_VILLAGE);
    assert_eq!(
        row.get::<uuid::Uuid, _>("unit_id"),
        office.unit(Persona::TengzhouOfficer).uuid()
    );
    assert!(!row.get::<bool, _>("refused"));
    office.close().await;
}

#[tokio::test]
async fn a_dropped_work_leaves_neither() {
    let office = Office::found().await;
    let owner = &office.database.owner;
    let before = count(owner, "journal_entry").await;
    let mut work = office.work(Persona::TengzhouOfficer).await;
    work.apply(&Registered(&[
        orphan("虚构甲", 1).registration(&office.store)
    ]))
    .await
    .unwrap();
    drop(work);
    assert_eq!(
        (
            count(owner, "registry_person").await,
            count(owner, "journal_entry").await
        ),
        (0, before)
    );
    office.close().await;
}

#[tokio::test]
async fn a_failing_write_leaves_neither_and_takes_the_whole_work_with_it() {
    let office = Office::found().await;
    let owner = &office.database.owner;
    let before = count(owner, "journal_entry").await;
    let mut work = office.work(Persona::TengzhouOfficer).await;
    work.apply(&Registered(&[
        orphan("虚构甲", 1).registration(&office.store)
    ]))
    .await
    .unwrap();
    let same_id = [orphan("虚构乙", 1).registration(&office.store)];
    assert!(matches!(
        work.apply(&Registered(&same_id)).await,
        Err(StoreError::Database(_))
    ));
    assert!(
        work.apply(&Registered(&[
            orphan("虚构丙", 3).registration(&office.store)
        ]))
        .await
        .is_err()
    );
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK: nothing is left, whatever the caller does.
    let _ = work.commit().await;
    assert_eq!(
        (
            count(owner, "registry_person").await,
            count(owner, "journal_entry").await
        ),
        (0, before)
    );
    office.close().await;
}

#[tokio::test]
async fn committing_after_a_failure_is_an_error() {
    let office = Office::found().await;
    let mut work = office.work(Persona::TengzhouOfficer).await;
    let twins = [
        orphan("虚构甲", 1).registration(&office.store),
        orphan("虚构乙", 1).registration(&office.store),
    ];
    assert!(work.apply(&Registered(&twins)).await.is_err());
    assert!(
        work.commit().await.is_err(),
        "a caller that ignored the failure must not believe its work was done"
    );
    office.close().await;
}

/// Everything a child's file can hold, each secret recognisable.
fn secretive() -> Child {
    let mut child = orphan("虚构甲", 1)
        .guardian("虚构祖父", "13811110001")
        .mother("虚构母亲", "13811110002");
    child.facts.guardian_resident_id =
        Some(Hidden::new(resident_id(date(1950, 1, 1), 11).reveal()));
    child.facts.relatives[0].resident_id =
        Some(Hidden::new(resident_id(date(1980, 1, 1), 12).reveal()));
    child.facts.address = Some(Hidden::new("虚构路一号"));
    child.facts.bank_account = Some(Hidden::new("6222021611110003"));
    child
}

const SECRETS: [&str; 8] = [
    "13811110001",
    "13811110002",
    "13811110099",
    "虚构路一号",
    "虚构路二号",
    "6222021611110003",
    "37999919500101",
    "37999919800101",
];

#[tokio::test]
async fn secrets_appear_as_changed() {
    let office = Office::found().await;
    let ids = office
        .register(Persona::TengzhouOfficer, &[secretive()])
        .await;
    let mut work = office.work(Persona::TengzhouOfficer).await;
    let file = files(&mut work, &ids).await.unwrap().remove(0);
    let mut stated = file.facts.clone();
    stated.guardian_phone = Some(Hidden::new("13811110099"));
    stated.address = Some(Hidden::new("虚构路二号"));
    stated.relatives[0].phone = Some(Hidden::new("13811110099"));
    let amendment = amend(&file.facts, None, &stated, false).unwrap();
    work.apply(&Amended {
        file: &file,
        amendment: Some(&amendment),
        status: None,
        on: TODAY,
        row: None,
    })
    .await
    .unwrap();
    work.commit().await.unwrap();

    let entries: Vec<String> = sqlx::query_scalar("SELECT to_jsonb(e)::text FROM journal_entry e")
        .fetch_all(&office.database.owner)
        .await
        .unwrap();
    let all = entries.join("\n");
    let id = resident_id(date(2012, 6, 5), 1);
    for secret in SECRETS.into_iter().chain([id.reveal()]) {
        assert!(!all.contains(secret), "{secret}");
    }
    let amended = entries
        .iter()
        .find(|entry| entry.contains("registry.child_amended"))
        .unwrap();
    let entry: serde_json::Value = serde_json::from_str(amended).unwrap();
    assert_eq!(entry["after"]["guardian_phone"], "changed");
    assert_eq!(entry["before"]["address"], "changed");
    assert_eq!(entry["after"]["relatives"][0]["phone"], "changed");
    assert_eq!(entry["after"]["relatives"][0]["name"], "虚构母亲");
    office.close().await;
}

async fn apply(mut work: Work, change: &impl Change) {
    work.apply(change).await.unwrap();
    work.commit().await.unwrap();
}

/// A statement about a child, of today.
fn stated<'a>(
    file: &'a ChildFile,
    amendment: Option<&'a Amendment>,
    status: Option<(Category, StatusDecision)>,
    row: Option<&'a RowTaken>,
) -> Amended<'a> {
    Amended {
        file,
        amendment,
        status,
        on: TODAY,
        row,
    }
}

/// The changes of the registry, in the order of a child's life on file.
async fn live_through_the_registry(office: &Office) {
    let (now, entropy) = (office.store.clock().now(), office.store.entropy());
    let children = [secretive()];
    let child = office.register(Persona::TengzhouOfficer, &children).await[0];
    let work = || office.work(Persona::TengzhouOfficer);
    let file = files(&mut work().await, &[child]).await.unwrap().remove(0);
    let opened = FileOpened {
        child,
        household: file.facts.household,
        sealed: false,
    };
    apply(work().await, &opened).await;
    let mut facts = file.facts.clone();
    facts.health = Some("健康".into());
    let amendment = amend(&file.facts, None, &facts, false);
    let status = Some((LeftBehind, StatusDecision::Open));
    let amended = stated(&file, amendment.as_ref(), status, None);
    apply(work().await, &amended).await;
    let ledger = LedgerId::generate(now, entropy);
    let row = RowTaken::new(office.store.sealer(), ledger, 3, TODAY, &file.facts, None).unwrap();
    apply(work().await, &stated(&file, None, None, Some(&row))).await;
    let place = division(TENGZHOU);
    let item = WorkItem {
        id: WorkItemId::generate(now, entropy),
        division: place,
        child: Some(child),
        ledger: Some(ledger),
        row: Some(3),
        code: "phone.invalid",
        field: None,
        raw: Some("1381111".into()),
    };
    apply(work().await, &WorkItemsOpened(&[item])).await;
    let taken = LedgerTaken {
        id: ledger,
        place,
        as_of: TODAY,
        file_name: "虚构.csv",
        content: b"x",
        rows: 1,
        left_out: 0,
    };
    apply(work().await, &taken).await;
}

async fn found_and_staff(office: &Office) {
    let (now, entropy) = (office.store.clock().now(), office.store.entropy());
    let plan = UnitPlan {
        kind: UnitKind::RescueCentre,
        ..UnitPlan::of_division(division(CITY), "虚构中心")
    };
    let unit = UnitId::generate(now, entropy);
    apply(
        office.work(Persona::Admin).await,
        &UnitsFounded(&[NewUnit {
            id: unit,
            parent: office.root,
            plan: &plan,
        }]),
    )
    .await;
    let post = NewPost {
        officer: OfficerId::generate(now, entropy),
        appointment: AppointmentId::generate(now, entropy),
        unit,
        division: division(CITY),
        name: "虚构".into(),
        phone: Some(Hidden::new("13811110098")),
        role: Role::RescueStaff,
        from: TODAY,
        invented: true,
    };
    apply(office.founding_work().await, &Staffed(&[post])).await;
}

#[tokio::test]
async fn every_change_is_journalled_under_its_name() {
    let office = Office::found().await;
    let owner = &office.database.owner;
    let before = actions(owner).await.len();
    live_through_the_registry(&office).await;
    found_and_staff(&office).await;
    // Entries of one moment have no order, so the works are compared as a set.
    let mut since = actions(owner).await.split_off(before);
    since.sort();
    let expected = [
        "organisation.appointed",
        "organisation.unit_founded",
        "registry.child_amended",
        "registry.child_linked",
        "registry.child_registered",
        "registry.file_opened",
        "registry.ledger_imported",
        "registry.status_changed",
        "registry.work_item_opened",
    ];
    assert_eq!(since, expected);
    office.close().await;
}

#[tokio::test]
async fn a_refusal_stays_when_the_work_that_met_it_is_gone() {
    let office = Office::found().await;
    let owner = &office.database.owner;
    let nowhere = ChildId::from_uuid(uuid::Uuid::from_u128(7));
    let work = office.work(Persona::JingheSupervisor).await;
    work.refuse(
        "registry.file_refused",
        Subject::new("child", nowhere.uuid()),
    )
    .await
    .unwrap();
    drop(work);
    let (refused, division, after): (bool, i64, Option<serde_json::Value>) =
        sqlx::query_as("SELECT refused, division, after FROM journal_entry WHERE subject_id = $1")
            .bind(nowhere.uuid())
            .fetch_one(owner)
            .await
            .unwrap();
    assert_eq!(
        (refused, division, after),
        (true, testkit::office::JINGHE, None)
    );
    office.close().await;
}

#[tokio::test]
async fn a_refusal_says_nothing_of_whether_there_was_something_to_refuse() {
    let office = Office::found().await;
    let child = Child::named("虚构密", JINGHE_VILLAGE)
        .status(kernel::category::Category::AidsAffected, TODAY);
    let sealed = office.register(Persona::TengzhouOfficer, &[child]).await[0];
    let nowhere = ChildId::from_uuid(uuid::Uuid::from_u128(7));
    let supervisor = office.work(Persona::JingheSupervisor).await;
    for child in [sealed, nowhere] {
        supervisor
            .refuse("registry.file_refused", Subject::new("child", child.uuid()))
            .await
            .unwrap();
    }
    for (persona, reads) in [
        (Persona::Auditor, 2),
        (Persona::JingheSupervisor, 2),
        (Persona::TengzhouColleague, 0),
    ] {
        let mut connection = office.bare_connection(persona).await;
        let read: i64 = sqlx::query_scalar("SELECT count(*) FROM journal_entry WHERE refused")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(read, reads, "{persona:?}");
    }
    drop(supervisor);
    office.close().await;
}

#[tokio::test]
async fn without_a_session_there_is_no_work_and_nobody_to_journal() {
    let office = Office::found().await;
    let token = office.sign_in(Persona::TengzhouOfficer).await;
    sqlx::query("UPDATE auth.session SET expires_at = now()")
        .execute(&office.database.owner)
        .await
        .unwrap();
    assert!(matches!(
        office.store.begin(&token, "测试").await,
        Err(StoreError::NoSession)
    ));
    let subject = Subject::new("child", uuid::Uuid::nil());
    let refused = office
        .store
        .refuse(&token, "registry.file_refused", subject, "测试")
        .await;
    assert!(matches!(refused, Err(StoreError::NoSession)));
    office.close().await;
}
