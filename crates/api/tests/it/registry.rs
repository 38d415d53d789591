//! Children over HTTP: from the list to the file, its secrets, its double, and the jobs.

use axum::body::Body;
use axum::http::StatusCode;
use jiff::civil::date;
use kernel::category::Category::ScatteredOrphan;
use serde_json::{Value, json};
use testkit::builders::Child;
use testkit::office::{JINGHE_VILLAGE, LONGQUAN_VILLAGE, Persona, TENGZHOU};

use crate::desk::{Desk, OFFICER};

#[tokio::test]
async fn children_are_listed_page_by_page_and_found_by_name() {
    let desk = Desk::open().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE)
        .with_id(1)
        .status(ScatteredOrphan, date(2021, 1, 1));
    let other = Child::named("虚构乙", LONGQUAN_VILLAGE);
    let ids = desk.office.register(OFFICER, &[child, other]).await;
    let (status, page) = desk.get(OFFICER, "/api/registry/children?limit=1").await;
    assert_eq!(
        (status, &page["items"][0]["id"]),
        (StatusCode::OK, &json!(ids[0]))
    );
    assert_eq!(page["items"][0]["categories"], json!(["scattered_orphan"]));
    assert_eq!(
        page["items"][0]["household_name"],
        "荆河街道 荆庄社区居民委员会"
    );
    let next = format!(
        "/api/registry/children?limit=1&cursor={}",
        page["next"].as_str().unwrap()
    );
    assert_eq!(
        desk.get(OFFICER, &next).await.1["items"][0]["id"],
        json!(ids[1])
    );
    let found = desk
        .send(
            "POST",
            "/api/registry/children/search",
            json!({ "text": "虚构甲" }),
        )
        .await;
    assert_eq!(found.1["items"][0]["id"], json!(ids[0]));
    desk.office.close().await;
}

#[tokio::test]
async fn a_file_is_edited_by_version_and_field_and_its_secret_shown_for_a_purpose() {
    let desk = Desk::open().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE).with_id(1);
    let ids = desk.office.register(OFFICER, &[child]).await;
    let file = format!("/api/registry/children/{}", ids[0]);
    let edit = |fields: Value| json!({ "version": 1, "fields": fields });
    let (status, told) = desk
        .send("PATCH", &file, edit(json!({ "school": "虚构小学" })))
        .await;
    assert_eq!((status, &told["version"]), (StatusCode::OK, &json!(2)));
    let (status, told) = desk
        .send("PATCH", &file, edit(json!({ "health": "健康" })))
        .await;
    assert_eq!(
        (status, &told["changed"]),
        (StatusCode::CONFLICT, &json!(["school"]))
    );
    let (status, told) = desk
        .send(
            "PATCH",
            &file,
            json!({ "version": 2, "fields": { "shoe": 1 } }),
        )
        .await;
    assert_eq!(
        (status, &told["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("shoe"))
    );
    let (status, _) = desk
        .send("PATCH", &file, json!({ "version": 2, "shoe": 1 }))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    let reveal = json!({ "field": "resident_id", "purpose": "核对" });
    let (status, told) = desk.send("POST", &format!("{file}/reveal"), reveal).await;
    assert_eq!(
        (status, told["value"].as_str().map(str::len)),
        (StatusCode::OK, Some(18))
    );
    desk.office.close().await;
}

#[tokio::test]
async fn a_purpose_with_somebodys_number_in_it_opens_nothing() {
    let desk = Desk::open().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE).with_id(1);
    let child = desk.office.register(OFFICER, &[child]).await[0];
    // "电话" and a phone.
    let purpose = "purpose=%E7%94%B5%E8%AF%9D13811110001";
    for path in [
        format!("/api/registry/children/{child}?{purpose}"),
        format!("/api/allowances/children/{child}/statement?{purpose}"),
    ] {
        let (status, told) = desk.get(OFFICER, &path).await;
        let expected = (
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!("field.holds_number"),
        );
        assert_eq!((status, &told["code"]), expected, "{path}");
    }
    desk.office.close().await;
}

#[tokio::test]
async fn what_leaves_the_house_wants_the_password_again_after_a_while() {
    let desk = Desk::open().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE).with_id(1);
    let child = desk.office.register(OFFICER, &[child]).await[0];
    let token = desk.office.sign_in(OFFICER).await;
    desk.office.database.age_sessions(0, 20).await;
    let reveal = json!({ "field": "resident_id", "purpose": "核对" });
    let export = json!({ "within": JINGHE_VILLAGE, "purpose": "核对" });
    for (path, body) in [
        (format!("/api/registry/children/{child}/reveal"), reveal),
        ("/api/registry/exports".into(), export),
    ] {
        let body = Body::from(body.to_string());
        let (status, told) = desk.ask_as(&token, "POST", &path, body, "key").await;
        let expected = (StatusCode::FORBIDDEN, &json!("reauthenticate"));
        assert_eq!((status, &told["code"]), expected, "{path}");
    }
    desk.office.close().await;
}

#[tokio::test]
async fn a_foreign_officer_is_told_what_is_told_of_nothing() {
    let desk = Desk::open().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE).with_id(1);
    let id = desk.office.register(OFFICER, &[child]).await[0];
    let nothing = desk.get(Persona::ShantingOfficer, "/api/nowhere").await;
    for (method, path, body) in [
        (
            "PATCH",
            "",
            json!({ "version": 1, "fields": { "school": "x" } }),
        ),
        (
            "POST",
            "/reveal",
            json!({ "field": "resident_id", "purpose": "核对" }),
        ),
    ] {
        let path = format!("/api/registry/children/{id}{path}");
        let body = Body::from(body.to_string());
        let told = desk
            .ask(Persona::ShantingOfficer, method, &path, body, "k")
            .await;
        assert_eq!(told, nothing, "{path}");
    }
    let (status, page) = desk
        .get(Persona::ShantingOfficer, "/api/registry/children")
        .await;
    assert_eq!((status, &page["items"]), (StatusCode::OK, &json!([])));
    desk.office.close().await;
}

#[tokio::test]
async fn a_double_is_joined_and_parted() {
    let desk = Desk::open().await;
    let kept = Child::named("虚构甲", JINGHE_VILLAGE);
    let doubled = Child::named("虚构甲", JINGHE_VILLAGE).with_id(1);
    let ids = desk.office.register(OFFICER, &[kept, doubled]).await;
    let both =
        json!({ "kept": ids[0], "kept_version": 1, "doubled": ids[1], "doubled_version": 1 });
    let (status, made) = desk.send("POST", "/api/registry/merges", both).await;
    assert_eq!(status, StatusCode::CREATED);
    let list = "/api/registry/children";
    assert_eq!(
        desk.get(OFFICER, list).await.1["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let (_, merges) = desk.get(OFFICER, "/api/registry/merges").await;
    let row = &merges["items"][0];
    assert_eq!((&row["id"], &row["doubled"]), (&made["id"], &json!(ids[1])));
    let foreign = desk.get(Persona::ShantingOfficer, "/api/registry/merges");
    assert_eq!(foreign.await.1["items"], json!([]));
    let undo = format!("/api/registry/merges/{}/undo", made["id"].as_str().unwrap());
    assert_eq!(
        desk.send("POST", &undo, json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        desk.get(OFFICER, list).await.1["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        desk.send("POST", &undo, json!({})).await.0,
        StatusCode::CONFLICT
    );
    desk.office.close().await;
}

#[tokio::test]
async fn a_ledger_and_an_export_are_jobs_of_whoever_ordered_them() {
    let desk = Desk::open().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE).with_id(1);
    desk.office.register(OFFICER, &[child]).await;
    let export = json!({ "within": TENGZHOU, "purpose": "季度核对" });
    let (status, made) = desk.send("POST", "/api/registry/exports", export).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("/api/registry/ledgers?place={TENGZHOU}&as_of=2021-10-31&name=a.csv");
    let ledger = Body::from("姓名,身份证号\n虚构丙,\n");
    let (status, _) = desk.ask(OFFICER, "POST", &path, ledger, "ledger").await;
    assert_eq!(status, StatusCode::CREATED);
    while app::registry::run_next(&desk.office.store).await.unwrap() {}
    let job = format!("/api/registry/jobs/{}", made["id"].as_str().unwrap());
    let (_, told) = desk.get(OFFICER, &job).await;
    assert_eq!(
        (&told["state"], &told["result"]["children"]),
        (&json!("done"), &json!(1))
    );
    assert_eq!(
        desk.get(OFFICER, &format!("{job}/file")).await.0,
        StatusCode::OK
    );
    assert_eq!(
        desk.get(Persona::TengzhouColleague, &job).await.0,
        StatusCode::NOT_FOUND
    );
    let (_, all) = desk.get(OFFICER, "/api/registry/jobs").await;
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    desk.office.close().await;
}

#[tokio::test]
async fn figures_are_of_a_division_and_the_journal_is_the_auditors() {
    let desk = Desk::open().await;
    let child = Child::named("虚构甲", JINGHE_VILLAGE).status(ScatteredOrphan, date(2021, 1, 1));
    desk.office.register(OFFICER, &[child]).await;
    let (_, told) = desk
        .get(OFFICER, &format!("/api/registry/summary?within={TENGZHOU}"))
        .await;
    assert_eq!(
        told["total"],
        json!({ "children": 1, "by_category": { "scattered_orphan": 1 } })
    );
    let (status, page) = desk
        .get(
            Persona::Auditor,
            "/api/registry/journal?action=registry.child_registered",
        )
        .await;
    assert_eq!(
        (status, page["items"].as_array().unwrap().len()),
        (StatusCode::OK, 1)
    );
    assert_eq!(
        desk.get(OFFICER, "/api/registry/journal").await.0,
        StatusCode::NOT_FOUND
    );
    let (status, page) = desk.get(OFFICER, "/api/registry/work-items").await;
    assert_eq!((status, &page["items"]), (StatusCode::OK, &json!([])));
    desk.office.close().await;
}
