//! An id for every request, and one line in the log when it has been answered.

use std::fmt;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::HeaderName;
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

use crate::operation::OperationId;
use crate::state::ApiState;

/// The id of one request, in its answer's header, its log line, and every problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestId(Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// What answered, where no operation did: a page, or nothing at all.
const NO_OPERATION: &str = "none";

/// Gives the request its id, and notes how it was answered.
pub(crate) async fn observe(
    State(state): State<ApiState>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId(state.fresh_id());
    request.extensions_mut().insert(id);
    let started = Instant::now();
    let mut response = next.run(request).await;
    let took = started.elapsed();
    let operation = response
        .extensions()
        .get::<OperationId>()
        .map_or(NO_OPERATION, |OperationId(operation)| operation);
    let status = response.status().as_u16();
    tracing::info!(request = %id, operation, status, millis = took.as_millis() as u64, "answered");
    state.metrics().count(operation, status, took);
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
