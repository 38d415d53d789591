//! Which path is answered by what, and what every answer goes through.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::routing::get;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::operation::Operation;
use crate::{
    ApiState, allowances, applications, console, exchange, headers, health, observe, organisation,
    page, problem, public, registry, session,
};

/// The most bytes of a request's body that are read where no operation is; an operation has its own limit.
const BODY_LIMIT: usize = 64 * 1024;

/// How long a caller waits before being told that it takes too long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Every operation of the program, subsystem by subsystem.
#[must_use]
pub fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(health::operations());
    all.extend(session::operations());
    all.extend(organisation::operations());
    all.extend(registry::operations());
    all.extend(applications::operations());
    all.extend(allowances::operations());
    all.extend(exchange::operations());
    all
}

/// Every operation of the public pages, which have a listener of their own.
#[must_use]
pub fn public_operations() -> Vec<Operation> {
    public::operations()
}

/// Every operation on either listener: for the documents.
#[must_use]
pub fn every_operation() -> Vec<Operation> {
    let mut all = operations();
    all.extend(public_operations());
    all
}

/// Every path of the public pages, and nothing else: no officer's operation, no figures for operators.
pub fn public_router(state: ApiState) -> Router {
    answered(public::pages(), public_operations(), state)
}

/// Every path of the program, behind the limits and with the headers all answers share.
pub fn router(state: ApiState) -> Router {
    router_of(state, operations())
}

/// As [`router`], with these operations: for tests of the guard itself.
pub fn router_of(state: ApiState, operations: Vec<Operation>) -> Router {
    answered(pages(&state), operations, state)
}

/// Operations beside pages, with what every answer goes through.
fn answered(pages: Router<ApiState>, operations: Vec<Operation>, state: ApiState) -> Router {
    let answered = operations
        .into_iter()
        .fold(Router::new(), |router, operation| {
            operation.mount(router, &state)
        });
    limited(pages)
        .merge(answered)
        .layer(from_fn(problem::uniform))
        .layer(from_fn_with_state(state.clone(), observe::observe))
        .layer(map_response(headers::secure))
        .with_state(state)
}

/// What is no operation: the console where there is one, else a first page; the demonstration's figures; the operators'
/// figures.
fn pages(state: &ApiState) -> Router<ApiState> {
    let pages = Router::new()
        .route(page::FIGURES_PATH, get(page::front))
        .route(page::STYLE_PATH, get(page::style))
        .route("/metrics", get(observe::metrics));
    if state.has_console() {
        pages.fallback(console::answer)
    } else {
        pages.route("/", get(page::front))
    }
}

fn limited(pages: Router<ApiState>) -> Router<ApiState> {
    pages
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            PATIENCE,
        ))
}
