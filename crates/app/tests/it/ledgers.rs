//! Ledgers that list the same children: nobody is doubled, nobody is missed.

use std::ops::ControlFlow;

use kernel::category::Category::{LeftBehind, ScatteredOrphan};
use ledger::Limits;
use ledger::read::Workbook;
use testkit::office::{Persona, SHANTING_VILLAGE, division};

use crate::desk::{AUTUMN, Desk, Line, OTHER_VILLAGE, SUMMER, counts, sound};

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let desk = Desk::new().await;
    let lines = [
        Line::of("虚构甲").id(11).guardian("虚构乙", "13800000000"),
        Line::of("虚构丙").raw_id("370481201206050000"),
        Line::of("虚构丁"),
        Line::of("虚构丁"),
        Line::of("虚构戊").category("某某儿童"),
        Line::of(""),
    ];
    let first = desk.import(&lines, AUTUMN).await;
    assert_eq!(
        (first.registered, first.left_out.as_slice()),
        (5, [7].as_slice())
    );
    let before = desk.census().await;
    let again = desk.import(&lines, AUTUMN).await;
    assert_eq!(counts(&again), [0, 0, 0, 5, 0, 1, 0]);
    assert_eq!(desk.census().await, before);
    desk.close().await;
}

#[tokio::test]
async fn a_child_in_two_ledgers_is_linked_and_holds_both_statuses() {
    let desk = Desk::new().await;
    desk.import(&[Line::of("虚构甲").id(11)], AUTUMN).await;
    let left_behind = [Line::of("虚构甲").id(11).category("农村留守儿童")];
    let linked = desk.import(&left_behind, AUTUMN).await;
    assert_eq!(counts(&linked), [0, 1, 0, 0, 0, 0, 0]);
    let mut classes: Vec<_> = desk
        .file("虚构甲")
        .await
        .statuses
        .iter()
        .map(|status| (status.category, status.from))
        .collect();
    classes.sort();
    assert_eq!(classes, [(ScatteredOrphan, AUTUMN), (LeftBehind, AUTUMN)]);
    assert_eq!(desk.census().await.count(), 1);
    desk.close().await;
}

#[tokio::test]
async fn two_cash_classes_on_one_day_are_an_officers_to_settle() {
    let desk = Desk::new().await;
    desk.import(&[Line::of("虚构甲").id(11)], AUTUMN).await;
    let other = [Line::of("虚构甲").id(11).category("事实无人抚养儿童")];
    let conflict = desk.import(&other, AUTUMN).await;
    assert_eq!(counts(&conflict), [0, 0, 1, 0, 0, 0, 1]);
    let census = desk.census().await;
    assert_eq!(census.work_items["category.conflict"], 1);
    let statuses = desk.file("虚构甲").await.statuses;
    assert_eq!((statuses.len(), statuses[0].category), (1, ScatteredOrphan));
    assert_eq!(
        counts(&desk.import(&other, AUTUMN).await),
        [0, 0, 0, 1, 0, 0, 0]
    );
    assert_eq!(desk.census().await, census);
    desk.close().await;
}

#[tokio::test]
async fn an_id_on_file_under_another_name_is_left_out_and_marked() {
    let desk = Desk::new().await;
    desk.import(&[Line::of("虚构甲").id(11)], SUMMER).await;
    let before = desk.file("虚构甲").await.facts;
    let other = desk
        .import(
            &[Line::of("虚构己").id(12), Line::of("虚构乙").id(11)],
            AUTUMN,
        )
        .await;
    assert_eq!(
        (other.registered, other.left_out.as_slice()),
        (1, [3].as_slice())
    );
    assert!(other.left_out_workbook.is_some());
    assert_eq!(desk.file("虚构甲").await.facts, before);
    assert!(
        desk.files_as(Persona::TengzhouOfficer, "虚构乙")
            .await
            .is_empty()
    );
    desk.close().await;
}

#[tokio::test]
async fn a_row_of_a_street_that_another_unit_serves_is_left_out_and_marked() {
    let desk = Desk::new().await;
    let street = division(OTHER_VILLAGE).town().unwrap();
    desk.office
        .give_away(Persona::TengzhouOfficer, street)
        .await;
    let lines = [
        Line::of("虚构甲").id(11),
        Line::of("虚构乙").id(12).village(OTHER_VILLAGE),
        Line::of("虚构丙").id(13),
    ];
    let imported = desk.import(&lines, AUTUMN).await;
    assert_eq!(
        (imported.registered, imported.left_out.as_slice()),
        (2, [3].as_slice())
    );
    assert_eq!(desk.census().await.count(), 2);

    let bytes = imported.left_out_workbook.unwrap();
    let mut marked = Workbook::from_bytes("marked.xlsx", bytes, &Limits::default()).unwrap();
    let mut cells = Vec::new();
    marked
        .rows(0, &mut |row| {
            cells.extend(row.cells.iter().map(|cell| cell.display().into_owned()));
            ControlFlow::Continue(())
        })
        .unwrap();
    let holds = |text: &str| cells.iter().any(|cell| cell.contains(text));
    assert!(holds("虚构乙"), "{cells:?}");
    assert!(!holds("虚构甲") && !holds("虚构丙"), "{cells:?}");
    desk.close().await;
}

#[tokio::test]
async fn a_child_of_another_county_is_not_doubled_and_nothing_is_told_of_it() {
    let desk = Desk::new().await;
    let there = Line::of("虚构甲").id(11).village(SHANTING_VILLAGE);
    desk.import_as(
        Persona::ShantingOfficer,
        &[there.guardian("虚构乙", "13800000000")],
        SUMMER,
    )
    .await;
    let here = [Line::of("虚构甲").id(11), Line::of("虚构丙").id(12)];
    let imported = desk.import(&here, AUTUMN).await;
    assert_eq!(counts(&imported), [1, 0, 0, 0, 1, 0, 1]);
    assert!(
        desk.files_as(Persona::TengzhouOfficer, "虚构甲")
            .await
            .is_empty()
    );
    let census = desk.census().await;
    assert_eq!(
        (census.count(), census.work_items["child.known_elsewhere"]),
        (2, 1)
    );
    // Even as another day's ledger the same row opens no second item.
    let november = jiff::civil::date(2021, 11, 3);
    assert_eq!(
        counts(&desk.import(&here, AUTUMN).await),
        [0, 0, 0, 1, 1, 0, 0]
    );
    assert_eq!(desk.census().await, census);
    assert_eq!(
        counts(&desk.import(&here, november).await),
        [0, 0, 0, 1, 1, 0, 0]
    );
    assert_eq!(desk.census().await.work_items, census.work_items);
    desk.close().await;
}

#[tokio::test]
async fn two_rows_that_agree_in_all_but_the_id_are_two_children_for_an_officer() {
    let desk = Desk::new().await;
    let lines = [
        Line::of("虚构甲"),
        Line::of("虚构甲").guardian("虚构乙", ""),
    ];
    let first = desk.import(&lines, SUMMER).await;
    assert_eq!(first.registered, 2);
    let census = desk.census().await;
    assert_eq!(census.work_items["child.ambiguous"], 1);
    assert_eq!(
        counts(&desk.import(&lines, SUMMER).await),
        [0, 0, 0, 2, 0, 0, 0]
    );
    assert_eq!(desk.census().await, census);
    // Next time the rows have changed, and nothing says which is which: still two children, and nobody's file is touched.
    // That neither has an id waits to be cleared already.
    let changed = [
        Line::of("虚构甲").remark("转学"),
        Line::of("虚构甲").guardian("虚构乙", "").remark("转学"),
    ];
    let before = desk.census().await.children;
    let again = desk.import(&changed, AUTUMN).await;
    assert_eq!(counts(&again), [0, 0, 2, 0, 0, 0, 2]);
    let after = desk.census().await;
    assert_eq!((after.count(), after.children), (2, before));
    assert_eq!(after.work_items["child.ambiguous"], 3);
    desk.close().await;
}

#[tokio::test]
async fn a_child_that_gets_its_id_is_found_by_it_within_the_same_file() {
    let desk = Desk::new().await;
    desk.import(&[Line::of("虚构甲")], SUMMER).await;
    let twice = [Line::of("虚构甲").id(11), Line::of("虚构甲").id(11)];
    let imported = desk.import(&twice, AUTUMN).await;
    assert_eq!((imported.registered, imported.changed), (0, 1));
    let file = desk.file("虚构甲").await;
    assert_eq!(file.facts.resident_id, Some(sound(11)));
    desk.close().await;
}

#[tokio::test]
async fn a_child_that_moved_to_another_village_is_the_same_child() {
    let desk = Desk::new().await;
    desk.import(&[Line::of("虚构甲").id(11)], SUMMER).await;
    let moved = [Line::of("虚构甲").id(11).village(OTHER_VILLAGE)];
    assert_eq!(
        counts(&desk.import(&moved, AUTUMN).await),
        [0, 1, 0, 0, 0, 0, 0]
    );
    let file = desk.file("虚构甲").await;
    assert_eq!(file.facts.household.code(), OTHER_VILLAGE);
    desk.close().await;
}

#[tokio::test]
async fn a_row_whose_id_is_wrong_is_the_child_on_file_that_has_the_right_one() {
    let desk = Desk::new().await;
    desk.import(&[Line::of("虚构甲").id(11)], SUMMER).await;
    let child = desk.file("虚构甲").await.child;
    let mistyped = Line::of("虚构甲")
        .raw_id("370481201206050001")
        .remark("转学");
    let imported = desk.import(&[mistyped], AUTUMN).await;
    assert_eq!(counts(&imported), [0, 1, 0, 0, 0, 0, 1]);
    let file = desk.file("虚构甲").await;
    assert_eq!(
        (file.child, file.facts.resident_id),
        (child, Some(sound(11)))
    );
    assert_eq!(desk.census().await.count(), 1);
    desk.close().await;
}

#[tokio::test]
async fn another_id_under_the_same_name_and_birth_is_another_child_for_an_officer() {
    let desk = Desk::new().await;
    desk.import(&[Line::of("虚构甲").id(11)], SUMMER).await;
    let other = [Line::of("虚构甲").id(12)];
    let imported = desk.import(&other, AUTUMN).await;
    assert_eq!(counts(&imported), [1, 0, 0, 0, 0, 0, 1]);
    let census = desk.census().await;
    assert_eq!(
        (census.count(), census.work_items["child.ambiguous"]),
        (2, 1)
    );
    assert_eq!(
        counts(&desk.import(&other, AUTUMN).await),
        [0, 0, 0, 1, 0, 0, 0]
    );
    desk.close().await;
}
