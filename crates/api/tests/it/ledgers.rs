//! Ledgers looked through before their import.

use axum::body::Body;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use testkit::office::Persona;

use crate::desk::{Desk, OFFICER};

const TENGZHOU: i64 = 370_481_000_000;
const LEDGER: &str = "姓名,身份证号,村（居）,类别\n虚构甲,,没有的村,孤儿\n=虚构乙,,没有的村,孤儿\n";

fn sent(corrections: Value) -> Value {
    json!({
        "name": "孤儿.csv", "place": TENGZHOU, "as_of": "2021-10-31",
        "content": STANDARD.encode(LEDGER), "corrections": corrections,
    })
}

#[tokio::test]
async fn a_ledger_is_checked_cell_by_cell_and_put_right_without_a_trace() {
    let desk = Desk::open().await;
    let (status, found) = desk
        .send("POST", "/api/registry/ledgers/check", sent(json!([])))
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&found["children"], &found["left_out"]),
        (&json!(2), &json!(2))
    );
    let row = &found["rows"][0];
    assert_eq!(
        (&row["row"], &row["name"], &row["left_out"]),
        (&json!(2), &json!("虚构甲"), &json!(true))
    );
    let cell = row["faults"].as_array().unwrap().iter();
    let village = cell.clone().find(|cell| cell["column"] == 2).unwrap();
    assert_eq!(
        (&village["code"], &village["text"]),
        (&json!("division.unknown"), &json!("没有的村"))
    );
    let put_right = json!([{ "row": 2, "column": 0, "text": "" }]);
    let (_, again) = desk
        .send("POST", "/api/registry/ledgers/check", sent(put_right))
        .await;
    assert_eq!(again["rows"][0]["name"], json!(""));
    let (_, jobs) = desk.get(OFFICER, "/api/registry/jobs").await;
    assert_eq!(jobs["items"], json!([]));
    desk.office.close().await;
}

#[tokio::test]
async fn only_ones_own_place_is_checked_and_what_is_no_ledger_is_said_so() {
    let desk = Desk::open().await;
    let check = "/api/registry/ledgers/check";
    for (place, code) in [
        (370_406_000_000_i64, "registry.not_your_place"),
        (370_481_999_000, "registry.no_such_place"),
    ] {
        let mut elsewhere = sent(json!([]));
        elsewhere["place"] = json!(place);
        let (status, told) = desk.send("POST", check, elsewhere).await;
        assert_eq!(
            (status, &told["code"]),
            (StatusCode::CONFLICT, &json!(code))
        );
    }
    let mut picture = sent(json!([]));
    picture["content"] = json!(STANDARD.encode(b"\x89PNG\r\n\x1a\n0000"));
    let (status, told) = desk.send("POST", check, picture).await;
    assert_eq!(
        (status, &told["code"]),
        (StatusCode::CONFLICT, &json!("ledger.not_a_workbook"))
    );
    let far = json!([{ "row": 1, "column": 2000, "text": "" }]);
    let (status, told) = desk.send("POST", check, sent(far)).await;
    assert_eq!(
        (status, &told["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("corrections"))
    );
    let body = Body::from(sent(json!([])).to_string());
    let (status, _) = desk.ask(Persona::Auditor, "POST", check, body, "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = desk
        .send("POST", "/api/registry/ledgers/marked", sent(json!([])))
        .await;
    assert_eq!(status, StatusCode::OK);
    desk.office.close().await;
}
