//! Which path is answered by what, and what every answer goes through.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, map_response};
use axum::routing::get;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::{ApiState, headers, health, page, problem};

/// The most bytes of a request's body that are read; no operation of this stage takes one.
const BODY_LIMIT: usize = 64 * 1024;

/// How long a caller waits before being told that it takes too long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Every path of the program, behind the limits and with the headers all answers share.
pub fn router(state: ApiState) -> Router {
    Router::new()
        .route("/", get(page::front))
        .route(page::STYLE_PATH, get(page::style))
        .route("/api/health", get(health::health))
        .with_state(state)
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            PATIENCE,
        ))
        .layer(from_fn(problem::uniform))
        .layer(map_response(headers::secure))
}
