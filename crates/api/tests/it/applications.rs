//! Applications over HTTP: the window, the county, and what nobody else may notice.

use axum::body::Body;
use axum::http::StatusCode;
use kernel::roles::Role;
use serde_json::{Value, json};
use store::session::SessionToken;
use testkit::builders::resident_id;
use testkit::crowd::Member;
use testkit::office::{JINGHE, JINGHE_VILLAGE, Persona, TENGZHOU};

use crate::desk::Desk;

/// A desk and people of the town and the county.
async fn bureau() -> (Desk, Vec<Member>) {
    let desk = Desk::open().await;
    let (jinghe, tengzhou) = (
        desk.office.unit(Persona::JingheSupervisor),
        desk.office.unit(Persona::TengzhouOfficer),
    );
    let units = [(jinghe, JINGHE), (tengzhou, TENGZHOU)];
    let crowd = desk.office.crowd(&units).await;
    (desk, crowd)
}

fn of(crowd: &[Member], role: Role, county: bool) -> &SessionToken {
    // The town's come first, one of each role.
    let mut found = crowd.iter().filter(|member| member.role == role);
    let first = found.next().unwrap();
    match county {
        false => &first.token,
        true => &found.next().unwrap().token,
    }
}

impl Desk {
    async fn asked(&self, token: &SessionToken, path: &str) -> (StatusCode, Value) {
        self.ask_as(token, "GET", path, Body::empty(), "").await
    }

    async fn posted(&self, token: &SessionToken, path: &str, body: Value) -> (StatusCode, Value) {
        let key = format!("{path} {body}").len().to_string();
        let body = Body::from(body.to_string());
        self.ask_as(token, "POST", path, body, &key).await
    }

    /// Begins an application and answers its id.
    async fn begun(&self, token: &SessionToken, category: &str) -> String {
        let made = self
            .posted(token, "/api/applications", entry(category))
            .await;
        assert_eq!(made.0, StatusCode::CREATED, "{}", made.1);
        made.1["id"].as_str().unwrap().to_owned()
    }

    /// Takes steps of the window, one after the other.
    async fn handled(&self, token: &SessionToken, id: &str, acts: &[&str]) {
        for act in acts {
            let (status, told) = self.stepped(token, id, "steps", act).await;
            assert_eq!(status, StatusCode::NO_CONTENT, "{act} {told}");
        }
    }

    /// Takes a step on the version as it is.
    async fn stepped(
        &self,
        token: &SessionToken,
        id: &str,
        door: &str,
        act: &str,
    ) -> (StatusCode, Value) {
        let path = format!("/api/applications/{id}");
        let (_, opened) = self
            .asked(token, &format!("{path}?purpose=%E6%B5%8B%E8%AF%95"))
            .await;
        let version = opened["version"].as_i64().unwrap_or(0);
        let mut body = json!({ "version": version, "act": act });
        if door == "proposal" {
            body["outcome"] = json!("grant");
        }
        self.posted(token, &format!("{path}/{door}"), body).await
    }
}

fn entry(category: &str) -> Value {
    let id = resident_id(jiff::civil::date(2013, 6, 18), 21);
    let facts = match category {
        "aids_affected" => json!({ "child": { "hiv_infected": true } }),
        _ => json!({
            "father": { "situation": "dead" },
            "mother": { "situation": "imprisoned", "since": "2021-02-01", "months": 18 },
        }),
    };
    json!({
        "facts": facts,
        "matter": "recognition",
        "category": category,
        "name": "虚构小密",
        "household": JINGHE_VILLAGE,
        "fields": { "birth": "2013-06-18", "resident_id": id.reveal() },
        "applicant": { "name": "虚构祖母", "capacity": "guardian" },
    })
}

#[tokio::test]
async fn a_town_takes_in_the_county_decides_and_the_officer_who_proposed_may_not() {
    let (desk, crowd) = bureau().await;
    let town = of(&crowd, Role::ChildSupervisor, false);
    let (officer, approver) = (
        of(&crowd, Role::CountyOfficer, true),
        of(&crowd, Role::CountyApprover, true),
    );
    let id = &*desk.begun(town, "de_facto_unattended").await;
    desk.handled(town, id, &["submit", "accept"]).await;
    let (_, page) = desk.asked(town, "/api/applications").await;
    let clock = &page["items"][0]["clock"];
    assert_eq!(
        (&clock["leg"], &clock["due"]),
        (&json!("verify"), &json!("2021-11-25"))
    );
    let child = format!("/api/applications/{id}/child");
    let version = &page["items"][0]["version"];
    let (status, told) = desk
        .posted(town, &child, json!({ "version": version }))
        .await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    assert_eq!(desk.stepped(town, id, "steps", "verify").await.0, 204);
    assert_eq!(
        desk.stepped(officer, id, "proposal", "propose").await.0,
        204
    );
    // To the officer there is no such thing as a decision.
    assert_eq!(
        desk.stepped(officer, id, "decision", "confirm").await.0,
        404
    );
    assert_eq!(
        desk.stepped(approver, id, "decision", "confirm").await.0,
        204
    );
    let (status, told) = desk.stepped(approver, id, "decision", "confirm").await;
    assert_eq!(
        (status.as_u16(), &told["code"]),
        (409, &json!("application.not_now"))
    );
    let path = format!("/api/applications/{id}?purpose=%E6%B5%8B%E8%AF%95");
    let (_, opened) = desk.asked(officer, &path).await;
    let file = format!(
        "/api/registry/children/{}",
        opened["child"].as_str().unwrap()
    );
    let (_, file) = desk
        .asked(town, &format!("{file}?purpose=%E6%B5%8B%E8%AF%95"))
        .await;
    told_of_its_child(&desk, town, opened["child"].as_str().unwrap(), id).await;
    assert_eq!(
        file["statuses"][0]["category"], "de_facto_unattended",
        "{file}"
    );
    assert!(
        !opened.to_string().contains("379999201306180"),
        "the id stays masked"
    );
    desk.office.close().await;
}

/// A child's file tells of this application of its own, an application's id of nothing.
async fn told_of_its_child(desk: &Desk, token: &SessionToken, child: &str, application: &str) {
    let of = |id: &str| format!("/api/applications?child={id}");
    let (_, page) = desk.asked(token, &of(child)).await;
    assert_eq!(page["items"][0]["id"], json!(application), "{page}");
    let (_, page) = desk.asked(token, &of(application)).await;
    assert_eq!(page["items"], json!([]));
    let (status, told) = desk.asked(token, &format!("{}&box=all", of(child))).await;
    assert_eq!((status.as_u16(), &told["field"]), (422, &json!("box")));
}

/// Everything a town supervisor may look at, as one text.
async fn all_that_is_seen(desk: &Desk, token: &SessionToken) -> String {
    let mut seen = String::new();
    for path in [
        "/api/applications?box=all",
        "/api/applications?box=ours",
        "/api/applications/tally",
        "/api/registry/children",
        "/api/registry/work-items",
        "/api/registry/summary?within=370481001000&on=2021-11-04",
        "/api/registry/changes?within=370481001000&first=2021-10-31&last=2021-11-04",
    ] {
        let (status, told) = desk.asked(token, path).await;
        seen.push_str(&format!("{path} {status} {told}\n"));
    }
    let search = json!({ "text": "虚构小密" });
    let found = desk
        .posted(token, "/api/registry/children/search", search)
        .await;
    seen.push_str(&found.1.to_string());
    seen
}

#[tokio::test]
async fn a_sealed_application_leaves_no_trace_for_a_town() {
    let (desk, crowd) = bureau().await;
    let town = of(&crowd, Role::ChildSupervisor, false);
    let (status, told) = desk
        .posted(town, "/api/applications", entry("aids_affected"))
        .await;
    assert_eq!(
        (status.as_u16(), &told["code"]),
        (409, &json!("application.county_only"))
    );
    let before = all_that_is_seen(&desk, town).await;

    let (first, colleague, approver) = (
        of(&crowd, Role::CountyOfficer, true),
        desk.office.sign_in(Persona::TengzhouColleague).await,
        of(&crowd, Role::CountyApprover, true),
    );
    let id = &*desk.begun(first, "aids_affected").await;
    desk.handled(first, id, &["submit", "accept", "verify"])
        .await;
    assert_eq!(
        desk.stepped(&colleague, id, "proposal", "propose").await.0,
        404
    );
    let officers = [
        desk.office.officer_of(Persona::TengzhouColleague).await,
        crowd
            .iter()
            .filter(|m| m.role == Role::CountyApprover)
            .nth(1)
            .unwrap()
            .officer,
    ];
    for officer in officers {
        let named = json!({ "officer": officer });
        let (status, told) = desk
            .posted(first, &format!("/api/applications/{id}/named"), named)
            .await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{told}");
    }
    assert_eq!(
        desk.stepped(&colleague, id, "proposal", "propose").await.0,
        204
    );
    assert_eq!(
        desk.stepped(approver, id, "decision", "confirm").await.0,
        204
    );

    assert_eq!(
        all_that_is_seen(&desk, town).await,
        before,
        "the town sees what it saw"
    );
    let path = format!("/api/applications/{id}?purpose=%E6%B5%8B%E8%AF%95");
    assert_eq!(desk.asked(town, &path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(desk.asked(first, &path).await.0, StatusCode::OK);
    desk.office.close().await;
}
