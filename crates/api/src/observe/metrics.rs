//! `GET /metrics`: figures in Prometheus' text format, for this machine or for whoever has the token.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::problem::Kind;
use crate::serve::Client;
use crate::state::ApiState;

/// Upper ends of the buckets, in milliseconds.
const BUCKETS: [u64; 10] = [5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000];

#[derive(Default)]
struct Durations {
    within: [u64; BUCKETS.len()],
    count: u64,
    total: Duration,
}

/// Requests answered by this process since it began. Whoever gathers them adds up the processes.
#[derive(Default)]
pub(crate) struct Metrics {
    answered: Mutex<BTreeMap<(&'static str, u16), Durations>>,
}

impl Metrics {
    /// Counts an answer.
    pub(crate) fn count(&self, operation: &'static str, status: u16, took: Duration) {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let durations = answered.entry((operation, status)).or_default();
        durations.count += 1;
        durations.total += took;
        for (count, end) in durations.within.iter_mut().zip(BUCKETS) {
            *count += u64::from(took <= Duration::from_millis(end));
        }
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(
            text,
            "# HELP hutong_request_seconds How long requests took to answer, by operation and status.\n# TYPE hutong_request_seconds histogram"
        )?;
        for ((operation, status), durations) in answered.iter() {
            let labels = format!("operation=\"{operation}\",status=\"{status}\"");
            for (count, end) in durations.within.iter().zip(BUCKETS) {
                let end = end as f64 / 1000.0;
                writeln!(
                    text,
                    "hutong_request_seconds_bucket{{{labels},le=\"{end}\"}} {count}"
                )?;
            }
            let Durations { count, total, .. } = durations;
            writeln!(
                text,
                "hutong_request_seconds_bucket{{{labels},le=\"+Inf\"}} {count}"
            )?;
            writeln!(
                text,
                "hutong_request_seconds_sum{{{labels}}} {}",
                total.as_secs_f64()
            )?;
            writeln!(text, "hutong_request_seconds_count{{{labels}}} {count}")?;
        }
        Ok(())
    }
}

/// The figures; for anybody else there is nothing here.
pub(crate) async fn metrics(State(state): State<ApiState>, request: Request) -> Response {
    if !may_read(&state, &request) {
        return Kind::NotFound.into_response();
    }
    let mut text = String::new();
    if write_all(&state, &mut text).await.is_err() {
        return Kind::Fault.into_response();
    }
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(CONTENT_TYPE, kind)], text).into_response()
}

fn may_read(state: &ApiState, request: &Request) -> bool {
    let Some(token) = state.metrics_token() else {
        return Client::of(request.extensions()).address.is_loopback();
    };
    let given = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    // Digests are compared, so that the time taken tells nothing of the token.
    given.is_some_and(|given| Sha256::digest(given) == Sha256::digest(token))
}

async fn write_all(state: &ApiState, text: &mut String) -> std::fmt::Result {
    state.metrics().write(text)?;
    gauge(
        text,
        "hutong_places_free",
        "Requests that could be worked on besides those that are.",
        state.gate().free(),
    )?;
    if let Some(store) = state.store() {
        let pool = store.pool();
        gauge(
            text,
            "hutong_database_connections",
            "Connections to the database.",
            pool.size(),
        )?;
        gauge(
            text,
            "hutong_database_connections_idle",
            "Connections to the database that nobody uses.",
            pool.num_idle(),
        )?;
    }
    Ok(())
}

fn gauge(
    text: &mut String,
    name: &str,
    help: &str,
    value: impl std::fmt::Display,
) -> std::fmt::Result {
    writeln!(
        text,
        "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}"
    )
}
