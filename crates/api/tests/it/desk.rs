//! An office behind its router, and officers who ask it.

use std::hash::{DefaultHasher, Hash, Hasher};

use api::{ApiState, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::Value;
use store::session::SessionToken;
use testkit::Office;
use testkit::office::Persona;
use tower::ServiceExt;

pub(crate) const OFFICER: Persona = Persona::TengzhouOfficer;

pub(crate) struct Desk {
    pub(crate) office: Office,
    router: Router,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let office = Office::found().await;
        let router = router(ApiState::over("9.9.9", office.store.clone()));
        Self { office, router }
    }

    pub(crate) async fn ask(
        &self,
        persona: Persona,
        method: &str,
        path: &str,
        body: Body,
        key: &str,
    ) -> (StatusCode, Value) {
        let token = self.office.sign_in(persona).await;
        self.ask_as(&token, method, path, body, key).await
    }

    pub(crate) async fn ask_as(
        &self,
        token: &SessionToken,
        method: &str,
        path: &str,
        body: Body,
        key: &str,
    ) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", format!("__Host-hutong={}", token.cookie_text()))
            .header("host", "hutong.example")
            .header("origin", "https://hutong.example")
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(body)
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let mut told: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if let Some(instance) = told.get_mut("instance") {
            instance.take();
        }
        (status, told)
    }

    pub(crate) async fn get(&self, persona: Persona, path: &str) -> (StatusCode, Value) {
        self.ask(persona, "GET", path, Body::empty(), "").await
    }

    /// As the county's officer; the same request again is the same request.
    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let mut key = DefaultHasher::new();
        (method, path, body.to_string()).hash(&mut key);
        let key = key.finish().to_string();
        let body = Body::from(body.to_string());
        self.ask(OFFICER, method, path, body, &key).await
    }
}
