//! Handing out a built front end: each file once as it is and once as brotli.
//!
//! **Invariant**: what a browser may keep for ever has the digest of its content in its name.

use std::borrow::Cow;

use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

/// A front end that was built.
pub(crate) struct Site {
    /// A file by its path.
    pub(crate) content: fn(&str) -> Option<Cow<'static, [u8]>>,
    /// What its pages may run and load.
    pub(crate) policy: &'static str,
    /// What lies in here is named by its content.
    pub(crate) kept: &'static str,
}

/// A file of a front end, packed where the caller takes it so.
pub(crate) fn file(site: &Site, name: &str, asked: &HeaderMap) -> Option<Response> {
    let media_type = media_type(name)?;
    let packed = takes_brotli(asked)
        .then(|| (site.content)(&format!("{name}.br")))
        .flatten();
    let is_packed = packed.is_some();
    let content = packed.or_else(|| (site.content)(name))?;
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(site.policy),
    );
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if is_packed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    let keeping = if name.starts_with(site.kept) {
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
