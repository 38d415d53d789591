//! `GET /api/health`: the state of the parts, for whoever watches the machine. No personal data.

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::explain::Explain;
use serde::Serialize;
use store::backup::{Last, last};
use store::error::StoreError;
use store::installation::epoch;
use utoipa::ToSchema;

use crate::operation::{Answers, Description, Operation};
use crate::state::{ApiState, Away};

/// How long the database may take before it counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the parts answer.
pub(crate) fn operations() -> Vec<Operation> {
    let health = Operation::get("health.look", "/api/health")
        .public()
        .summary("Whether the program and its database answer")
        .handled_by(health);
    vec![health]
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok` or `away`.
    state: &'static str,
    /// The program's version.
    version: String,
    database: DatabaseHealth,
    /// Which life of the database this is: a restored backup begins another. Null while it is away.
    epoch: Option<EpochHealth>,
    /// The last backup that the schedule made, or failed to make. Null before the first, and while the database is away.
    backup: Option<BackupHealth>,
    /// The legal day by which the program decides, in Asia/Shanghai.
    today: String,
    demo: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
enum DatabaseHealth {
    /// It answered, after so many milliseconds, with this schema.
    Ok { latency_ms: f64, schema: i64 },
    /// It did not; the log says why.
    Away,
}

#[derive(Serialize, ToSchema)]
struct EpochHealth {
    /// Counts from 1.
    number: i32,
    begun_at: jiff::Timestamp,
}

#[derive(Serialize, ToSchema)]
struct BackupHealth {
    /// When it began.
    at: jiff::Timestamp,
    /// Its size; null where it failed.
    bytes: Option<i64>,
    /// The stable code of what went wrong.
    failure: Option<String>,
}

impl BackupHealth {
    fn of(last: Last) -> Self {
        Self {
            at: last.at,
            bytes: last.outcome.as_ref().ok().copied(),
            failure: last.outcome.err(),
        }
    }
}

/// 200 when every part answers, 503 otherwise. A backup that failed is no part that does not answer: whoever watches the
/// machine reads it here, and the office works on.
async fn health(State(state): State<ApiState>) -> Health {
    let database = probe(&state).await;
    let word = match database {
        DatabaseHealth::Ok { .. } => "ok",
        DatabaseHealth::Away => "away",
    };
    let (epoch, backup) = match database {
        DatabaseHealth::Ok { .. } => kept(&state).await,
        DatabaseHealth::Away => (None, None),
    };
    Health {
        state: word,
        version: state.version().to_owned(),
        database,
        epoch,
        backup,
        today: state.today().to_string(),
        demo: state.is_demo(),
    }
}

impl IntoResponse for Health {
    fn into_response(self) -> Response {
        let status = match self.database {
            DatabaseHealth::Ok { .. } => StatusCode::OK,
            DatabaseHealth::Away => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, Json(self)).into_response()
    }
}

impl Answers for Health {
    fn describe(description: &mut Description) {
        description.answer::<Self>(200, "Every part answers.");
        description.answer::<Self>(503, "A part does not answer, or the program is overloaded.");
    }
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

/// Which epoch it is, and how the last backup went, as far as the database says so in time.
async fn kept(state: &ApiState) -> (Option<EpochHealth>, Option<BackupHealth>) {
    let Some(store) = state.store() else {
        return (None, None);
    };
    let asked = async {
        let epoch = epoch(store.pool()).await?;
        Ok::<_, StoreError>((epoch, last(store.pool()).await?))
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok((epoch, backup))) => {
            let epoch = EpochHealth {
                number: epoch.number,
                begun_at: epoch.begun_at,
            };
            (Some(epoch), backup.map(BackupHealth::of))
        }
        Ok(Err(error)) => {
            tracing::warn!(
                code = error.code(),
                "the epoch and the last backup are not known"
            );
            (None, None)
        }
        Err(_) => (None, None),
    }
}
