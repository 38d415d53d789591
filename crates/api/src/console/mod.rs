//! The officers' console: the built front end, embedded in a release and read from its folder in a debug build.
//!
//! **Invariant**: no script and no style runs that is not a file of ours; what a browser may keep for ever has the
//! digest of its content in its name.

mod files;

use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

pub(crate) use files::is_built;

/// The console runs its own scripts and styles and asks its own server; pictures may also be ones it just made.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The page that every address of the console begins with.
const START: &str = "index.html";
/// What lies in here is named by its content.
const KEPT: &str = "console/kept/";

/// Answers what is no operation: a file of the console, or the page on which the console finds the address itself.
pub(crate) async fn answer(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_file = path.starts_with("console/");
    if !reads || path == "api" || path.starts_with("api/") || path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let name = if is_file { path } else { START };
    file(name, request.headers()).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

fn file(name: &str, asked: &HeaderMap) -> Option<Response> {
    let media_type = media_type(name)?;
    let packed = takes_brotli(asked)
        .then(|| files::content(&format!("{name}.br")))
        .flatten();
    let is_packed = packed.is_some();
    let content = packed.or_else(|| files::content(name))?;
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if is_packed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    let keeping = if name.starts_with(KEPT) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keeping));
    Some(response)
}

fn takes_brotli(asked: &HeaderMap) -> bool {
    asked
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(',')
                .any(|coding| matches!(coding.trim().split(';').next(), Some("br")))
        })
}

/// The types of what a build writes; anything else is not handed out.
fn media_type(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_to_whoever_takes_it() {
        let asking = |value: &'static str| {
            HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))])
        };
        assert!(takes_brotli(&asking("gzip, deflate, br")));
        assert!(takes_brotli(&asking("br;q=1.0, gzip")));
        assert!(!takes_brotli(&asking("gzip")));
        assert!(!takes_brotli(&HeaderMap::new()));
    }

    #[test]
    fn only_what_a_build_writes_is_handed_out() {
        assert_eq!(
            media_type("console/kept/a.js"),
            Some("text/javascript; charset=utf-8")
        );
        assert_eq!(media_type("console/kept/a.js.map"), None);
        assert_eq!(media_type("console/kept"), None);
    }
}
