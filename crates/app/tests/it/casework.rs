//! Work on one child's file: what changes, who may, and what the journal says.

use app::registry::{
    CaseError, FileEdit, Hindrance, NewChild, NewGuardian, Secret, add_document, edit, end_status,
    enter_guardian, enter_status, list, open, place, read_document, register, reveal,
};
use domain::registry::{EditError, Hidden};
use jiff::civil::date;
use kernel::category::Category::{DeFactoUnattended, LeftBehind, ScatteredOrphan};
use kernel::ids::ChildId;
use serde_json::{Map, Value, json};
use store::registry::{ListFilter, files, guardians, spans};
use testkit::Office;
use testkit::builders::{Child, resident_id};
use testkit::office::{
    JINGHE, JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, SHANTING_VILLAGE, TODAY, division,
};

const OFFICER: Persona = Persona::TengzhouOfficer;

fn change(version: i32, fields: Value) -> FileEdit {
    FileEdit {
        version,
        fields: fields.as_object().unwrap().clone(),
        residence: None,
    }
}

async fn one(office: &Office) -> ChildId {
    let child = Child::named("虚构甲", JINGHE_VILLAGE)
        .with_id(1)
        .guardian("虚构祖父", "13811110001")
        .status(ScatteredOrphan, date(2021, 1, 1));
    office.register(OFFICER, &[child]).await[0]
}

#[tokio::test]
async fn an_edit_on_an_old_version_is_told_what_changed_since() {
    let office = Office::found().await;
    let child = one(&office).await;
    let mut work = office.work(Persona::JingheSupervisor).await;
    let first = change(1, json!({ "school": "虚构小学", "note": "虚构" }));
    assert_eq!(edit(&mut work, child, &first).await.unwrap(), 2);
    work.commit().await.unwrap();
    let mut work = office.work(OFFICER).await;
    let late = edit(&mut work, child, &change(1, json!({ "health": "健康" }))).await;
    let Err(CaseError::Stale { read: 1, since }) = late else {
        panic!("{late:?}")
    };
    assert_eq!((since.len(), since[0].version), (1, 2));
    assert_eq!(since[0].fields, ["note", "school"]);
    let again = change(2, json!({ "health": "健康" }));
    assert_eq!(edit(&mut work, child, &again).await.unwrap(), 3);
    let same = change(3, json!({ "health": "健康" }));
    assert_eq!(edit(&mut work, child, &same).await.unwrap(), 3);
    office.close().await;
}

#[tokio::test]
async fn a_child_cannot_be_edited_out_of_reach_nor_into_anothers_id() {
    let office = Office::found().await;
    let child = one(&office).await;
    let elsewhere = Child::named("虚构乙", SHANTING_VILLAGE).with_id(2);
    office
        .register(Persona::ShantingOfficer, &[elsewhere])
        .await;
    let mut work = office.work(OFFICER).await;
    let hindered = |error: Result<i32, CaseError>| match error {
        Err(CaseError::Hindered(hindrance)) => hindrance,
        other => panic!("{other:?}"),
    };
    let away = change(1, json!({ "household": SHANTING_VILLAGE }));
    assert_eq!(
        hindered(edit(&mut work, child, &away).await),
        Hindrance::LeavesReach
    );
    let id = resident_id(date(2012, 6, 5), 2);
    let taken = change(1, json!({ "resident_id": id.reveal() }));
    assert_eq!(
        hindered(edit(&mut work, child, &taken).await),
        Hindrance::IdTaken
    );
    // Living elsewhere, the child stays the household's as well, and is seen there too.
    let mut moved = change(1, json!({}));
    moved.residence = Some(Some(division(SHANTING_VILLAGE)));
    assert_eq!(edit(&mut work, child, &moved).await.unwrap(), 2);
    work.commit().await.unwrap();
    let mut there = office.work(Persona::ShantingOfficer).await;
    let file = open(&mut there, child).await.unwrap();
    assert_eq!(file.file.residence, Some(division(SHANTING_VILLAGE)));
    office.close().await;
}

#[tokio::test]
async fn a_foreign_unit_sees_and_changes_nothing_and_each_try_is_journalled() {
    let office = Office::found().await;
    let child = one(&office).await;
    for persona in [
        Persona::ShantingOfficer,
        Persona::HomeStaff,
        Persona::Admin,
        Persona::Auditor,
    ] {
        let mut work = office.work(persona).await;
        let not_found = [
            edit(&mut work, child, &change(1, json!({ "health": "健康" })))
                .await
                .map(drop),
            reveal(&mut work, child, Secret::ResidentId).await.map(drop),
            enter_status(&mut work, child, LeftBehind, TODAY, None)
                .await
                .map(drop),
            add_document(&mut work, child, "scan", "户口簿", b"x")
                .await
                .map(drop),
        ];
        for answer in not_found {
            assert!(
                matches!(answer, Err(CaseError::NotFound)),
                "{persona:?} {answer:?}"
            );
        }
        let listed = list(&mut work, &ListFilter::on(TODAY), None, 50).await;
        assert!(listed.map_or(true, |page| page.is_empty()), "{persona:?}");
    }
    let journal = office.journal_of(child.uuid()).await;
    let refused = journal.iter().filter(|entry| entry.ends_with("(refused)"));
    assert_eq!(refused.count(), 16);
    office.close().await;
}

#[tokio::test]
async fn a_secret_is_shown_one_at_a_time_and_the_journal_names_it_without_its_value() {
    let office = Office::found().await;
    let child = one(&office).await;
    let mut work = office.work(OFFICER).await;
    let guardian = guardians(&mut work, child).await.unwrap()[0].id;
    let phone = reveal(&mut work, child, Secret::GuardianPhone(guardian)).await;
    assert_eq!(phone.unwrap(), "13811110001");
    let none = reveal(&mut work, child, Secret::BankAccount).await;
    assert!(matches!(none, Err(CaseError::NotFound)));
    work.commit().await.unwrap();
    let entries = office.journalled_as("registry.secret_revealed").await;
    assert_eq!(entries, [r#"{"field": "guardian_phone"}"#]);
    office.close().await;
}

#[tokio::test]
async fn guardians_statuses_and_placements_follow_their_days() {
    let office = Office::found().await;
    let child = one(&office).await;
    let mut work = office.work(OFFICER).await;
    let aunt = NewGuardian {
        name: "虚构姑母".into(),
        relation: Some("姑母".into()),
        resident_id: None,
        phone: Some(Hidden::new("13811110009")),
        from: TODAY,
    };
    enter_guardian(&mut work, child, aunt).await.unwrap();
    let days: Vec<_> = guardians(&mut work, child)
        .await
        .unwrap()
        .iter()
        .map(|g| g.to)
        .collect();
    assert_eq!(days, [None, Some(TODAY)]);

    let clash = enter_status(&mut work, child, DeFactoUnattended, TODAY, None).await;
    assert!(matches!(
        clash,
        Err(CaseError::Hindered(Hindrance::StatusClash))
    ));
    let held = spans(&mut work, child).await.unwrap()[0].id;
    let early = end_status(&mut work, child, held, date(2020, 1, 1)).await;
    assert!(matches!(early, Err(CaseError::Hindered(Hindrance::Days))));
    end_status(&mut work, child, held, TODAY).await.unwrap();
    enter_status(&mut work, child, DeFactoUnattended, TODAY, None)
        .await
        .unwrap();
    enter_status(&mut work, child, LeftBehind, TODAY, None)
        .await
        .unwrap();

    place(&mut work, child, office.unit(Persona::HomeStaff), TODAY)
        .await
        .unwrap();
    work.commit().await.unwrap();
    let mut home = office.work(Persona::HomeStaff).await;
    let page = list(&mut home, &ListFilter::on(TODAY), None, 50)
        .await
        .unwrap();
    assert_eq!((page.len(), page[0].child), (1, child));
    assert_eq!(page[0].categories, [DeFactoUnattended, LeftBehind]);
    // A look that somebody else gave is not made to last by placing the child with oneself.
    let again = place(&mut home, child, office.unit(Persona::HomeStaff), TODAY).await;
    assert!(matches!(
        again,
        Err(CaseError::Hindered(Hindrance::NotAnswerable))
    ));
    office.close().await;
}

#[tokio::test]
async fn a_document_is_what_its_type_says_and_comes_back_whole() {
    let office = Office::found().await;
    let child = one(&office).await;
    let mut work = office.work(OFFICER).await;
    let pdf = b"%PDF-1.4\n1 0 obj <<>> endobj\nstartxref\n9\n%%EOF\n";
    let no_picture = b"\x89PNG\r\n\x1a\n a picture";
    let sound = b"RIFF\x24\0\0\0WAVEfmt ";
    for bytes in [&b"MZ"[..], b"<svg/>", b"", sound, no_picture] {
        let refused = add_document(&mut work, child, "scan", "户口簿", bytes).await;
        assert!(matches!(refused, Err(CaseError::Hindered(_))), "{bytes:?}");
    }
    let id = add_document(&mut work, child, "scan", "户口簿", pdf)
        .await
        .unwrap();
    let (document, content) = read_document(&mut work, child, id).await.unwrap();
    assert_eq!(
        (
            document.title.as_str(),
            document.media_type.as_str(),
            content.as_slice()
        ),
        ("户口簿", "application/pdf", &pdf[..])
    );
    office.close().await;
}

#[tokio::test]
async fn a_child_registered_by_hand_is_listed_where_it_belongs_page_by_page() {
    let office = Office::found().await;
    let mut work = office.work(OFFICER).await;
    let mut made = Vec::new();
    for (number, village) in [
        (1, LONGQUAN_VILLAGE),
        (2, JINGHE_VILLAGE),
        (3, JINGHE_VILLAGE),
    ] {
        let id = resident_id(date(2012, 6, 5), number);
        let fields = json!({ "resident_id": id.reveal(), "school": "虚构小学" });
        let new = NewChild {
            name: format!("虚构{number}"),
            household: division(village),
            fields: fields.as_object().unwrap().clone(),
            status: Some((ScatteredOrphan, TODAY)),
        };
        made.push(register(&mut work, &new).await.unwrap());
        let twice = register(&mut work, &new).await;
        assert!(matches!(
            twice,
            Err(CaseError::Hindered(Hindrance::IdTaken))
        ));
    }
    let filter = ListFilter::on(TODAY);
    let (mut seen, mut after) = (Vec::new(), None);
    while let Some(child) = list(&mut work, &filter, after, 1).await.unwrap().pop() {
        after = Some(child.cursor());
        seen.push(child.child);
    }
    assert_eq!(seen, [made[1], made[2], made[0]]);
    let mut narrow = filter;
    (narrow.within, narrow.sex) = (Some(division(JINGHE)), Some(kernel::resident_id::Sex::Male));
    let page = list(&mut work, &narrow, None, 50).await.unwrap();
    assert_eq!(page.iter().map(|c| c.child).collect::<Vec<_>>(), [made[2]]);
    narrow.category = Some(LeftBehind);
    assert!(list(&mut work, &narrow, None, 50).await.unwrap().is_empty());
    office.close().await;
}

/// A slip of the hand in a code or a year, by an officer who registers and corrects.
#[tokio::test]
async fn a_place_that_is_not_there_and_a_year_before_anything_are_refused() {
    let office = Office::found().await;
    let child = one(&office).await;
    let mut work = office.work(OFFICER).await;
    let nowhere = division(370_481_999_999);
    let new = |household, from, fields: Value| NewChild {
        name: "虚构寅".into(),
        household,
        fields: fields.as_object().unwrap().clone(),
        status: Some((LeftBehind, from)),
    };
    let home = division(JINGHE_VILLAGE);
    let hindered = |answer: Result<(), CaseError>| match answer {
        Err(CaseError::Hindered(hindrance)) => hindrance,
        other => panic!("{other:?}"),
    };
    for (wrong, hindrance) in [
        (new(nowhere, TODAY, json!({})), Hindrance::NoSuchPlace),
        (
            new(division(SHANTING_VILLAGE), TODAY, json!({})),
            Hindrance::NotYourPlace,
        ),
        (new(home, date(0, 1, 1), json!({})), Hindrance::Days),
        (new(home, date(1899, 12, 31), json!({})), Hindrance::Days),
    ] {
        let answer = register(&mut work, &wrong).await.map(drop);
        assert_eq!(hindered(answer), hindrance, "{wrong:?}");
    }
    let unborn = new(home, TODAY, json!({ "birth": "0000-05-05" }));
    assert!(matches!(
        register(&mut work, &unborn).await,
        Err(CaseError::Edit(EditError::Misfit("birth")))
    ));
    let away = change(1, json!({ "household": 370_481_999_999_i64 }));
    let mut lives = change(1, json!({}));
    lives.residence = Some(Some(division(110_101_999_999)));
    for wrong in [away, lives] {
        let answer = edit(&mut work, child, &wrong).await.map(drop);
        assert_eq!(hindered(answer), Hindrance::NoSuchPlace, "{wrong:?}");
    }
    let early = enter_status(&mut work, child, LeftBehind, date(0, 1, 1), None).await;
    assert_eq!(hindered(early.map(drop)), Hindrance::Days);
    let first = enter_status(&mut work, child, LeftBehind, date(1900, 1, 1), None).await;
    assert!(first.is_ok());
    drop(work);
    office.close().await;
}

/// The household of a child moves to another county: the old office keeps a residence beside it, and the new one takes over.
#[tokio::test]
async fn a_child_that_moves_away_is_handed_over_and_never_out_of_sight() {
    let office = Office::found().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE).with_id(1);
    let child = office.register(OFFICER, &[child]).await[0];
    let moved = json!({ "household": SHANTING_VILLAGE });
    let away = |residence: Option<i64>| FileEdit {
        version: 1,
        fields: moved.as_object().unwrap().clone(),
        residence: residence.map(|there| Some(division(there))),
    };
    let mut work = office.work(OFFICER).await;
    let refused = edit(&mut work, child, &away(None)).await;
    let leaves = matches!(refused, Err(CaseError::Hindered(Hindrance::LeavesReach)));
    assert!(leaves, "{refused:?}");
    edit(&mut work, child, &away(Some(JINGHE_VILLAGE)))
        .await
        .unwrap();
    work.commit().await.unwrap();
    let mut work = office.work(Persona::ShantingOfficer).await;
    let taken_over = FileEdit {
        version: 2,
        fields: Map::new(),
        residence: Some(None),
    };
    edit(&mut work, child, &taken_over).await.unwrap();
    work.commit().await.unwrap();
    let mut work = office.work(OFFICER).await;
    assert!(files(&mut work, &[child]).await.unwrap().is_empty());
    drop(work);
    office.close().await;
}
