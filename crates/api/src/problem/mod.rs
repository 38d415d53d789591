//! What a caller is told when something is wrong: problem details (RFC 9457) with a stable code.
//!
//! **Invariant.** A problem becomes text in one place, [`uniform`], so that two problems of one kind are the same
//! bytes but for the request's id.

mod kind;
mod uniform;

use std::borrow::Cow;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::explain::{Explain, Lang};
use serde_json::{Map, Value, json};
use store::error::StoreError;

pub use kind::Kind;
pub(crate) use uniform::{language, uniform};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Something wrong with a request, as the caller is told.
///
/// ```
/// use api::problem::{Kind, Problem};
/// let problem = Problem::from(Kind::Stale).with("changed", serde_json::json!(["school"]));
/// assert_eq!((problem.code(), problem.status().as_u16()), ("stale", 409));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    kind: Kind,
    code: &'static str,
    zh: Cow<'static, str>,
    en: Cow<'static, str>,
    retry_after: Option<Duration>,
    more: Map<String, Value>,
}

/// What an overloaded program asks for before the next attempt.
const BREATH: Duration = Duration::from_secs(2);

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            code: kind.code(),
            zh: kind.title(Lang::Zh).into(),
            en: kind.title(Lang::En).into(),
            retry_after: matches!(kind, Kind::Overloaded | Kind::DatabaseAway).then_some(BREATH),
            more: Map::new(),
        }
    }
}

impl From<StoreError> for Problem {
    /// What happened to the store, without its inside: that is for the log.
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::NotFound => Kind::NotFound,
            StoreError::Stale => Kind::Stale,
            StoreError::NoSession => Kind::NoSession,
            error if error.is_unfit() => Kind::BadRequest,
            error if error.is_collision() => Kind::Stale,
            StoreError::Database(_) | StoreError::DiskFull | StoreError::InDoubt(_) => {
                tracing::warn!(code = error.code(), %error, "the database did not do it");
                Kind::DatabaseAway
            }
            _ => {
                tracing::error!(code = error.code(), %error, "a fault of the store");
                Kind::Fault
            }
        };
        kind.into()
    }
}

impl Problem {
    /// A problem of this kind in the words and with the code of a use case's own error.
    #[must_use]
    pub fn explained(kind: Kind, error: &impl Explain) -> Self {
        Self {
            code: error.code(),
            zh: error.explain(Lang::Zh).into(),
            en: error.explain(Lang::En).into(),
            ..kind.into()
        }
    }

    /// With a further member, such as the fields at fault. Never `type`, `status`, `code`, `title` or `instance`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// That what the caller read has changed, and in which fields.
    #[must_use]
    pub fn stale(changed: &[&str]) -> Self {
        Self::from(Kind::Stale).with("changed", changed)
    }

    /// With a wish when to try again.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.kind.status()
    }

    fn body(&self, lang: Lang, request: &str) -> Value {
        let title = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        let mut body = json!({
            "type": "about:blank",
            "status": self.status().as_u16(),
            "code": self.code,
            "title": title,
            "instance": format!("urn:uuid:{request}"),
        });
        if let Value::Object(members) = &mut body {
            members.extend(self.more.clone());
        }
        body
    }
}

impl IntoResponse for Problem {
    /// The status alone; the words follow in [`uniform`], which knows the caller's language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Kind {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
