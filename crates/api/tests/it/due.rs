//! What falls due, and the orders of a list.

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use kernel::category::Category::{DeFactoUnattended, LeftBehind};
use serde_json::{Value, json};
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, TODAY};

use crate::desk::{Desk, OFFICER};

fn born(years: i32, days: i32) -> Date {
    TODAY
        .saturating_sub(years.years())
        .saturating_add(days.days())
}

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_age_that_ends_a_status_is_told_of_a_month_ahead_and_when_it_is_late() {
    let desk = Desk::open().await;
    let child = |name: &str, birth, class| {
        Child::named(name, JINGHE_VILLAGE)
            .born(birth)
            .status(class, TODAY)
    };
    let children = [
        child("虚构已满", born(18, -1), DeFactoUnattended),
        child("虚构今日", born(18, 0), DeFactoUnattended),
        child("虚构下周", born(18, 10), DeFactoUnattended),
        child("虚构留守", born(16, 20), LeftBehind),
        child("虚构尚早", born(18, 40), DeFactoUnattended),
        child("虚构十六", born(16, 5), DeFactoUnattended),
    ];
    desk.office.register(OFFICER, &children).await;
    let (_, due) = desk
        .get(Persona::JingheSupervisor, "/api/registry/due")
        .await;
    assert_eq!(
        names(&due),
        ["虚构已满", "虚构今日", "虚构下周", "虚构留守"]
    );
    let counts = ["late", "at_hand", "coming"].map(|stands| due[stands].clone());
    assert_eq!(counts, [json!(1), json!(1), json!(2)]);
    assert_eq!(due["items"][3]["category"], "left_behind");
    assert_eq!(due["waiting"]["count"], 0);
    let (_, elsewhere) = desk
        .get(Persona::ShantingOfficer, "/api/registry/due")
        .await;
    assert_eq!(names(&elsewhere), [""; 0]);
    desk.office.close().await;
}

#[tokio::test]
async fn a_list_keeps_its_order_from_page_to_page() {
    let desk = Desk::open().await;
    let child = |name: &str, village, birth| Child::named(name, village).born(birth);
    let children = [
        child("虚构甲", LONGQUAN_VILLAGE, born(10, 0)),
        child("虚构乙", JINGHE_VILLAGE, born(3, 0)),
        child("虚构丙", JINGHE_VILLAGE, born(15, 0)),
        child("虚构丁", LONGQUAN_VILLAGE, born(10, 1)),
        Child::named("虚构不详", JINGHE_VILLAGE).born(None),
    ];
    // An id begins with its moment: one after the other, so that the newest is known.
    for child in children {
        desk.office.clock.advance(SignedDuration::from_secs(1));
        desk.office.register(OFFICER, &[child]).await;
    }
    for (order, expected) in [
        (
            "names",
            ["虚构丙", "虚构不详", "虚构丁", "虚构甲", "虚构乙"],
        ),
        (
            "oldest",
            ["虚构丙", "虚构甲", "虚构丁", "虚构乙", "虚构不详"],
        ),
        (
            "youngest",
            ["虚构不详", "虚构乙", "虚构丁", "虚构甲", "虚构丙"],
        ),
        (
            "newest",
            ["虚构不详", "虚构丁", "虚构丙", "虚构乙", "虚构甲"],
        ),
    ] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/registry/children?limit=2&order={order}{cursor}");
            let (_, page) = desk.get(OFFICER, &path).await;
            seen.extend(names(&page).into_iter().map(str::to_owned));
            let Some(next) = page["next"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, expected, "{order}");
    }
    let (status, told) = desk
        .get(OFFICER, "/api/registry/children?order=taller")
        .await;
    assert_eq!((status.as_u16(), &told["field"]), (422, &json!("order")));
    desk.office.close().await;
}
