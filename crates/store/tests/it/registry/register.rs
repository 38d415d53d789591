//! Registering: what goes in comes out, sealed on the way.

use domain::registry::Hidden;
use jiff::civil::date;
use kernel::category::Category::{LeftBehind, ScatteredOrphan};
use kernel::resident_id::Sex;
use store::error::StoreError;
use store::registry::{Registered, child_index, known, likeness};
use testkit::Office;
use testkit::builders::{Child, resident_id};
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING_VILLAGE, TODAY};

use super::{file, keys_follow_names};

/// A child with every fact that a file can hold.
pub(super) fn full() -> Child {
    let mut child = Child::named("虚构甲", JINGHE_VILLAGE)
        .with_id(1)
        .guardian("虚构祖父", "13811110001")
        .mother("虚构母亲", "13811110002");
    let facts = &mut child.facts;
    facts.guardian_resident_id = Some(Hidden::new(resident_id(date(1950, 1, 1), 2).reveal()));
    facts.relatives[0].resident_id = Some(Hidden::new(resident_id(date(1985, 1, 1), 3).reveal()));
    facts.relatives[0].works_at = Some("苏州".into());
    facts.national_number = Some("虚构编号1".into());
    facts.ethnicity = Some("汉族".into());
    facts.address = Some(Hidden::new("虚构路一号"));
    facts.school_stage = Some("小学".into());
    facts.boarding = Some(true);
    facts.health = Some("残疾".into());
    facts.disability_kind = Some("肢体".into());
    facts.disability_level = Some("二级".into());
    facts.illness = Some("无".into());
    facts.bank_name = Some("虚构银行".into());
    facts.bank_account = Some(Hidden::new("6222021611110003"));
    facts.note = Some(Hidden::new("虚构备注"));
    child
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_stated() {
    let office = Office::found().await;
    let child = full()
        .status(ScatteredOrphan, date(2020, 3, 1))
        .status(LeftBehind, date(2021, 3, 1));
    let id = office
        .register(Persona::TengzhouOfficer, std::slice::from_ref(&child))
        .await[0];
    let file = file(&office, Persona::TengzhouOfficer, id).await.unwrap();
    assert_eq!(file.facts, child.facts);
    assert_eq!(
        (file.version, file.sealed, file.guardian.is_some()),
        (1, false, true)
    );
    assert_eq!(
        file.statuses
            .iter()
            .map(|status| status.from)
            .collect::<Vec<_>>(),
        [date(2020, 3, 1), date(2021, 3, 1)]
    );
    let (county, serial) = file.file_number.split_once('-').unwrap();
    assert_eq!((county, serial.len()), ("370481", 7));
    keys_follow_names(&office).await;
    office.close().await;
}

#[tokio::test]
async fn a_child_of_whom_only_name_and_village_are_known_is_on_file_and_found_by_them() {
    let office = Office::found().await;
    let child = Child::named("虚构乙", JINGHE_VILLAGE);
    let id = office
        .register(Persona::TengzhouOfficer, std::slice::from_ref(&child))
        .await[0];
    assert_eq!(
        file(&office, Persona::TengzhouOfficer, id)
            .await
            .unwrap()
            .facts,
        child.facts
    );
    let digest = likeness(office.store.sealer(), &child.facts);
    for (persona, expected) in [
        (Persona::TengzhouOfficer, Some(id)),
        (Persona::ShantingOfficer, None),
    ] {
        let mut work = office.work(persona).await;
        let found = known(&mut work, &[], &[digest]).await.unwrap();
        assert_eq!(
            found.first().map(|known| known.child),
            expected,
            "{persona:?}"
        );
    }
    office.close().await;
}

#[tokio::test]
async fn one_batch_holds_many_children_and_one_id_is_one_child() {
    let office = Office::found().await;
    let names = [
        "曾小明",
        "单可",
        "吕芳",
        "欧阳虚构",
        "阿卜杜·热西提",
        "王𠮷",
    ];
    let children: Vec<Child> = (1..)
        .zip(names)
        .map(|(serial, name)| Child::named(name, LONGQUAN_VILLAGE).with_id(serial))
        .collect();
    let ids = office.register(Persona::TengzhouOfficer, &children).await;
    for (id, child) in ids.iter().zip(&children) {
        assert_eq!(
            file(&office, Persona::TengzhouOfficer, *id)
                .await
                .unwrap()
                .facts,
            child.facts
        );
    }
    keys_follow_names(&office).await;

    let mut work = office.work(Persona::TengzhouOfficer).await;
    let digest = child_index(
        office.store.sealer(),
        resident_id(date(2012, 6, 5), 3).reveal(),
    );
    assert_eq!(
        known(&mut work, &[digest], &[]).await.unwrap()[0].child,
        ids[2]
    );
    let again = Child::named("虚构他", LONGQUAN_VILLAGE)
        .with_id(3)
        .registration(&office.store);
    let refused = work.apply(&Registered(&[again])).await;
    assert!(matches!(refused, Err(StoreError::Database(_))));
    drop(work);
    office.close().await;
}

#[tokio::test]
async fn nobody_registers_a_child_beyond_reach() {
    let office = Office::found().await;
    for persona in [
        Persona::TengzhouOfficer,
        Persona::JingheSupervisor,
        Persona::HomeStaff,
        Persona::Auditor,
        Persona::Admin,
    ] {
        let mut work = office.work(persona).await;
        let child = Child::named("虚构山", SHANTING_VILLAGE).registration(&office.store);
        assert!(
            work.apply(&Registered(&[child])).await.is_err(),
            "{persona:?}"
        );
    }
    let persons: i64 = sqlx::query_scalar("SELECT count(*) FROM registry_person")
        .fetch_one(&office.database.owner)
        .await
        .unwrap();
    assert_eq!(persons, 0);
    office.close().await;
}

#[tokio::test]
async fn the_sexes_and_days_come_from_the_id() {
    let id = resident_id(date(2012, 6, 5), 1);
    assert_eq!((id.birth(), id.sex()), (date(2012, 6, 5), Sex::Male));
    assert_eq!(resident_id(date(2012, 6, 5), 2).sex(), Sex::Female);
    assert!(TODAY > id.birth());
}
