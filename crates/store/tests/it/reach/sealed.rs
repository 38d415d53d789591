//! The sealed child: it does not exist, for everyone but its named officers.

use domain::registry::StatusDecision;
use kernel::category::Category::{self, AidsAffected, LeftBehind, Migrant, ScatteredOrphan};
use kernel::ids::{ChildId, OfficerId};
use kernel::roles::Role;
use store::registry::{
    Amended, ChildFile, FileConfided, HistoryKind, confide, count_by_category, files, history,
    named_officers, search,
};
use testkit::Office;
use testkit::builders::{Child, resident_id};
use testkit::office::{JINGHE_VILLAGE, Persona, TODAY};

use super::scene::{Caller, HALF_SEALED, OF_JINGHE, SEALED, Scene};

const EVERYBODY_ELSE: [Persona; 7] = [
    Persona::TengzhouColleague,
    Persona::JingheSupervisor,
    Persona::CityOfficer,
    Persona::ShantingOfficer,
    Persona::HomeStaff,
    Persona::Auditor,
    Persona::Admin,
];

async fn file(office: &Office, persona: Persona, child: ChildId) -> Option<ChildFile> {
    let mut work = office.work(persona).await;
    files(&mut work, &[child]).await.unwrap().pop()
}

/// Whether any of the ways to search finds a child of this name.
async fn finds(office: &Office, persona: Persona, name: &str, serial: u16) -> bool {
    let mut work = office.work(persona).await;
    let id = resident_id(jiff::civil::date(2012, 6, 5), serial);
    let mut found = false;
    for text in [name, "xugou", "xg", id.reveal()] {
        let hits = search(&mut work, text).await.unwrap();
        found |= hits.iter().any(|hit| hit.name == name);
    }
    found
}

async fn counted(office: &Office, persona: Persona, category: Category) -> i64 {
    let mut work = office.work(persona).await;
    let counts = count_by_category(&mut work, TODAY).await.unwrap();
    let count = counts.iter().find(|count| count.category == category);
    count.map_or(0, |count| count.children)
}

/// Puts a child that this persona sees into a class.
async fn place(
    office: &Office,
    persona: Persona,
    child: ChildId,
    category: Category,
    decision: StatusDecision,
) {
    let file = file(office, persona, child)
        .await
        .expect("the persona sees the child");
    let mut work = office.work(persona).await;
    let amended = Amended {
        file: &file,
        amendment: None,
        status: Some((category, decision)),
        on: TODAY,
        row: None,
    };
    work.apply(&amended).await.unwrap();
    work.commit().await.unwrap();
}

/// Whether the person is sealed; its search keys must say the same.
async fn is_sealed(office: &Office, child: ChildId) -> bool {
    let (person, keys): (bool, Vec<bool>) = sqlx::query_as(
        "SELECT p.sealed, array_agg(DISTINCT k.sealed) FROM registry_person p JOIN registry_name_key k ON k.person_id = p.id
         WHERE p.id = $1 GROUP BY p.sealed",
    )
    .bind(child.uuid())
    .fetch_one(&office.database.owner)
    .await
    .unwrap();
    assert_eq!(keys, [person]);
    person
}

/// How many journal entries about the child, or about its work items, the caller reads.
async fn entries(caller: &Caller, child: ChildId) -> usize {
    let statement = format!(
        "SELECT seq::text FROM journal_entry WHERE subject_id = '{child}' OR after->>'child' = '{child}'"
    );
    caller.ask(&statement).await.unwrap().len()
}

#[tokio::test]
async fn it_is_seen_found_counted_and_read_about_by_its_named_officer_alone() {
    let scene = Scene::set().await;
    let (office, child) = (&scene.office, scene.child(SEALED));
    let named = Persona::TengzhouOfficer;
    let seen = file(office, named, child)
        .await
        .expect("its named officer sees it");
    assert!(seen.sealed);
    assert_eq!(seen.statuses[0].category, AidsAffected);
    assert!(finds(office, named, SEALED, 3).await);
    assert_eq!(counted(office, named, AidsAffected).await, 2);
    for persona in EVERYBODY_ELSE {
        assert!(file(office, persona, child).await.is_none(), "{persona:?}");
        assert!(!finds(office, persona, SEALED, 3).await, "{persona:?}");
        assert_eq!(
            counted(office, persona, AidsAffected).await,
            0,
            "{persona:?}"
        );
    }
    for caller in scene
        .callers()
        .await
        .iter()
        .filter(|caller| caller.persona.is_some())
    {
        let reads = entries(caller, child).await;
        assert_eq!(
            reads > 0,
            caller.persona == Some(named),
            "{}: {reads}",
            caller.name
        );
    }
    scene.office.close().await;
}

#[tokio::test]
async fn another_open_status_brings_it_into_view_without_the_sealed_one() {
    let scene = Scene::set().await;
    let (office, child) = (&scene.office, scene.child(HALF_SEALED));
    for (persona, statuses) in [
        (Persona::TengzhouOfficer, vec![AidsAffected, LeftBehind]),
        (Persona::TengzhouColleague, vec![LeftBehind]),
        (Persona::JingheSupervisor, vec![LeftBehind]),
        (Persona::CityOfficer, vec![LeftBehind]),
    ] {
        let file = file(office, persona, child).await.expect("in view");
        let mut seen: Vec<Category> = file.statuses.iter().map(|status| status.category).collect();
        seen.sort();
        assert_eq!(seen, statuses, "{persona:?}");
        assert_eq!(counted(office, persona, LeftBehind).await, 1, "{persona:?}");
        assert!(finds(office, persona, HALF_SEALED, 4).await, "{persona:?}");
    }
    // The row of the ledger that stated the sealed status stays with the named officer, and so does that ledger.
    for caller in scene.callers().await {
        let rows = caller
            .ask(&format!(
                "SELECT id::text FROM registry_ledger_row WHERE child_id = '{child}'"
            ))
            .await;
        let ledgers = caller
            .ask("SELECT id::text FROM registry_ledger WHERE sealed")
            .await;
        let named = caller.persona == Some(Persona::TengzhouOfficer);
        assert_eq!(
            rows.is_ok_and(|rows| !rows.is_empty()),
            named,
            "{}",
            caller.name
        );
        assert_eq!(
            ledgers.is_ok_and(|ledgers| !ledgers.is_empty()),
            named,
            "{}",
            caller.name
        );
    }
    scene.office.close().await;
}

#[tokio::test]
async fn the_seal_follows_the_statuses() {
    let scene = Scene::set().await;
    let (office, child) = (&scene.office, scene.child(SEALED));
    let named = Persona::TengzhouOfficer;
    assert!(is_sealed(office, child).await);
    place(office, named, child, LeftBehind, StatusDecision::Open).await;
    assert!(
        !is_sealed(office, child).await,
        "a second open status brings it into view"
    );
    assert!(
        file(office, Persona::JingheSupervisor, child)
            .await
            .is_some()
    );

    // The colleague, who knows nothing of the seal, changes the care status.
    let colleague = Persona::TengzhouColleague;
    place(
        office,
        colleague,
        child,
        Migrant,
        StatusDecision::Replace(LeftBehind),
    )
    .await;
    assert!(!is_sealed(office, child).await);

    let end = format!(
        "UPDATE registry_span SET to_day = '2021-11-04' WHERE child_id = '{child}' AND category = 'migrant'"
    );
    let mut connection = office.bare_connection(colleague).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(end))
        .execute(&mut connection)
        .await
        .unwrap();
    drop(connection);
    assert!(
        is_sealed(office, child).await,
        "its end puts the seal back, whoever ends it"
    );
    assert!(file(office, colleague, child).await.is_none());
    scene.office.close().await;
}

#[tokio::test]
async fn a_child_on_file_becomes_sealed_and_whoever_enters_that_is_named() {
    let scene = Scene::set().await;
    let (office, child) = (&scene.office, scene.child(OF_JINGHE));
    let colleague = Persona::TengzhouColleague;
    let auditor = office.bare_token(Persona::Auditor).await;
    assert!(
        file(office, Persona::JingheSupervisor, child)
            .await
            .is_some()
    );
    place(
        office,
        colleague,
        child,
        AidsAffected,
        StatusDecision::Replace(ScatteredOrphan),
    )
    .await;
    assert!(is_sealed(office, child).await);
    assert!(
        file(office, colleague, child)
            .await
            .is_some_and(|file| file.sealed)
    );
    for persona in [
        Persona::TengzhouOfficer,
        Persona::JingheSupervisor,
        Persona::CityOfficer,
    ] {
        assert!(file(office, persona, child).await.is_none(), "{persona:?}");
    }
    assert!(!auditor.is_empty());
    for caller in scene
        .callers()
        .await
        .iter()
        .filter(|caller| caller.persona.is_some())
    {
        let reads = entries(caller, child).await;
        assert_eq!(
            reads > 0,
            caller.persona == Some(colleague),
            "what was journalled before is out of sight: {}",
            caller.name
        );
    }
    scene.office.close().await;
}

#[tokio::test]
async fn only_a_role_that_sees_sealed_children_can_enter_one_and_nobody_joins_unasked() {
    let scene = Scene::set().await;
    let office = &scene.office;
    let mut work = office.work(Persona::JingheSupervisor).await;
    let child = Child::named("虚构新", JINGHE_VILLAGE).status(AidsAffected, TODAY);
    let batch = [child.registration(&office.store)];
    assert!(
        work.apply(&store::registry::Registered(&batch))
            .await
            .is_err()
    );
    drop(work);

    let half = file(office, Persona::TengzhouColleague, scene.child(HALF_SEALED))
        .await
        .unwrap();
    let mut work = office.work(Persona::TengzhouColleague).await;
    let amended = Amended {
        file: &half,
        amendment: None,
        status: Some((AidsAffected, StatusDecision::Open)),
        on: TODAY,
        row: None,
    };
    assert!(
        work.apply(&amended).await.is_err(),
        "the child is confided to another officer"
    );
    scene.office.close().await;
}

#[tokio::test]
async fn a_sealed_status_that_ended_leaves_the_child_sealed() {
    let office = Office::found().await;
    let children = [
        Child::named("虚构终", JINGHE_VILLAGE).ended_status(
            AidsAffected,
            TODAY.yesterday().unwrap(),
            TODAY,
        ),
        Child::named("虚构转", JINGHE_VILLAGE)
            .ended_status(AidsAffected, TODAY.yesterday().unwrap(), TODAY)
            .status(ScatteredOrphan, TODAY),
    ];
    let ids = office.register(Persona::TengzhouOfficer, &children).await;
    assert!(is_sealed(&office, ids[0]).await);
    assert!(!is_sealed(&office, ids[1]).await);
    assert!(
        file(&office, Persona::JingheSupervisor, ids[0])
            .await
            .is_none()
    );
    assert!(
        file(&office, Persona::JingheSupervisor, ids[1])
            .await
            .is_some()
    );
    office.close().await;
}

#[tokio::test]
async fn a_sealed_child_in_the_home_is_not_the_homes_to_see() {
    let office = Office::found().await;
    let home = office.unit(Persona::HomeStaff);
    let child = Child::named("虚构院密", JINGHE_VILLAGE)
        .status(AidsAffected, TODAY)
        .placed_in(home);
    let ids = office.register(Persona::TengzhouOfficer, &[child]).await;
    assert!(
        file(&office, Persona::TengzhouOfficer, ids[0])
            .await
            .is_some()
    );
    assert!(file(&office, Persona::HomeStaff, ids[0]).await.is_none());
    let mut connection = office.bare_connection(Persona::HomeStaff).await;
    let granted: i64 = sqlx::query_scalar("SELECT count(*) FROM auth.granted()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(granted, 0, "not even its id");
    drop(connection);
    office.close().await;
}

/// Whether this persona can let an officer know of a child; nothing comes of it.
async fn confides(office: &Office, by: Persona, child: ChildId, whom: OfficerId) -> bool {
    let mut work = office.work(by).await;
    confide(&mut work, child, whom).await.unwrap()
}

/// Lets an officer know of a child, as its named officer.
async fn let_know(office: &Office, child: ChildId, whom: OfficerId) {
    let named = Persona::TengzhouOfficer;
    let file = file(office, named, child).await.unwrap();
    let mut work = office.work(named).await;
    assert!(confide(&mut work, child, whom).await.unwrap());
    let confided = FileConfided {
        file: &file,
        colleague: whom,
    };
    work.apply(&confided).await.unwrap();
    work.commit().await.unwrap();
}

/// Who knows of a child, as this persona is told.
async fn knowing(office: &Office, persona: Persona, child: ChildId) -> Vec<OfficerId> {
    let mut work = office.work(persona).await;
    let named = named_officers(&mut work, child).await.unwrap();
    named.iter().map(|one| one.officer).collect()
}

#[tokio::test]
async fn its_named_officer_alone_lets_others_know_and_only_who_may_see_it_in_the_same_unit() {
    let scene = Scene::set().await;
    let office = &scene.office;
    let (named, unit) = (
        Persona::TengzhouOfficer,
        office.unit(Persona::TengzhouOfficer),
    );
    let colleague = office.officer_of(Persona::TengzhouColleague).await;
    for child in [scene.child(SEALED), scene.child(HALF_SEALED)] {
        for persona in EVERYBODY_ELSE {
            let told = confides(office, persona, child, colleague).await;
            assert!(!told, "{persona:?}");
        }
        // In the unit itself a post that sees nothing sealed is no reason to know of it.
        let treasurer = office.officer_of(Persona::HomeStaff).await;
        office
            .second_post(treasurer, unit, Role::FinanceOfficer)
            .await;
        for persona in [
            Persona::HomeStaff,
            Persona::ShantingOfficer,
            Persona::JingheSupervisor,
            Persona::CityOfficer,
        ] {
            let whom = office.officer_of(persona).await;
            assert!(!confides(office, named, child, whom).await, "{persona:?}");
        }
        assert!(confides(office, named, child, colleague).await);
    }
    let plain = scene.child(OF_JINGHE);
    assert!(!confides(office, named, plain, colleague).await);

    let gone = "UPDATE organisation_appointment SET to_day = from_day - 1 WHERE officer_id = $1";
    sqlx::query(gone)
        .bind(colleague.uuid())
        .execute(scene.owner())
        .await
        .unwrap();
    let left = confides(office, named, scene.child(SEALED), colleague).await;
    assert!(!left, "whoever holds the post no longer");
    scene.office.close().await;
}

#[tokio::test]
async fn a_colleague_who_was_let_know_sees_it_and_who_else_does_and_can_let_others_know() {
    let scene = Scene::set().await;
    let office = &scene.office;
    let (named, told) = (Persona::TengzhouOfficer, Persona::TengzhouColleague);
    let [me, colleague] = [
        office.officer_of(named).await,
        office.officer_of(told).await,
    ];
    for child in [scene.child(SEALED), scene.child(HALF_SEALED)] {
        assert_eq!(knowing(office, named, child).await, [me]);
        for persona in EVERYBODY_ELSE {
            assert!(
                knowing(office, persona, child).await.is_empty(),
                "{persona:?}"
            );
        }
        let_know(office, child, colleague).await;
        // Told twice he knows it once.
        assert!(confides(office, named, child, colleague).await);
        let mut both = knowing(office, told, child).await;
        both.sort();
        let mut expected = [me, colleague];
        expected.sort();
        assert_eq!(both, expected);
        assert!(confides(office, told, child, me).await);
        for persona in &EVERYBODY_ELSE[1..] {
            assert!(
                knowing(office, *persona, child).await.is_empty(),
                "{persona:?}"
            );
        }
    }
    assert!(file(office, told, scene.child(SEALED)).await.is_some());
    assert!(finds(office, told, SEALED, 3).await);
    assert_eq!(counted(office, told, AidsAffected).await, 2);
    let plain = scene.child(OF_JINGHE);
    assert!(knowing(office, named, plain).await.is_empty());

    // That somebody was let know is itself known to those alone who know.
    let entries = "SELECT seq::text FROM journal_entry WHERE action = 'registry.file_confided'";
    for caller in scene.callers().await {
        let read = caller.ask(entries).await.map_or(0, |rows| rows.len());
        let wrote = caller.persona == Some(named);
        assert_eq!(read, if wrote { 2 } else { 0 }, "{}", caller.name);
    }
    for persona in [named, told, Persona::JingheSupervisor, Persona::CityOfficer] {
        let mut work = office.work(persona).await;
        let child = scene.child(HALF_SEALED);
        let entries = history(&mut work, child, HistoryKind::Changes, None, 50).await;
        let actions = entries.unwrap().into_iter().map(|entry| entry.action);
        let read = actions.filter(|action| action == "registry.file_confided");
        let knows = [named, told].contains(&persona);
        assert_eq!(read.count(), usize::from(knows), "{persona:?}");
    }
    scene.office.close().await;
}
