//! `GET /figures`, and `GET /` in a build without the console: the first page. In the demonstration it shows the city's figures and how they were counted;
//! anywhere else it shows none.
//!
//! **Invariant**: a number stands beside the day it holds for and the way it was counted.

mod html;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use kernel::explain::Lang;
use serde::Deserialize;

use crate::problem::{self, Kind};
use crate::state::{ApiState, Away};

/// One figure of the demonstration city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// A stable key such as `orphans`.
    pub key: String,
    /// What is counted, in Chinese.
    pub zh: String,
    /// What is counted, in English.
    pub en: String,
    /// The count.
    pub value: i64,
    /// How it was counted, in Chinese.
    pub how_zh: String,
    /// How it was counted, in English.
    pub how_en: String,
    /// Whether it is a part of the nearest figure above it that is none (the orphans in an institution of all orphans).
    pub part: bool,
}

/// Where the demonstration's figures are, whether or not the console is the first page.
pub(crate) const FIGURES_PATH: &str = "/figures";
/// Where the pages' style sheet is.
pub(crate) const STYLE_PATH: &str = "/assets/page.css";

#[derive(Deserialize)]
pub(crate) struct Reading {
    lang: Option<String>,
}

/// The first page, in the language asked for by `?lang=`, else by the browser.
pub(crate) async fn front(
    State(state): State<ApiState>,
    Query(reading): Query<Reading>,
    headers: HeaderMap,
) -> Response {
    let lang = match reading.lang.as_deref() {
        Some(named) => Lang::from_locale(named),
        None => problem::language(&headers),
    };
    match state.figures().await {
        None => Html(html::plain(lang)).into_response(),
        Some(Ok(figures)) => Html(html::city(lang, state.today(), &figures)).into_response(),
        Some(Err(Away(reason))) => {
            tracing::warn!(%reason, "the figures could not be counted");
            Kind::DatabaseAway.into_response()
        }
    }
}

/// The style sheet, which a browser may keep for an hour.
pub(crate) async fn style() -> impl IntoResponse {
    (
        [
            (CONTENT_TYPE, "text/css; charset=utf-8"),
            (CACHE_CONTROL, "public, max-age=3600"),
        ],
        include_str!("page.css"),
    )
}
