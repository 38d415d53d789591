//! The history of a file, for whoever may open it: what changed, who looked, and nothing about anybody else's child.

use axum::http::StatusCode;
use kernel::category::Category::{AidsAffected, DeFactoUnattended};
use serde_json::{Value, json};
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, TODAY};

use crate::desk::{Desk, OFFICER};

const PURPOSE: &str = "purpose=%E8%B5%B0%E8%AE%BF";

/// The actions of a page of history, the latest first.
fn actions(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_supervisor_reads_what_the_county_changed_and_who_opened_the_file() {
    let desk = Desk::open().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE).with_id(1);
    let child = desk.office.register(OFFICER, &[child]).await[0];
    let file = format!("/api/registry/children/{child}");
    let edit =
        json!({ "version": 1, "fields": { "school": "虚构中学", "address": "虚构路 1 号" } });
    let (status, told) = desk.send("PATCH", &file, edit).await;
    assert!(status.is_success(), "{told}");
    let (_, _) = desk.get(OFFICER, &format!("{file}?{PURPOSE}")).await;

    let (status, page) = desk
        .get(
            Persona::JingheSupervisor,
            &format!("{file}/history?{PURPOSE}"),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert_eq!(
        actions(&page),
        ["registry.child_edited", "registry.child_registered"]
    );
    let edited = &page["items"][0];
    assert_eq!(edited["after"]["school"], "虚构中学");
    assert_eq!(
        edited["after"]["address"], "changed",
        "a sealed value stays sealed"
    );
    assert!(
        edited["officer"]
            .as_str()
            .unwrap()
            .contains("TengzhouOfficer")
    );

    let (_, looks) = desk
        .get(
            Persona::JingheSupervisor,
            &format!("{file}/history?kind=looks&{PURPOSE}"),
        )
        .await;
    // The look at the history above is one of them.
    assert_eq!(
        actions(&looks),
        ["registry.history_read", "registry.file_opened"]
    );
    assert_eq!(looks["items"][0]["purpose"], "走访");

    let page_by_page = format!("{file}/history?kind=all&limit=1&{PURPOSE}");
    let (_, first) = desk.get(Persona::JingheSupervisor, &page_by_page).await;
    let next = first["next"].as_str().unwrap();
    let (_, second) = desk
        .get(
            Persona::JingheSupervisor,
            &format!("{page_by_page}&cursor={next}"),
        )
        .await;
    assert_eq!(actions(&second), ["registry.history_read"]);
    assert!(second["items"][0]["seq"].as_i64() < first["items"][0]["seq"].as_i64());
    desk.office.close().await;
}

#[tokio::test]
async fn whoever_does_not_see_the_child_reads_no_history() {
    let desk = Desk::open().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE).with_id(1);
    let child = desk.office.register(OFFICER, &[child]).await[0];
    let history = format!("/api/registry/children/{child}/history?{PURPOSE}");
    for persona in [Persona::ShantingOfficer, Persona::Admin, Persona::Auditor] {
        let (status, _) = desk.get(persona, &history).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{persona:?}");
    }
    let (_, all) = desk.get(OFFICER, &format!("{history}&kind=all")).await;
    // The refusals stand in it for those who answer for the child.
    let refused = all["items"].as_array().unwrap().iter();
    assert!(
        refused.filter(|entry| entry["refused"] == true).count() >= 1,
        "{all}"
    );
    for odd in ["kind=everything", "limit=0", "cursor=x"] {
        let (status, _) = desk.get(OFFICER, &format!("{history}&{odd}")).await;
        assert!(status.is_client_error(), "{odd}");
    }
    desk.office.close().await;
}

#[tokio::test]
async fn a_colleague_who_is_not_named_reads_nothing_of_a_sealed_status() {
    let desk = Desk::open().await;
    let child = Child::named("虚构密", LONGQUAN_VILLAGE)
        .with_id(3)
        .status(AidsAffected, TODAY)
        .status(DeFactoUnattended, TODAY);
    let child = desk.office.register(OFFICER, &[child]).await[0];
    let history = format!("/api/registry/children/{child}/history?kind=all&{PURPOSE}");
    let (status, named) = desk.get(OFFICER, &history).await;
    assert_eq!(status, StatusCode::OK);
    assert!(named.to_string().contains("aids_affected"));
    let (status, colleague) = desk.get(Persona::TengzhouColleague, &history).await;
    assert_eq!(
        status,
        StatusCode::OK,
        "the open status brings the child into view"
    );
    assert!(
        !colleague.to_string().contains("aids_affected"),
        "{colleague}"
    );
    desk.office.close().await;
}
