//! The officers' console: the built front end, embedded in a release and read from its folder in a debug build.
//!
//! **Invariant**: no script and no style runs that is not a file of ours; what a browser may keep for ever has the
//! digest of its content in its name.

mod files;

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

pub(crate) use files::is_built;

use crate::embedded::{Site, file};

/// The console runs its own scripts and styles and asks its own server; pictures may also be ones it just made.
const SITE: Site = Site {
    content: files::content,
    policy: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    kept: "console/kept/",
};

/// The page that every address of the console begins with.
const START: &str = "index.html";

/// Answers what is no operation: a file of the console, or the page on which the console finds the address itself.
pub(crate) async fn answer(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_file = path.starts_with("console/");
    if !reads || path == "api" || path.starts_with("api/") || path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let name = if is_file { path } else { START };
    file(&SITE, name, request.headers()).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}
