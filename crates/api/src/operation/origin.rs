//! Whether a request that changes something came from a page of ours.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

/// Whether the page that sent it is ours: its origin is one of `ours`, or where none are named, the host asked.
/// A browser names the origin with every request that changes something; whoever does not is no page of ours.
pub(super) fn is_ours(headers: &HeaderMap, ours: &[String]) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    let Some(origin) = text(ORIGIN) else {
        return false;
    };
    if !ours.is_empty() {
        return ours.iter().any(|known| known.eq_ignore_ascii_case(origin));
    }
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    matches!((host, text(HOST)), (Some(host), Some(asked)) if host.eq_ignore_ascii_case(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_our_own_pages_change_anything() {
        let host = ("host", "hutong.gov.example:8443");
        let ours = headers(&[host, ("origin", "https://hutong.gov.example:8443")]);
        assert!(is_ours(&ours, &[]));
        assert!(!is_ours(&headers(&[host]), &[]), "no origin at all");
        for origin in [
            "null",
            "https://elsewhere.example",
            "https://hutong.gov.example",
            "ftp://hutong.gov.example:8443",
        ] {
            assert!(
                !is_ours(&headers(&[host, ("origin", origin)]), &[]),
                "{origin}"
            );
        }
    }

    #[test]
    fn named_origins_count_behind_a_proxy() {
        let named = ["https://hutong.gov.example".to_owned()];
        let inside = ("host", "127.0.0.1:8080");
        assert!(is_ours(
            &headers(&[inside, ("origin", "https://hutong.gov.example")]),
            &named
        ));
        assert!(!is_ours(
            &headers(&[inside, ("origin", "http://127.0.0.1:8080")]),
            &named
        ));
    }
}
