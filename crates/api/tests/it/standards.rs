//! Standards over HTTP: the scan of the document that sets one, added by its proposer and read by everyone who sees it.

use axum::body::Body;
use axum::http::StatusCode;
use kernel::roles::Role;
use serde_json::{Value, json};
use testkit::office::{Persona, TENGZHOU};

use crate::desk::{Desk, OFFICER};

const STANDARDS: &str = "/api/allowances/standards";
/// The first and the last lines of a PDF, in base64, and their length.
const SCAN: (&str, i64) = ("JVBERi0xLjcKc3RhcnR4cmVmCjkKJSVFT0YK", 27);

/// A desk, and where the scan of a rate is that its county's officer proposed.
async fn proposed() -> (Desk, String) {
    let desk = Desk::open().await;
    let draft = json!({
        "class": "key_hardship", "place": TENGZHOU, "monthly": "1210.00", "from": "2022-01", "document_title": "关于提高标准的通知（虚构）",
    });
    let (status, told) = desk.send("POST", STANDARDS, draft).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    let id = told["id"].as_str().unwrap();
    let scan = format!("{STANDARDS}/{id}/scan");
    (desk, scan)
}

/// The only rate of an office, as this persona is told of it.
async fn listed(desk: &Desk, persona: Persona) -> Value {
    let (status, told) = desk.get(persona, STANDARDS).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    told["items"][0].clone()
}

async fn code_of(desk: &Desk, persona: Persona, path: &str, content: &str) -> (u16, Value) {
    let body = Body::from(json!({ "content": content }).to_string());
    let (status, told) = desk.ask(persona, "PUT", path, body, "").await;
    (status.as_u16(), told["code"].clone())
}

#[tokio::test]
async fn a_scan_is_added_once_by_the_proposer_and_read_by_whoever_sees_the_rate() {
    let (desk, scan) = proposed().await;
    let row = listed(&desk, OFFICER).await;
    assert_eq!(
        (&row["scan"], &row["acts"]),
        (&Value::Null, &json!(["attach", "withdraw"]))
    );
    let colleague = Persona::TengzhouColleague;
    assert_eq!(listed(&desk, colleague).await["acts"], json!(["withdraw"]));
    let (status, told) = desk.get(OFFICER, &scan).await;
    assert_eq!(
        (status.as_u16(), &told["code"]),
        (409, &json!("standard.no_scan"))
    );
    for (persona, content, expected) in [
        (colleague, SCAN.0, (409, json!("standard.another"))),
        (Persona::CityOfficer, SCAN.0, (409, json!("standard.role"))),
        (Persona::JingheSupervisor, SCAN.0, (404, json!("not_found"))),
        (OFFICER, "PGh0bWw+", (409, json!("document.media_type"))),
        (OFFICER, "", (409, json!("document.size"))),
        (OFFICER, "???", (422, json!("invalid"))),
        (OFFICER, SCAN.0, (204, Value::Null)),
        (OFFICER, SCAN.0, (409, json!("standard.scanned"))),
    ] {
        let told = code_of(&desk, persona, &scan, content).await;
        assert_eq!(told, expected, "{persona:?} {content}");
    }
    let row = listed(&desk, OFFICER).await;
    let kept = json!({ "media_type": "application/pdf", "bytes": SCAN.1 });
    assert_eq!((&row["scan"], &row["acts"]), (&kept, &json!(["withdraw"])));
    for (persona, expected) in [
        (colleague, 200),
        (Persona::ShantingOfficer, 200),
        (Persona::Auditor, 200),
        (Persona::JingheSupervisor, 404),
        (Persona::Admin, 404),
    ] {
        let (status, _) = desk.get(persona, &scan).await;
        assert_eq!(status.as_u16(), expected, "{persona:?}");
    }
    let read = desk
        .office
        .journalled_as("allowances.standard_scan_read")
        .await;
    assert_eq!(read.len(), 3);
    let added = desk
        .office
        .journalled_as("allowances.standard_scan_added")
        .await;
    assert!(
        added.len() == 1 && added[0].contains("application/pdf"),
        "{added:?}"
    );
    desk.office.close().await;
}

#[tokio::test]
async fn nothing_is_added_to_a_rate_that_was_published() {
    let (desk, scan) = proposed().await;
    let colleague = desk.office.officer_of(Persona::TengzhouColleague).await;
    let unit = desk.office.unit(OFFICER);
    let approver = desk
        .office
        .second_post(colleague, unit, Role::CountyApprover)
        .await;
    let publication = scan.replace("/scan", "/publication");
    let body = Body::from(json!({ "verified": true }).to_string());
    let published = desk.ask_as(&approver, "POST", &publication, body, "");
    assert_eq!(published.await.0, StatusCode::NO_CONTENT);
    let told = code_of(&desk, OFFICER, &scan, SCAN.0).await;
    assert_eq!(told, (409, json!("standard.decided")));
    let row = listed(&desk, OFFICER).await;
    assert_eq!(
        (&row["state"], &row["scan"]),
        (&json!("published"), &Value::Null)
    );
    desk.office.close().await;
}
