//! Amending: every group of fields, guardians who follow one another, and two officers at one file.

use domain::registry::{Hidden, Particulars, Relation, Relative, amend};
use jiff::civil::{Date, date};
use kernel::ids::ChildId;
use kernel::resident_id::Sex;
use sqlx::Row;
use store::error::StoreError;
use store::registry::{Amended, ChildFile, child_index, known, search};
use testkit::Office;
use testkit::builders::{Child, resident_id};
use testkit::office::{
    JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING_VILLAGE, TODAY, division,
};

use super::register::full;
use super::{file, keys_follow_names};

const OFFICER: Persona = Persona::TengzhouOfficer;

async fn apply(
    office: &Office,
    file: &ChildFile,
    stated: &Particulars,
    on: Date,
) -> Result<(), StoreError> {
    let amendment = amend(&file.facts, None, stated, false).expect("something changes");
    let mut work = office.work(OFFICER).await;
    let amended = Amended {
        file,
        amendment: Some(&amendment),
        status: None,
        on,
        row: None,
    };
    work.apply(&amended).await?;
    work.commit().await
}

/// States something new of a child and answers the file afterwards, which must hold exactly that.
async fn restate(
    office: &Office,
    child: ChildId,
    edit: impl FnOnce(&mut Particulars),
) -> ChildFile {
    let before = file(office, OFFICER, child).await.unwrap();
    let mut stated = before.facts.clone();
    edit(&mut stated);
    apply(office, &before, &stated, TODAY).await.unwrap();
    let after = file(office, OFFICER, child).await.unwrap();
    assert_eq!(after.facts, stated);
    assert_eq!(after.version, before.version + 1);
    keys_follow_names(office).await;
    after
}

#[tokio::test]
async fn every_group_of_fields_is_amended_and_nothing_else() {
    let office = Office::found().await;
    let child = office.register(OFFICER, &[full()]).await[0];
    restate(&office, child, |facts| facts.name = "单可欣".into()).await;
    restate(&office, child, |facts| {
        facts.household = division(LONGQUAN_VILLAGE)
    })
    .await;
    restate(&office, child, |facts| {
        let id = resident_id(date(2013, 7, 6), 9);
        (facts.birth, facts.sex, facts.resident_id) = (Some(id.birth()), Some(Sex::Male), Some(id));
    })
    .await;
    restate(&office, child, |facts| {
        facts.national_number = Some("虚构编号2".into());
        facts.ethnicity = Some("回族".into());
        facts.address = Some(Hidden::new("虚构路二号"));
        facts.note = Some(Hidden::new("改"));
    })
    .await;
    restate(&office, child, |facts| {
        (facts.school_stage, facts.boarding) = (Some("初中".into()), Some(false))
    })
    .await;
    restate(&office, child, |facts| {
        facts.health = Some("重病".into());
        facts.disability_kind = Some("听力".into());
        facts.disability_level = Some("一级".into());
        facts.illness = Some("虚构病".into());
    })
    .await;
    restate(&office, child, |facts| {
        (facts.bank_name, facts.bank_account) = (
            Some("另一银行".into()),
            Some(Hidden::new("6222021611110099")),
        );
    })
    .await;
    restate(&office, child, |facts| {
        facts.relatives[0].phone = Some(Hidden::new("13811110077"));
        let father = Relative {
            relation: Relation::Father,
            name: Some("虚构父亲".into()),
            resident_id: None,
            phone: None,
            works_at: None,
        };
        facts.relatives.insert(0, father);
    })
    .await;
    office.close().await;
}

#[tokio::test]
async fn a_child_that_gets_its_id_is_found_by_it_and_by_its_name_still() {
    let office = Office::found().await;
    let without_id = Child::named("虚构乙", JINGHE_VILLAGE);
    let child = office
        .register(OFFICER, std::slice::from_ref(&without_id))
        .await[0];
    let id = resident_id(date(2012, 6, 5), 5);
    restate(&office, child, |facts| facts.resident_id = Some(id.clone())).await;
    let sealer = office.store.sealer();
    let mut work = office.work(OFFICER).await;
    let by_name = store::registry::likeness(sealer, &without_id.facts);
    let by_id = child_index(sealer, id.reveal());
    for (ids, likenesses) in [(vec![by_id], vec![]), (vec![], vec![by_name])] {
        let found = known(&mut work, &ids, &likenesses).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].child, found[0].resident_id), (child, Some(by_id)));
    }
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn a_child_is_seen_and_found_where_it_lives_too_and_stays_so_under_a_new_name() {
    let office = Office::found().await;
    let child = office.register(OFFICER, &[full()]).await[0];
    for statement in [
        "UPDATE registry_person SET residence_division = $1",
        "UPDATE registry_name_key SET residence_division = $1",
    ] {
        let moved = sqlx::query(statement).bind(SHANTING_VILLAGE);
        moved.execute(&office.database.owner).await.unwrap();
    }
    restate(&office, child, |facts| facts.name = "虚构新名".into()).await;
    for (persona, sees) in [
        (Persona::ShantingOfficer, true),
        (Persona::JingheSupervisor, true),
        (Persona::HomeStaff, false),
    ] {
        let mut work = office.work(persona).await;
        let found = search(&mut work, "虚构新").await.unwrap();
        assert_eq!(!found.is_empty(), sees, "{persona:?}");
        assert_eq!(file(&office, persona, child).await.is_some(), sees);
    }
    office.close().await;
}

/// Guardians of a child in the order of their days: name, first day, day of the end.
async fn guardians(office: &Office, child: ChildId) -> Vec<(String, Date, Option<Date>)> {
    let rows = sqlx::query("SELECT name, from_day::text AS begins, to_day::text AS ends FROM registry_guardian WHERE child_id = $1 ORDER BY from_day, to_day NULLS LAST")
        .bind(child.uuid())
        .fetch_all(&office.database.owner)
        .await
        .unwrap();
    let day = |text: String| text.parse().unwrap();
    rows.iter()
        .map(|row| {
            (
                row.get("name"),
                day(row.get("begins")),
                row.get::<Option<String>, _>("ends").map(day),
            )
        })
        .collect()
}

#[tokio::test]
async fn guardians_follow_one_another_and_a_new_phone_is_no_new_guardian() {
    let office = Office::found().await;
    let child = office.register(OFFICER, &[full()]).await[0];
    let first = file(&office, OFFICER, child).await.unwrap().guardian;
    let same = restate(&office, child, |facts| {
        facts.guardian_phone = Some(Hidden::new("13811110066"))
    })
    .await;
    assert_eq!(same.guardian, first);

    let before = file(&office, OFFICER, child).await.unwrap();
    let mut stated = before.facts.clone();
    stated.guardian_name = Some("虚构姑母".into());
    stated.guardian_relation = Some("姑母".into());
    let on = date(2021, 12, 1);
    apply(&office, &before, &stated, on).await.unwrap();
    let after = file(&office, OFFICER, child).await.unwrap();
    assert_eq!(after.facts, stated);
    assert_ne!(after.guardian, first);
    let expected = [
        ("虚构祖父".to_owned(), TODAY, Some(on)),
        ("虚构姑母".to_owned(), on, None),
    ];
    assert_eq!(guardians(&office, child).await, expected);
    office.close().await;
}

#[tokio::test]
async fn a_child_without_a_guardian_gets_one() {
    let office = Office::found().await;
    let child = office
        .register(OFFICER, &[Child::named("虚构乙", JINGHE_VILLAGE)])
        .await[0];
    assert!(guardians(&office, child).await.is_empty());
    restate(&office, child, |facts| {
        facts.guardian_name = Some("虚构祖母".into())
    })
    .await;
    assert_eq!(
        guardians(&office, child).await,
        [("虚构祖母".to_owned(), TODAY, None)]
    );
    office.close().await;
}

#[tokio::test]
async fn a_file_that_changed_since_it_was_read_is_stale() {
    let office = Office::found().await;
    let child = office.register(OFFICER, &[full()]).await[0];
    let read = file(&office, OFFICER, child).await.unwrap();
    restate(&office, child, |facts| facts.health = Some("健康".into())).await;
    let mut stated = read.facts.clone();
    stated.note = Some(Hidden::new("迟到的改动"));
    assert!(matches!(
        apply(&office, &read, &stated, TODAY).await,
        Err(StoreError::Stale)
    ));
    let file = file(&office, OFFICER, child).await.unwrap();
    assert_eq!(
        (file.facts.health.as_deref(), file.facts.note),
        (Some("健康"), Some(Hidden::new("虚构备注")))
    );
    office.close().await;
}

#[tokio::test]
async fn a_file_beyond_reach_is_not_found_even_by_who_read_it_once() {
    let office = Office::found().await;
    let child = office.register(OFFICER, &[full()]).await[0];
    let read = file(&office, OFFICER, child).await.unwrap();
    let mut stated = read.facts.clone();
    stated.note = Some(Hidden::new("越界"));
    let amendment = amend(&read.facts, None, &stated, false).unwrap();
    let mut work = office.work(Persona::ShantingOfficer).await;
    let amended = Amended {
        file: &read,
        amendment: Some(&amendment),
        status: None,
        on: TODAY,
        row: None,
    };
    assert!(matches!(
        work.apply(&amended).await,
        Err(StoreError::NotFound)
    ));
    drop(work);
    office.close().await;
}
