//! Rows with faults: what is in doubt stays empty and waits, sealed, for an officer; only rows that name no child wait outside.

use store::registry::cells_raised;
use testkit::office::Persona;

use crate::desk::{AUTUMN, Desk, Line, counts, ledger};

#[tokio::test]
async fn a_doubtful_field_stays_empty_and_its_cell_is_kept_sealed() {
    let desk = Desk::new().await;
    let doubtful = [
        Line::of("虚构甲").raw_id("370481201206050000"),
        Line::of("虚构乙").id(12).guardian("虚构丙", "1380000"),
        Line::of("虚构丁").id(13).birth("2012-06-06"),
        Line::of("虚构戊").id(14).category("某某儿童"),
    ];
    let imported = desk.import(&doubtful, AUTUMN).await;
    assert_eq!(counts(&imported), [4, 0, 0, 0, 0, 0, 4]);
    let items = desk.census().await.work_items;
    for code in [
        "id.checksum",
        "phone.invalid",
        "id.birth_mismatch",
        "category.unknown",
    ] {
        assert_eq!(items.get(code), Some(&1), "{items:?}");
    }
    assert_eq!(desk.file("虚构甲").await.facts.resident_id, None);
    assert_eq!(desk.file("虚构乙").await.facts.guardian_phone, None);
    assert_eq!(desk.file("虚构丁").await.facts.birth, None);
    assert!(desk.file("虚构戊").await.statuses.is_empty());
    let mut work = desk.office.work(Persona::TengzhouOfficer).await;
    let kept = cells_raised(&mut work, "id.checksum").await.unwrap();
    assert_eq!((kept.len(), kept[0].raw.trim()), (1, "370481201206050000"));
    drop(work);
    desk.close().await;
}

#[tokio::test]
async fn a_child_affected_by_aids_is_its_officers_alone() {
    let desk = Desk::new().await;
    let lines = [
        Line::of("虚构密").id(11).category("受艾滋病影响儿童"),
        Line::of("虚构丙").id(12),
        Line::of(""),
    ];
    let imported = desk.import(&lines, AUTUMN).await;
    assert_eq!(imported.registered, 2);
    assert!(desk.file("虚构密").await.sealed);
    for persona in [
        Persona::TengzhouColleague,
        Persona::JingheSupervisor,
        Persona::CityOfficer,
    ] {
        assert!(
            desk.files_as(persona, "虚构密").await.is_empty(),
            "{persona:?}"
        );
        assert_eq!(
            desk.files_as(persona, "虚构丙").await.len(),
            1,
            "{persona:?}"
        );
    }
    let workbook = imported.left_out_workbook.unwrap();
    let mut book =
        ledger::read::Workbook::from_bytes("x", workbook, &ledger::Limits::default()).unwrap();
    book.rows(0, &mut |row| {
        let told = row.cells.iter().any(|cell| cell.display().contains('密'));
        assert!(!told, "a row that is in is in no workbook");
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    // A colleague who imports the same ledger learns nothing and doubles nobody.
    let again = desk
        .import_as(Persona::TengzhouColleague, &lines, AUTUMN)
        .await;
    assert_eq!((again.registered, again.elsewhere), (0, 1));
    desk.close().await;
}

#[tokio::test]
async fn an_officer_without_the_right_imports_nothing() {
    let desk = Desk::new().await;
    let before = desk.census().await.children;
    for persona in [
        Persona::CityOfficer,
        Persona::JingheSupervisor,
        Persona::Admin,
    ] {
        let refused = desk
            .try_bytes(persona, &ledger(&[Line::of("虚构甲")]), AUTUMN)
            .await
            .unwrap_err();
        assert_eq!(kernel::explain::Explain::code(&refused), "import.not_yours");
    }
    assert_eq!(desk.census().await.children, before);
    desk.close().await;
}
