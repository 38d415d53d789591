//! What a caller is told when something is wrong: problem details (RFC 9457) with a stable code.

use axum::Json;
use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, ALLOW, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::explain::Lang;
use serde::Serialize;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Everything that can be wrong with a request at this layer.
///
/// ```
/// use api::problem::Problem;
/// assert_eq!(Problem::NotFound.code(), "not_found");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The request could not be read.
    BadRequest,
    /// There is nothing here, or it is not for this caller: one answer for both.
    NotFound,
    /// The path exists, the method is not for it.
    MethodNotAllowed,
    /// The body is larger than is read.
    TooLarge,
    /// The answer took longer than a caller should wait.
    TooSlow,
    /// The database does not answer.
    DatabaseAway,
    /// A fault of ours.
    Fault,
}

#[derive(Serialize)]
struct Body {
    r#type: &'static str,
    status: u16,
    code: &'static str,
    title: &'static str,
}

impl Problem {
    /// Every problem, for tests and documents.
    pub const ALL: [Self; 7] = [
        Self::BadRequest,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TooLarge,
        Self::TooSlow,
        Self::DatabaseAway,
        Self::Fault,
    ];

    /// The stable code; programs rely on it, so it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::DatabaseAway => "database_away",
            Self::Fault => "fault",
        }
    }

    /// The HTTP status it is answered with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::GATEWAY_TIMEOUT,
            Self::DatabaseAway => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// One complete sentence: what is wrong and what to do.
    #[must_use]
    pub fn title(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::BadRequest => (
                "请求的内容无法读取，请检查格式后重试。",
                "The request cannot be read; check its form and try again.",
            ),
            Self::NotFound => (
                "没有这个页面或档案，或不在您的范围内。",
                "There is no such page or file, or it is outside your reach.",
            ),
            Self::MethodNotAllowed => (
                "此地址不支持这种请求方式。",
                "This address does not take that kind of request.",
            ),
            Self::TooLarge => (
                "提交的内容超过大小限制，请分次提交。",
                "What was sent is too large; send it in parts.",
            ),
            Self::TooSlow => (
                "处理超时，请稍后重试。",
                "This took too long; try again in a moment.",
            ),
            Self::DatabaseAway => (
                "数据库暂时无法连接，请稍后重试。",
                "The database does not answer; try again in a moment.",
            ),
            Self::Fault => (
                "系统内部出错，已记入日志，请联系管理员。",
                "Something is wrong on our side and has been logged; ask the administrator.",
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The answer in the caller's language.
    pub(crate) fn answer(self, lang: Lang) -> Response {
        let status = self.status();
        let body = Body {
            r#type: "about:blank",
            status: status.as_u16(),
            code: self.code(),
            title: self.title(lang),
        };
        let mut response = (status, Json(body)).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        response
    }

    /// The problem that stands for a status set by the framework.
    fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::GATEWAY_TIMEOUT => Self::TooSlow,
            StatusCode::SERVICE_UNAVAILABLE => Self::DatabaseAway,
            other if other.is_client_error() => Self::BadRequest,
            _ => Self::Fault,
        }
    }
}

/// The language a caller reads: English where its first choice is English, else Chinese.
pub(crate) fn language(headers: &HeaderMap) -> Lang {
    let wanted = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    Lang::from_locale(wanted.split([',', ';']).next().unwrap_or_default().trim())
}

/// Turns every error the framework answers by itself (no such path, wrong method, body too large, too slow)
/// into a problem; what our handlers wrote stays as it is.
pub(crate) async fn uniform(request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let response = next.run(request).await;
    let status = response.status();
    let ours = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if !(status.is_client_error() || status.is_server_error()) || ours {
        return response;
    }
    let mut answer = Problem::of(status).answer(lang);
    if let Some(methods) = response.headers().get(ALLOW) {
        answer.headers_mut().insert(ALLOW, methods.clone());
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_told_in_both_languages_and_found_by_its_status() {
        for problem in Problem::ALL {
            assert_ne!(problem.title(Lang::Zh), problem.title(Lang::En));
            assert_eq!(Problem::of(problem.status()), problem);
        }
        assert_eq!(
            Problem::of(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Problem::BadRequest
        );
        assert_eq!(Problem::of(StatusCode::BAD_GATEWAY), Problem::Fault);
    }

    #[test]
    fn the_first_choice_of_language_counts() {
        let lang = |value: &'static str| {
            language(&HeaderMap::from_iter([(
                ACCEPT_LANGUAGE,
                HeaderValue::from_static(value),
            )]))
        };
        assert_eq!(lang("en-GB,zh;q=0.5"), Lang::En);
        assert_eq!(lang("zh-CN,en;q=0.9"), Lang::Zh);
        assert_eq!(lang(""), Lang::Zh);
        assert_eq!(language(&HeaderMap::new()), Lang::Zh);
    }
}
