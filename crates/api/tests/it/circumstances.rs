//! What changes in a child's life over HTTP: guardians, relatives, classes, placements, grants, documents, doubts.

use axum::body::Body;
use axum::http::StatusCode;
use kernel::category::Category;
use serde_json::{Value, json};
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, Persona, TODAY};

use crate::desk::{Desk, OFFICER};

/// A desk and the address of a child's file.
async fn desk_with_child() -> (Desk, String) {
    let desk = Desk::open().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE)
        .with_id(1)
        .guardian("虚构祖父", "13811110001")
        .mother("虚构母亲", "13811110003");
    let child = desk.office.register(OFFICER, &[child]).await[0];
    (desk, format!("/api/registry/children/{child}"))
}

impl Desk {
    async fn file(&self, persona: Persona, file: &str) -> (StatusCode, Value) {
        self.get(persona, &format!("{file}?purpose=%E8%B5%B0%E8%AE%BF"))
            .await
    }

    async fn done(&self, method: &str, path: &str, body: Value) {
        let (status, told) = self.send(method, path, body).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{path} {told}");
    }

    async fn made(&self, path: &str, body: Value) -> String {
        let (status, told) = self.send("POST", path, body).await;
        assert_eq!(status, StatusCode::CREATED, "{path} {told}");
        told["id"].as_str().unwrap().to_owned()
    }

    /// The code and the field of a refusal.
    async fn refused(&self, method: &str, path: &str, body: Value) -> (u16, Value, Value) {
        let (status, told) = self.send(method, path, body).await;
        (status.as_u16(), told["code"].clone(), told["field"].clone())
    }
}

#[tokio::test]
async fn a_guardian_is_entered_put_right_and_ended() {
    let (desk, file) = desk_with_child().await;
    let guardians = format!("{file}/guardians");
    let aunt = json!({ "name": "虚构姑母", "relation": "姑母", "phone": "13811110009", "from": "2021-11-04" });
    let id = desk.made(&guardians, aunt.clone()).await;
    assert_eq!(desk.made(&guardians, aunt).await, id, "asked twice");
    let one = format!("{guardians}/{id}");
    desk.done(
        "PATCH",
        &one,
        json!({ "name": "虚构大姑母", "phone": null }),
    )
    .await;
    let (_, opened) = desk.file(OFFICER, &file).await;
    let told = |at: usize| {
        let guardian = &opened["guardians"][at];
        (&guardian["name"], &guardian["hidden"], &guardian["to"])
    };
    let (name, none, open) = (json!("虚构大姑母"), json!([]), Value::Null);
    assert_eq!(told(0), (&name, &none, &open));
    let (name, phone, day) = (json!("虚构祖父"), json!(["phone"]), json!("2021-11-04"));
    assert_eq!(told(1), (&name, &phone, &day));

    let end = format!("{one}/end");
    desk.done("POST", &end, json!({ "to": "2021-11-04" })).await;
    let again = desk.refused("POST", &end, json!({ "to": "2021-11-04" }));
    assert_eq!(again.await.1, "registry.ended");
    let early = json!({ "name": "虚构某", "from": "2999-01-01" });
    assert_eq!(
        desk.refused("POST", &guardians, early).await.1,
        "registry.days"
    );
    for (field, wrong) in [
        ("name", json!({ "name": " ", "from": "2021-11-04" })),
        (
            "resident_id",
            json!({ "name": "虚构某", "resident_id": "370481", "from": "2021-11-04" }),
        ),
        (
            "phone",
            json!({ "name": "虚构某", "phone": "请打村委会", "from": "2021-11-04" }),
        ),
    ] {
        let (status, _, told) = desk.refused("POST", &guardians, wrong).await;
        assert_eq!((status, told), (422, json!(field)));
    }
    desk.office.close().await;
}

#[tokio::test]
async fn a_relative_is_stated_field_by_field_and_taken_off() {
    let (desk, file) = desk_with_child().await;
    let mother = format!("{file}/relatives/mother");
    desk.done("PATCH", &mother, json!({ "works_at": "虚构服装厂" }))
        .await;
    let (_, opened) = desk.file(OFFICER, &file).await;
    let expected = json!([{
        "relation": "mother", "name": "虚构母亲", "masked_id": null, "works_at": "虚构服装厂", "hidden": ["phone"],
    }]);
    assert_eq!(opened["relatives"], expected);
    desk.done("DELETE", &mother, json!({})).await;
    let again = desk.refused("DELETE", &mother, json!({}));
    assert_eq!(again.await.1, "registry.ended");
    let nobody = format!("{file}/relatives/neighbour");
    assert_eq!(desk.refused("PATCH", &nobody, json!({})).await.0, 404);
    let journal = desk.office.journalled_as("registry.relative_stated").await;
    assert!(!journal.concat().contains("13811110003"), "{journal:?}");
    desk.office.close().await;
}

#[tokio::test]
async fn a_class_is_entered_and_ended_and_clashes_are_told() {
    let (desk, file) = desk_with_child().await;
    let statuses = format!("{file}/statuses");
    let orphan = json!({ "category": "scattered_orphan", "from": "2021-01-01" });
    let id = desk.made(&statuses, orphan).await;
    let other = json!({ "category": "institution_orphan", "from": "2021-06-01" });
    let clash = desk.refused("POST", &statuses, other).await;
    assert_eq!(clash.1, "registry.status_clash");
    let end = format!("{statuses}/{id}/end");
    desk.done("POST", &end, json!({ "to": "2021-06-01" })).await;
    let again = desk.refused("POST", &end, json!({ "to": "2021-06-02" }));
    assert_eq!(again.await.1, "registry.ended");
    let (_, opened) = desk.file(OFFICER, &file).await;
    let span = &opened["statuses"][0];
    assert_eq!(
        (&span["category"], &span["to"]),
        (&json!("scattered_orphan"), &json!("2021-06-01"))
    );
    let unknown = json!({ "category": "prince", "from": "2021-06-01" });
    assert_eq!(desk.refused("POST", &statuses, unknown).await.2, "category");
    desk.office.close().await;
}

#[tokio::test]
async fn a_home_sees_the_child_while_it_is_placed_there() {
    let (desk, file) = desk_with_child().await;
    let home = desk.office.unit(Persona::HomeStaff);
    let seen = async || desk.file(Persona::HomeStaff, &file).await.0;
    assert_eq!(seen().await, StatusCode::NOT_FOUND);
    let today = desk.office.store.clock().today();
    let placements = format!("{file}/placements");
    let placed = json!({ "unit": home, "from": today });
    let id = desk.made(&placements, placed).await;
    assert_eq!(seen().await, StatusCode::OK);
    let nowhere = json!({ "unit": uuid::Uuid::nil(), "from": today });
    let twice = desk.refused("POST", &placements, nowhere).await;
    assert_eq!(twice.1, "registry.status_clash");
    let end = format!("{placements}/{id}/end");
    desk.done("POST", &end, json!({ "to": today })).await;
    assert_eq!(seen().await, StatusCode::NOT_FOUND);
    desk.office.close().await;
}

#[tokio::test]
async fn a_granted_unit_sees_one_file_until_the_grant_is_withdrawn_and_grants_nothing_on() {
    let (desk, file) = desk_with_child().await;
    let town = desk.office.unit(Persona::ShantingOfficer);
    let today = desk.office.store.clock().today();
    let until = today.tomorrow().unwrap();
    let grants = format!("{file}/grants");
    let grant = json!({ "unit": town, "purpose": "异地受理", "until": until });
    let id = desk.made(&grants, grant.clone()).await;
    desk.office.database.lengthen_grants().await;
    let (status, opened) = desk.file(Persona::ShantingOfficer, &file).await;
    assert_eq!(
        (status, &opened["grants"][0]["purpose"]),
        (StatusCode::OK, &json!("异地受理"))
    );
    let end = format!("{grants}/{id}/end");
    for (path, body) in [(&grants, grant.to_string()), (&end, "{}".into())] {
        let body = Body::from(body);
        let (status, told) = desk
            .ask(Persona::ShantingOfficer, "POST", path, body, "onwards")
            .await;
        assert_eq!(
            (status, &told["code"]),
            (StatusCode::CONFLICT, &json!("registry.not_answerable"))
        );
    }
    desk.done("POST", &end, json!({})).await;
    let (status, _) = desk.file(Persona::ShantingOfficer, &file).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let again = desk.refused("POST", &end, json!({})).await;
    assert_eq!(again.1, "registry.ended");
    desk.office.close().await;
}

#[tokio::test]
async fn a_colleague_is_let_know_of_a_sealed_child_and_both_are_told_to_each_other() {
    let desk = Desk::open().await;
    let sealed = Child::named("虚构密", JINGHE_VILLAGE).status(Category::AidsAffected, TODAY);
    let child = desk.office.register(OFFICER, &[sealed]).await[0];
    let (file, colleague) = (
        format!("/api/registry/children/{child}"),
        Persona::TengzhouColleague,
    );
    let named = format!("{file}/named");
    let whom = json!({ "officer": desk.office.officer_of(colleague).await });
    let body = Body::from(whom.to_string());
    let (status, _) = desk.ask(colleague, "POST", &named, body, "himself").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let supervisor = desk.office.officer_of(Persona::JingheSupervisor).await;
    let refused = desk.refused("POST", &named, json!({ "officer": supervisor }));
    assert_eq!(
        refused.await,
        (409, json!("registry.not_a_colleague"), Value::Null)
    );

    desk.done("POST", &named, whom.clone()).await;
    desk.done("POST", &named, whom).await;
    let (status, opened) = desk.file(colleague, &file).await;
    assert_eq!((status, &opened["sealed"]), (StatusCode::OK, &json!(true)));
    let names = opened["named"].as_array().unwrap().iter();
    let names: Vec<&Value> = names.map(|one| &one["name"]).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.contains(&&json!("TengzhouOfficer（虚构）")));
    let (status, _) = desk.file(Persona::JingheSupervisor, &file).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    desk.office.close().await;
}

#[tokio::test]
async fn a_document_is_kept_by_what_it_is_and_read_for_a_purpose() {
    let (desk, file) = desk_with_child().await;
    let documents = format!("{file}/documents");
    // The first and the last lines of a PDF, in base64.
    let scan = json!({ "kind": "household_register", "title": "户口簿", "content": "JVBERi0xLjcKc3RhcnR4cmVmCjkKJSVFT0YK" });
    let id = desk.made(&documents, scan).await;
    let (_, opened) = desk.file(OFFICER, &file).await;
    let listed = &opened["documents"][0];
    assert_eq!(
        (&listed["id"], &listed["media_type"]),
        (&json!(id), &json!("application/pdf"))
    );
    let one = format!("{documents}/{id}");
    assert_eq!(desk.file(OFFICER, &one).await.0, StatusCode::OK);
    assert_eq!(
        desk.office
            .journalled_as("registry.document_read")
            .await
            .len(),
        1
    );
    assert_eq!(desk.get(OFFICER, &one).await.0, StatusCode::BAD_REQUEST);
    let foreign = desk.file(Persona::ShantingOfficer, &one).await;
    assert_eq!(foreign.0, StatusCode::NOT_FOUND);
    let other = Child::named("虚构乙", JINGHE_VILLAGE);
    let other = desk.office.register(OFFICER, &[other]).await[0];
    let elsewhere = format!("/api/registry/children/{other}/documents/{id}");
    let (status, _) = desk.file(OFFICER, &elsewhere).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "another child's");
    let page = json!({ "kind": "scan", "title": "网页", "content": "PGh0bWw+" });
    let refused = desk.refused("POST", &documents, page).await;
    assert_eq!(
        (&refused.1, &refused.2),
        (&json!("document.media_type"), &json!("content"))
    );
    for content in [String::new(), "AAAA".repeat((20 << 20) / 3 + 1)] {
        let size = json!({ "kind": "scan", "title": "户口簿", "content": content });
        let refused = desk.refused("POST", &documents, size).await;
        assert_eq!(refused.1, "document.size", "nothing, or more than 20 MB");
    }
    let garbled = json!({ "kind": "scan", "title": "户口簿", "content": "???" });
    assert_eq!(desk.refused("POST", &documents, garbled).await.2, "content");
    desk.office.close().await;
}

#[tokio::test]
async fn what_an_office_wrote_is_shown_beside_its_doubt() {
    let desk = Desk::open().await;
    let place = testkit::office::TENGZHOU;
    let path = format!("/api/registry/ledgers?place={place}&as_of=2021-10-31&name=a.csv");
    let mut row = testkit::ledgers::children(0, 1).next().unwrap();
    row[4] = "370481201504123457".into();
    let ledger = format!(
        "{}\n{}\n",
        testkit::ledgers::HEADINGS.join(","),
        row.join(",")
    );
    let (status, _) = desk
        .ask(OFFICER, "POST", &path, Body::from(ledger), "ledger")
        .await;
    assert_eq!(status, StatusCode::CREATED);
    while app::registry::run_next(&desk.office.store).await.unwrap() {}
    let (_, jobs) = desk.get(OFFICER, "/api/registry/jobs").await;
    assert_eq!(jobs["items"][0]["state"], "done", "{jobs}");
    let (_, page) = desk.get(OFFICER, "/api/registry/work-items").await;
    let item = page["items"].as_array().unwrap().iter();
    let doubt = item.clone().find(|item| item["field"] == "身份证号");
    let id = doubt.unwrap_or_else(|| panic!("{page}"))["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/registry/work-items/{id}/reveal");
    let (status, told) = desk.send("POST", &path, json!({ "purpose": "核对" })).await;
    assert_eq!(
        (status, &told["value"]),
        (StatusCode::OK, &json!("370481201504123457"))
    );
    let shown = desk.office.journalled_as("registry.work_item_shown").await;
    assert_eq!(shown.len(), 1);
    assert!(!shown[0].contains("370481201504123457"), "{shown:?}");
    let body = Body::from(json!({ "purpose": "核对" }).to_string());
    let (status, _) = desk
        .ask(Persona::ShantingOfficer, "POST", &path, body, "k")
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let token = desk.office.sign_in(OFFICER).await;
    desk.office.database.age_sessions(0, 20).await;
    let body = Body::from(json!({ "purpose": "核对" }).to_string());
    let (status, told) = desk.ask_as(&token, "POST", &path, body, "k").await;
    assert_eq!(
        (status, &told["code"]),
        (StatusCode::FORBIDDEN, &json!("reauthenticate"))
    );
    desk.office.close().await;
}
