//! Where problems become text, and where the framework's own errors become problems.

use axum::Json;
use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::explain::Lang;

use super::{Kind, MEDIA_TYPE, Problem};
use crate::observe::RequestId;

/// The language a caller reads: English where its first choice is English, else Chinese.
pub(crate) fn language(headers: &HeaderMap) -> Lang {
    let wanted = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    Lang::from_locale(wanted.split([',', ';']).next().unwrap_or_default().trim())
}

/// Tells every problem in the caller's language with the request's id, and turns every error the framework answers by
/// itself (no such path, wrong method, body too large) into one; whatever else was answered stays as it is.
pub(crate) async fn uniform(request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let id = request.extensions().get::<RequestId>().copied();
    let mut response = next.run(request).await;
    let Some(problem) = problem_of(&mut response) else {
        return response;
    };
    let id = id.map(|id| id.to_string()).unwrap_or_default();
    let mut answer = (problem.status(), Json(problem.body(lang, &id))).into_response();
    *answer.extensions_mut() = std::mem::take(response.extensions_mut());
    let length = answer.body().size_hint().exact();
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    // The router states it for its own routes alone, which would tell a refusal from a path that is not there.
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if let Some(methods) = response.headers().get(ALLOW) {
        headers.insert(ALLOW, methods.clone());
    }
    if let Some(wait) = problem.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    answer
}

fn problem_of(response: &mut Response) -> Option<Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let status = response.status();
    let ours = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    let wrong = status.is_client_error() || status.is_server_error();
    (wrong && !ours).then(|| Kind::of(status).into())
}

#[cfg(test)]
mod tests {
    use super::*;

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
