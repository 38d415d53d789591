//! What stands before every handler, tried on two operations made for it.

use api::operation::{Answer, At, Caller, Created, Once, Operation, Sent};
use api::problem::Problem;
use api::{ApiState, Settings, router_of};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use kernel::ids::{ChildId, RequestId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::session::SessionToken;
use testkit::Office;
use testkit::office::Persona;
use tower::ServiceExt;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
struct Seen {
    id: Uuid,
    purpose: &'static str,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Note {
    text: String,
}

async fn see(caller: Caller, At(child): At<ChildId>) -> Result<Answer<Seen>, Problem> {
    let work = caller.work().await?;
    work.commit().await?;
    Ok(Answer(Seen {
        id: child.uuid(),
        purpose: "seen",
    }))
}

async fn note(caller: Caller, once: Once, Sent(note): Sent<Note>) -> Result<Created, Problem> {
    let work = caller.work().await?;
    once.create(work, async |work| {
        let store = work.store();
        assert!(!note.text.is_empty());
        let id = RequestId::generate(work.now(), store.entropy()).uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

fn operations() -> Vec<Operation> {
    vec![
        Operation::get("trial.see", "/api/trial/{id}")
            .needs(Action::OpenChild)
            .handled_by(see),
        Operation::post("trial.note", "/api/trial")
            .needs(Action::EditChild)
            .body_limit(1000)
            .handled_by(note),
    ]
}

struct Door {
    office: Office,
    router: Router,
}

impl Door {
    async fn open() -> Self {
        let office = Office::found().await;
        let state = ApiState::over("9.9.9", office.store.clone());
        let router = router_of(state, operations());
        Self { office, router }
    }

    async fn token(&self, persona: Persona) -> String {
        self.office.sign_in(persona).await.cookie_text()
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, Value) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        told(response).await
    }

    async fn see(&self, token: Option<&str>, path: &str) -> (StatusCode, Value) {
        let mut request = Request::get(path);
        if let Some(token) = token {
            request = request.header("cookie", format!("a=b; __Host-hutong={token}"));
        }
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn note(&self, token: &str, key: &str, body: &str) -> (StatusCode, Value) {
        let request = Request::post("/api/trial")
            .header("cookie", format!("__Host-hutong={token}"))
            .header("host", "hutong.example")
            .header("origin", "https://hutong.example")
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_owned()));
        self.ask(request.unwrap()).await
    }
}

/// The status and the body, without what names the request.
async fn told(response: Response<Body>) -> (StatusCode, Value) {
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let mut body: Value = serde_json::from_slice(&bytes).unwrap();
    if let Some(instance) = body.get_mut("instance") {
        instance.take();
    }
    (status, body)
}

#[tokio::test]
async fn who_may_not_call_is_told_what_is_told_of_nothing() {
    let door = Door::open().await;
    let child = ChildId::from_uuid(Uuid::from_u128(7));
    let path = format!("/api/trial/{child}");
    let officer = door.token(Persona::TengzhouOfficer).await;
    assert_eq!(door.see(Some(&officer), &path).await.0, StatusCode::OK);
    let nothing = door.see(Some(&officer), "/api/nowhere").await;
    assert_eq!(nothing.0, StatusCode::NOT_FOUND);
    for persona in [Persona::Admin, Persona::Auditor] {
        let token = door.token(persona).await;
        assert_eq!(door.see(Some(&token), &path).await, nothing, "{persona:?}");
    }
    assert_eq!(
        door.see(Some(&officer), "/api/trial/no-id").await,
        nothing,
        "what cannot be an id names nothing"
    );
    let journal = door.office.journal_of(child.uuid()).await;
    assert_eq!(journal, ["trial.see (refused)"; 2]);
    door.office.close().await;
}

#[tokio::test]
async fn without_an_open_session_nobody_is_let_in() {
    let door = Door::open().await;
    let path = format!("/api/trial/{}", Uuid::from_u128(7));
    let ended = door.office.expired_token(Persona::TengzhouOfficer).await;
    let nobodys = SessionToken::generate(door.office.store.entropy()).cookie_text();
    for token in [None, Some(ended.as_str()), Some(&nobodys), Some("x")] {
        let (status, problem) = door.see(token, &path).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{token:?}");
        assert_eq!(problem["code"], "no_session");
    }
    door.office.close().await;
}

#[tokio::test]
async fn a_key_creates_once() {
    let door = Door::open().await;
    let token = door.token(Persona::TengzhouOfficer).await;
    let body = r#"{"text":"一"}"#;
    let (first, again) = tokio::join!(door.note(&token, "k1", body), door.note(&token, "k1", body));
    assert_eq!(first.0, StatusCode::CREATED);
    assert_eq!(first, again, "also side by side");
    assert_eq!(door.note(&token, "k1", body).await, first);
    assert_ne!(door.note(&token, "k2", body).await, first);
    let other = door.note(&token, "k1", r#"{"text":"二"}"#).await;
    assert_eq!(
        (other.0, &other.1["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &"key_reused".into())
    );
    let colleague = door.token(Persona::TengzhouColleague).await;
    assert_ne!(door.note(&colleague, "k1", body).await, first);
    door.office.close().await;
}

#[tokio::test]
async fn a_body_is_read_strictly_and_within_its_limit() {
    let door = Door::open().await;
    let token = door.token(Persona::TengzhouOfficer).await;
    let long = format!(r#"{{"text":"{}"}}"#, "a".repeat(1000));
    for (body, code) in [
        (r#"{"text":"a","more":1}"#, "invalid"),
        (r#"{"text":1}"#, "invalid"),
        (r#"{"text":"#, "bad_request"),
        ("", "bad_request"),
        (&long, "too_large"),
    ] {
        let (_, problem) = door.note(&token, "k", body).await;
        assert_eq!(problem["code"], code, "{body}");
    }
    let (_, problem) = door.note(&token, "", r#"{"text":"a"}"#).await;
    assert_eq!(problem["code"], "bad_request", "no key");
    door.office.close().await;
}

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let door = Door::open().await;
    let token = door.token(Persona::TengzhouOfficer).await;
    for origin in [None, Some("https://elsewhere.example"), Some("null")] {
        let mut request = Request::post("/api/trial")
            .header("cookie", format!("__Host-hutong={token}"))
            .header("host", "hutong.example")
            .header("idempotency-key", "k")
            .header("content-type", "application/json");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let request = request.body(Body::from(r#"{"text":"a"}"#)).unwrap();
        let (status, problem) = door.ask(request).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{origin:?}");
        assert_eq!(problem["code"], "foreign_origin");
    }
    door.office.close().await;
}

#[tokio::test]
async fn a_full_house_says_when_to_come_back() {
    let office = Office::found().await;
    let settings = Settings {
        places: 0,
        ..Settings::default()
    };
    let state = ApiState::over("9.9.9", office.store.clone()).with_settings(settings);
    let request = Request::get("/api/health").body(Body::empty()).unwrap();
    let response = api::router(state).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(told(response).await.1["code"], "overloaded");
    office.close().await;
}
