//! The pages, built for a cheap telephone: one document whose script finds the address itself.
//!
//! **Invariant**: no script and no style runs that is not a file of ours.

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::files;
use crate::embedded::{Site, file};
use crate::problem::language;
use crate::state::ApiState;

/// Pictures may be ones the page has just made: a photograph before it is sent.
const SITE: Site = Site {
    content: files::content,
    policy: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    kept: "public/kept/",
};

/// The page that every address begins with.
const START: &str = "index.html";

/// What a build without the pages says.
const NOT_BUILT: [&str; 2] = [
    "本程序未包含公众网页，请先执行 make build。",
    "This program was built without the public pages: run make build.",
];

/// All that is no operation at the public listener.
pub(crate) fn pages() -> Router<ApiState> {
    Router::new().fallback(answer)
}

async fn answer(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || path == "api" || path.starts_with("api/") || path == "metrics" {
        return StatusCode::NOT_FOUND.into_response();
    }
    let name = match path.starts_with("public/") {
        true => path,
        false => START,
    };
    let found = file(&SITE, name, request.headers());
    found.unwrap_or_else(|| match name {
        START => {
            let zh = language(request.headers()) == kernel::explain::Lang::Zh;
            Html(NOT_BUILT[usize::from(!zh)]).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    })
}
