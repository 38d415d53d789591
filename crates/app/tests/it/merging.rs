//! A doubled child joined to its file and parted again.

use app::registry::{
    CaseError, Doubles, FileEdit, Hindrance, RelativeStatement, edit, list, merge, search,
    state_relative, undo_merge,
};
use domain::registry::{Hidden, Relation};
use jiff::civil::date;
use kernel::category::Category::{DeFactoUnattended, LeftBehind, ScatteredOrphan};
use kernel::ids::ChildId;
use store::registry::{ChildFile, ListFilter, count_by_category, files, guardians, spans};
use testkit::Office;
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, TODAY};

const OFFICER: Persona = Persona::TengzhouOfficer;

async fn pair(office: &Office) -> (ChildId, ChildId) {
    let kept = Child::named("虚构甲", JINGHE_VILLAGE)
        .guardian("虚构祖父", "13811110001")
        .status(ScatteredOrphan, date(2021, 6, 1));
    let mut doubled = Child::named("虚构甲", LONGQUAN_VILLAGE)
        .with_id(7)
        .guardian("虚构祖母", "13811110002")
        .mother("虚构母亲", "13811110003")
        .status(ScatteredOrphan, date(2021, 1, 1))
        .status(LeftBehind, date(2021, 3, 1));
    doubled.facts.school = Some("虚构小学".into());
    let ids = office.register(OFFICER, &[kept, doubled]).await;
    (ids[0], ids[1])
}

fn first(kept: ChildId, doubled: ChildId) -> Doubles {
    Doubles {
        kept,
        kept_version: 1,
        doubled,
        doubled_version: 1,
    }
}

async fn both(office: &Office, pair: (ChildId, ChildId)) -> Vec<ChildFile> {
    let mut work = office.work(OFFICER).await;
    let mut files = files(&mut work, &[pair.0, pair.1]).await.unwrap();
    files.sort_by_key(|file| file.child);
    files
}

#[tokio::test]
async fn what_hung_on_the_double_hangs_on_the_child_and_the_double_is_gone() {
    let office = Office::found().await;
    let (kept, doubled) = pair(&office).await;
    let mut work = office.work(OFFICER).await;
    merge(&mut work, first(kept, doubled)).await.unwrap();
    let file = files(&mut work, &[kept]).await.unwrap().pop().unwrap();
    assert!(file.facts.resident_id.is_some());
    assert_eq!(file.facts.school.as_deref(), Some("虚构小学"));
    assert_eq!(file.facts.relatives.len(), 1);
    assert_eq!(file.facts.guardian_name.as_deref(), Some("虚构祖父"));
    let held = spans(&mut work, kept).await.unwrap();
    let days: Vec<_> = held.iter().map(|span| (span.category, span.from)).collect();
    assert_eq!(
        days,
        [
            (LeftBehind, date(2021, 3, 1)),
            (ScatteredOrphan, date(2021, 1, 1))
        ]
    );
    assert_eq!(guardians(&mut work, kept).await.unwrap().len(), 1);

    assert!(files(&mut work, &[doubled]).await.unwrap().is_empty());
    assert_eq!(
        list(&mut work, &ListFilter::on(TODAY), None, 50)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(search(&mut work, "虚构甲").await.unwrap().len(), 1);
    for count in count_by_category(&mut work, TODAY).await.unwrap() {
        assert_eq!(count.children, 1, "{:?}", count.category);
    }
    office.close().await;
}

#[tokio::test]
async fn undoing_restores_both_files_exactly() {
    let office = Office::found().await;
    let (kept, doubled) = pair(&office).await;
    let (before, files_before) = (
        office.file_rows().await,
        both(&office, (kept, doubled)).await,
    );
    let mut work = office.work(OFFICER).await;
    let id = merge(&mut work, first(kept, doubled)).await.unwrap();
    work.commit().await.unwrap();
    assert_ne!(office.file_rows().await, before);
    let mut foreign = office.work(Persona::ShantingOfficer).await;
    assert!(matches!(
        undo_merge(&mut foreign, id).await,
        Err(CaseError::NotFound)
    ));
    let mut work = office.work(OFFICER).await;
    undo_merge(&mut work, id).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(office.file_rows().await, before);
    let files_after = both(&office, (kept, doubled)).await;
    for (one, other) in files_before.iter().zip(&files_after) {
        assert_eq!((&one.facts, &one.statuses), (&other.facts, &other.statuses));
    }
    let mut work = office.work(OFFICER).await;
    let again = undo_merge(&mut work, id).await;
    assert!(matches!(again, Err(CaseError::Hindered(Hindrance::Ended))));
    let expected = [
        "registry.child_registered",
        "registry.children_merged",
        "registry.merge_undone",
    ];
    assert_eq!(office.journal_of(kept.uuid()).await, expected);
    office.close().await;
}

#[tokio::test]
async fn what_was_edited_after_the_merge_stays_when_it_is_undone() {
    let office = Office::found().await;
    let (kept, doubled) = pair(&office).await;
    let mut work = office.work(OFFICER).await;
    let id = merge(&mut work, first(kept, doubled)).await.unwrap();
    let fields = serde_json::json!({ "school": "虚构中学" });
    let change = FileEdit {
        version: 2,
        fields: fields.as_object().unwrap().clone(),
        residence: None,
    };
    edit(&mut work, kept, &change).await.unwrap();
    undo_merge(&mut work, id).await.unwrap();
    work.commit().await.unwrap();
    let files = both(&office, (kept, doubled)).await;
    let school = |child| {
        let file = files.iter().find(|file| file.child == child).unwrap();
        (
            file.facts.school.clone().unwrap(),
            file.facts.resident_id.is_some(),
        )
    };
    assert_eq!(school(kept), ("虚构中学".into(), false));
    assert_eq!(school(doubled), ("虚构小学".into(), true));
    office.close().await;
}

#[tokio::test]
async fn two_ids_are_two_children_and_excluding_classes_are_settled_first() {
    let office = Office::found().await;
    let children = [
        Child::named("虚构甲", JINGHE_VILLAGE).with_id(1),
        Child::named("虚构甲", JINGHE_VILLAGE).with_id(2),
        Child::named("虚构乙", JINGHE_VILLAGE).status(ScatteredOrphan, TODAY),
        Child::named("虚构乙", JINGHE_VILLAGE).status(DeFactoUnattended, TODAY),
    ];
    let ids = office.register(OFFICER, &children).await;
    let mut work = office.work(OFFICER).await;
    for (kept, doubled, expected) in [
        (ids[0], ids[1], Hindrance::TwoIds),
        (ids[2], ids[3], Hindrance::StatusesExclude),
        (ids[2], ids[2], Hindrance::SameFile),
    ] {
        let refused = merge(&mut work, first(kept, doubled)).await;
        assert!(
            matches!(refused, Err(CaseError::Hindered(found)) if found == expected),
            "{refused:?}"
        );
    }
    let stale = Doubles {
        doubled_version: 4,
        ..first(ids[0], ids[2])
    };
    assert!(matches!(
        merge(&mut work, stale).await,
        Err(CaseError::Stale { read: 4, .. })
    ));
    let mut supervisor = office.work(Persona::JingheSupervisor).await;
    let refused = merge(&mut supervisor, first(ids[0], ids[2])).await;
    assert!(matches!(refused, Err(CaseError::NotFound)));
    office.close().await;
}

#[tokio::test]
async fn what_is_said_of_a_relative_after_a_merge_can_be_read() {
    let office = Office::found().await;
    let (kept, doubled) = pair(&office).await;
    let mut work = office.work(OFFICER).await;
    let merged = merge(&mut work, first(kept, doubled)).await.unwrap();
    let stated = RelativeStatement {
        phone: Some(Some(Hidden::new("13811110005"))),
        ..RelativeStatement::default()
    };
    state_relative(&mut work, kept, Relation::Mother, stated)
        .await
        .unwrap();
    let file = files(&mut work, &[kept]).await.unwrap().pop().unwrap();
    let phone = Some(Hidden::new("13811110005"));
    assert_eq!(file.facts.relatives[0].phone, phone);
    undo_merge(&mut work, merged).await.unwrap();
    let file = files(&mut work, &[doubled]).await.unwrap().pop().unwrap();
    assert_eq!(file.facts.relatives[0].phone, phone);
    office.close().await;
}
