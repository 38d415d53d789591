//! `GET /api/health`: the state of the parts, for whoever watches the machine. No personal data.

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::state::{ApiState, Away};

/// How long the database may take before it counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Serialize)]
struct Health {
    state: &'static str,
    version: String,
    database: DatabaseHealth,
    /// The legal day by which the program decides, in Asia/Shanghai.
    today: String,
    demo: bool,
}

#[derive(Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum DatabaseHealth {
    /// It answered, after so many milliseconds, with this schema.
    Ok { latency_ms: f64, schema: i64 },
    /// It did not; the log says why.
    Away,
}

/// 200 when every part answers, 503 otherwise.
pub(crate) async fn health(State(state): State<ApiState>) -> Response {
    let database = probe(&state).await;
    let (status, word) = match database {
        DatabaseHealth::Ok { .. } => (StatusCode::OK, "ok"),
        DatabaseHealth::Away => (StatusCode::SERVICE_UNAVAILABLE, "away"),
    };
    let health = Health {
        state: word,
        version: state.version().to_owned(),
        database,
        today: state.today().to_string(),
        demo: state.is_demo(),
    };
    (status, Json(health)).into_response()
}

async fn probe(state: &ApiState) -> DatabaseHealth {
    let asked = Instant::now();
    let answer = tokio::time::timeout(PATIENCE, state.database()).await;
    match answer.unwrap_or_else(|_| Err(Away(format!("no answer within {PATIENCE:?}")))) {
        Ok(database) => {
            let micros = u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX);
            DatabaseHealth::Ok {
                latency_ms: f64::from(micros) / 1000.0,
                schema: database.schema,
            }
        }
        Err(Away(reason)) => {
            tracing::warn!(%reason, "the database is away");
            DatabaseHealth::Away
        }
    }
}
