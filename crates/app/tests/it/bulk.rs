//! Rows that one bad neighbour must not keep out.

use testkit::ledgers;
use testkit::office::Persona;

use crate::desk::{AUTUMN, Desk, Line, ledger};

#[tokio::test]
async fn a_hostile_cell_keeps_nobody_out() {
    let desk = Desk::new().await;
    let mut lines: Vec<Line> = (0..300)
        .map(|n| Line::of(&format!("虚构{n}")).id(n))
        .collect();
    lines[200].remark = "空\u{0}字".into();
    lines[201].name = "长".repeat(3_000);
    lines[202].remark = "注".repeat(30_000);
    lines[203].guardian = "名\u{0}字".into();
    lines[204].category = "\u{202e}孤儿";
    let imported = desk.import(&lines, AUTUMN).await;
    assert_eq!(imported.registered, 300);
    assert_eq!(desk.census().await.count(), 300);
    desk.close().await;
}

#[tokio::test]
async fn a_number_of_the_national_system_given_twice_keeps_nobody_out() {
    let desk = Desk::new().await;
    let text = String::from_utf8(ledger(&[
        Line::of("虚构甲").id(11).remark("3704810001"),
        Line::of("虚构乙").id(12).remark("3704810001"),
    ]))
    .unwrap()
    .replace("备注", "全国儿童福利信息系统编号");
    let imported = desk
        .try_bytes(Persona::TengzhouOfficer, text.as_bytes(), AUTUMN)
        .await
        .unwrap();
    assert_eq!(imported.registered, 2);
    desk.close().await;
}

#[tokio::test]
async fn thousands_of_rows_are_taken_in_and_recognised() {
    let desk = Desk::new().await;
    let content = ledgers::csv(0, 4_500).into_bytes();
    let officer = Persona::TengzhouOfficer;
    let first = desk.try_bytes(officer, &content, AUTUMN).await.unwrap();
    assert_eq!((first.registered, first.work_items), (4_500, 0));
    let census = desk.census().await;
    assert_eq!(census.contradictions, [""; 0]);
    let again = desk.try_bytes(officer, &content, AUTUMN).await.unwrap();
    assert_eq!((again.registered, again.unchanged), (0, 4_500));
    assert_eq!(desk.census().await, census);
    desk.close().await;
}
