//! Divisions over HTTP.

use axum::http::StatusCode;
use serde_json::{Value, json};
use testkit::office::{JINGHE, JINGHE_VILLAGE, Persona, TENGZHOU};

use crate::desk::Desk;

const PATH: &str = "/api/organisation/divisions";

fn codes(page: &Value) -> Vec<i64> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["code"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn divisions_are_walked_from_above_and_found_by_name() {
    let desk = Desk::open().await;
    let ask = async |query: &str| {
        let (status, page) = desk.get(Persona::Admin, &format!("{PATH}{query}")).await;
        assert_eq!(status, StatusCode::OK, "{query} {page}");
        page
    };
    let top = ask("").await;
    assert!(
        top["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|d| d["parent"].is_null())
    );
    let towns = codes(&ask(&format!("?below={TENGZHOU}")).await);
    assert!(towns.contains(&JINGHE) && !towns.contains(&JINGHE_VILLAGE));
    let first = ask(&format!("?below={TENGZHOU}&limit=1")).await;
    let next = first["next"].as_str().unwrap();
    let second = ask(&format!("?below={TENGZHOU}&limit=1&cursor={next}")).await;
    assert_eq!(codes(&second), [towns[1]]);

    let path = ask(&format!("/{JINGHE_VILLAGE}")).await;
    let path = codes(&path);
    assert_eq!(
        path.last_chunk::<3>(),
        Some(&[TENGZHOU, JINGHE, JINGHE_VILLAGE])
    );
    // 荆河, below the county.
    let found = ask(&format!("?below={TENGZHOU}&text=%E8%8D%86%E6%B2%B3")).await;
    assert!(codes(&found).contains(&JINGHE));
    for (query, status) in [
        ("/999999999999", StatusCode::NOT_FOUND),
        ("/abc", StatusCode::NOT_FOUND),
        ("?text=", StatusCode::UNPROCESSABLE_ENTITY),
        ("?below=-1", StatusCode::UNPROCESSABLE_ENTITY),
        ("?above=1", StatusCode::BAD_REQUEST),
    ] {
        let told = desk.get(Persona::Admin, &format!("{PATH}{query}")).await;
        assert_eq!(told.0, status, "{query}");
    }
    let injected = ask("?text=%25%27--").await;
    assert_eq!(injected["items"], json!([]));
    desk.office.close().await;
}
