//! Ledgers that say something new of a child: what changes is journalled, and nothing an officer put right is undone.

use domain::registry::{Hidden, amend};
use jiff::civil::date;
use kernel::category::Category::{DeFactoUnattended, ScatteredOrphan};
use store::registry::Amended;
use testkit::office::Persona;

use crate::desk::{AUTUMN, Desk, Line, SUMMER, counts, sound};

#[tokio::test]
async fn a_missing_id_is_filled_in_by_the_corrected_file() {
    let desk = Desk::new().await;
    let pending = desk
        .import(&[Line::of("虚构甲").guardian("虚构乙", "")], AUTUMN)
        .await;
    assert_eq!(counts(&pending), [1, 0, 0, 0, 0, 0, 1]);
    assert_eq!(desk.census().await.work_items["field.missing"], 1);
    let child = desk.file("虚构甲").await.child;
    let corrected = [Line::of("虚构甲").id(11).guardian("虚构乙", "")];
    assert_eq!(
        counts(&desk.import(&corrected, AUTUMN).await),
        [0, 1, 0, 0, 0, 0, 0]
    );
    let file = desk.file("虚构甲").await;
    assert_eq!(
        (file.child, file.facts.resident_id),
        (child, Some(sound(11)))
    );
    assert_eq!(desk.census().await.journal["registry.child_amended"], 1);
    desk.close().await;
}

#[tokio::test]
async fn an_id_fills_in_a_child_whose_birth_was_not_known_where_the_family_agrees() {
    let desk = Desk::new().await;
    let unborn = |name: &str| Line::of(name).birth("");
    desk.import(
        &[
            unborn("虚构甲").guardian("虚构乙", ""),
            unborn("虚构丙").guardian("虚构丁", ""),
        ],
        SUMMER,
    )
    .await;
    let corrected = [
        unborn("虚构甲").id(11).guardian("虚构乙", ""),
        unborn("虚构丙").id(12).guardian("虚构戊", ""),
    ];
    let imported = desk.import(&corrected, AUTUMN).await;
    assert_eq!((imported.registered, imported.changed), (1, 1));
    assert_eq!(
        desk.file("虚构甲").await.facts.birth,
        Some(date(2012, 6, 5))
    );
    // Another guardian: perhaps another child, and an officer says.
    assert_eq!(
        desk.files_as(Persona::TengzhouOfficer, "虚构丙")
            .await
            .len(),
        2
    );
    assert_eq!(desk.census().await.work_items["child.ambiguous"], 1);
    desk.close().await;
}

#[tokio::test]
async fn a_new_phone_is_journalled_without_its_digits() {
    let desk = Desk::new().await;
    desk.import(
        &[Line::of("虚构甲").id(11).guardian("虚构乙", "13800000000")],
        SUMMER,
    )
    .await;
    let changed = [Line::of("虚构甲").id(11).guardian("虚构乙", "13911111111")];
    assert_eq!(
        counts(&desk.import(&changed, AUTUMN).await),
        [0, 1, 0, 0, 0, 0, 0]
    );
    let file = desk.file("虚构甲").await;
    assert_eq!(file.facts.guardian_phone, Some(Hidden::new("13911111111")));
    desk.close().await;
}

#[tokio::test]
async fn a_later_ledger_moves_a_child_to_another_class() {
    let desk = Desk::new().await;
    let line = || Line::of("虚构甲").id(11);
    desk.import(&[line().category("事实无人抚养儿童")], SUMMER)
        .await;
    assert_eq!(
        counts(&desk.import(&[line()], AUTUMN).await),
        [0, 1, 0, 0, 0, 0, 0]
    );
    let statuses = desk.file("虚构甲").await.statuses;
    assert_eq!(
        (statuses.len(), statuses[0].category, statuses[0].from),
        (1, ScatteredOrphan, AUTUMN)
    );
    let census = desk.census().await;
    assert_eq!(census.journal["registry.status_changed"], 1);
    assert!(
        census.children[0].contains("de_facto_unattended 2021-07-31 2021-10-31"),
        "{:?}",
        census.children
    );
    // The older ledger again, with a word changed: it knows nothing newer.
    let older = [line().category("事实无人抚养儿童").remark("补录")];
    let again = desk.import(&older, SUMMER).await;
    assert_eq!(again.registered, 0);
    let statuses = desk.file("虚构甲").await.statuses;
    assert_eq!((statuses.len(), statuses[0].category), (1, ScatteredOrphan));
    assert_ne!(statuses[0].category, DeFactoUnattended);
    desk.close().await;
}

#[tokio::test]
async fn what_an_officer_corrected_is_not_undone_by_a_ledger_that_repeats_itself() {
    let desk = Desk::new().await;
    let line = || Line::of("虚构错").id(11).guardian("虚构误", "");
    desk.import(&[line()], SUMMER).await;
    let file = desk.file("虚构错").await;
    let mut right = file.facts.clone();
    right.name = "虚构正".into();
    right.guardian_name = Some("虚构准".into());
    let amendment = amend(&file.facts, None, &right, false).unwrap();
    let mut work = desk.office.work(Persona::TengzhouOfficer).await;
    work.apply(&Amended {
        file: &file,
        amendment: Some(&amendment),
        status: None,
        on: AUTUMN,
        row: None,
    })
    .await
    .unwrap();
    work.commit().await.unwrap();
    // A ledger of another kind says less; then the first comes again with something new in it.
    desk.import(
        &[Line::of("虚构正").id(11).category("农村留守儿童")],
        AUTUMN,
    )
    .await;
    let news = desk
        .import(&[line().remark("转学")], date(2021, 11, 3))
        .await;
    assert_eq!(counts(&news), [0, 1, 0, 0, 0, 0, 0]);
    let facts = desk.file("虚构正").await.facts;
    assert_eq!(facts.guardian_name.as_deref(), Some("虚构准"));
    assert_eq!(facts.note, Some(Hidden::new("转学")));
    desk.close().await;
}
