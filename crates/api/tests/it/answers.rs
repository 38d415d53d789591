//! What each path answers, and what every answer carries.

use api::{ApiState, Away, headers, problem};
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use crate::{demo, office, stranded};

async fn ask(state: ApiState, method: &str, path: &str, lang: &str) -> Response<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept-language", lang)
        .body(Body::empty())
        .unwrap();
    api::router(state).oneshot(request).await.unwrap()
}

async fn get(state: ApiState, path: &str) -> Response<Body> {
    ask(state, "GET", path, "zh-CN").await
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(
        to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap()
            .to_vec(),
    )
    .unwrap()
}

async fn json(response: Response<Body>) -> Value {
    serde_json::from_str(&text(response).await).unwrap()
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
        .unwrap_or_default()
}

#[tokio::test]
async fn health_names_the_state_of_every_part() {
    let response = get(office(), "/api/health").await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut health = json(response).await;
    assert!(health["database"]["latency_ms"].take().is_number());
    insta::assert_json_snapshot!(health, @r#"
    {
      "backup": null,
      "database": {
        "latency_ms": null,
        "schema": 3,
        "state": "ok"
      },
      "demo": false,
      "epoch": null,
      "state": "ok",
      "today": "2021-11-04",
      "version": "9.9.9"
    }
    "#);
    assert_eq!(json(get(demo(), "/api/health").await).await["demo"], true);
}

#[tokio::test]
async fn health_says_away_and_not_why() {
    let response = get(stranded(), "/api/health").await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    insta::assert_json_snapshot!(json(response).await, @r#"
    {
      "backup": null,
      "database": {
        "state": "away"
      },
      "demo": false,
      "epoch": null,
      "state": "away",
      "today": "2021-11-04",
      "version": "9.9.9"
    }
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_database_that_hangs_is_away() {
    let clock = std::sync::Arc::new(kernel::clock::FixedClock::on(jiff::civil::date(
        2021, 11, 4,
    )));
    let hanging = ApiState::new("9.9.9", clock, std::future::pending);
    let response = get(hanging, "/api/health").await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn the_demo_shows_its_figures_in_chinese() {
    let response = get(demo(), "/").await;
    assert_eq!(response.status(), StatusCode::OK);
    insta::assert_snapshot!(text(response).await);
}

#[tokio::test]
async fn the_demo_shows_its_figures_in_english() {
    insta::assert_snapshot!(text(get(demo(), "/?lang=en").await).await);
}

#[tokio::test]
async fn an_office_shows_no_figures() {
    let page = text(get(office(), "/").await).await;
    assert!(!page.contains("<table"), "{page}");
    assert!(!page.contains("演示"), "{page}");
    assert!(page.contains("系统正在运行"), "{page}");
}

#[tokio::test]
async fn the_browsers_language_is_heard_and_the_address_overrules_it() {
    assert!(
        text(ask(office(), "GET", "/", "en-GB,zh;q=0.8").await)
            .await
            .contains("The system is running")
    );
    assert!(
        text(ask(office(), "GET", "/?lang=zh", "en").await)
            .await
            .contains("系统正在运行")
    );
}

#[tokio::test]
async fn figures_that_cannot_be_counted_are_a_problem() {
    let state = office().with_demo_figures(|| async { Err(Away("gone".to_owned())) });
    let response = get(state, "/").await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(json(response).await["code"], "database_away");
}

#[tokio::test]
async fn an_unknown_path_is_a_problem() {
    let response = get(office(), "/api/children").await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(header(&response, "content-type"), problem::MEDIA_TYPE);
    let request = header(&response, "x-request-id").to_owned();
    let mut problem = json(response).await;
    assert_eq!(problem["instance"].take(), format!("urn:uuid:{request}"));
    insta::assert_json_snapshot!(problem, @r#"
    {
      "code": "not_found",
      "instance": null,
      "status": 404,
      "title": "没有这个页面或档案，或不在您的范围内。",
      "type": "about:blank"
    }
    "#);
    let english = json(ask(office(), "GET", "/x", "en").await).await;
    assert_eq!(
        english["title"],
        "There is no such page or file, or it is outside your reach."
    );
}

#[tokio::test]
async fn a_wrong_method_is_a_problem_that_names_the_right_ones() {
    let response = ask(office(), "DELETE", "/api/health", "zh-CN").await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(header(&response, "allow"), "GET,HEAD");
    assert_eq!(json(response).await["code"], "method_not_allowed");
}

#[tokio::test]
async fn a_body_past_the_limit_is_a_problem() {
    let request = Request::builder()
        .method("GET")
        .uri("/")
        .header("content-length", "70000")
        .body(Body::from(vec![0; 70000]))
        .unwrap();
    let response = api::router(office()).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(json(response).await["code"], "too_large");
}

#[tokio::test]
async fn an_unreadable_query_is_a_problem() {
    let response = get(office(), "/?lang=%ff%fe&lang=en").await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(json(response).await["code"], "bad_request");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_takes_too_long_is_a_problem() {
    let state = office().with_demo_figures(std::future::pending);
    let response = get(state, "/").await;
    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(json(response).await["code"], "too_slow");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/api/health"),
        ("GET", "/assets/page.css"),
        ("GET", "/nowhere"),
        ("POST", "/"),
    ] {
        let response = ask(demo(), method, path, "zh-CN").await;
        assert_eq!(
            header(&response, "content-security-policy"),
            headers::POLICY,
            "{method} {path}"
        );
        assert_eq!(
            header(&response, "x-content-type-options"),
            "nosniff",
            "{method} {path}"
        );
        assert_eq!(
            header(&response, "referrer-policy"),
            "no-referrer",
            "{method} {path}"
        );
        let keep = if path.starts_with("/assets/") {
            "public, max-age=3600"
        } else {
            "no-store"
        };
        assert_eq!(header(&response, "cache-control"), keep, "{method} {path}");
    }
    assert!(
        headers::POLICY.contains("default-src 'none'")
            && headers::POLICY.contains("frame-ancestors 'none'")
    );
    assert!(!headers::POLICY.contains("unsafe"));
}

#[tokio::test]
async fn the_pages_need_nothing_the_policy_forbids() {
    let page = text(get(demo(), "/").await).await;
    for forbidden in ["<script", "<style", " style=", " onclick="] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let css = text(get(demo(), "/assets/page.css").await).await;
    assert!(!css.contains("url("), "the style sheet loads nothing");
}
