//! `POST /api/exchange/inbox`: where other installations hand in their packages.

use app::exchange::receive_at;
use axum::extract::State;

use super::problem::problem;
use crate::operation::{Download, Operation, SentFile};
use crate::problem::{Kind, Problem};
use crate::session::Whence;
use crate::state::ApiState;

pub(super) fn operation() -> Operation {
    Operation::post("exchange.inbox", "/api/exchange/inbox")
        .public()
        .from_elsewhere()
        .summary("Receive a package of a pinned installation, which is known by its signature; answers the receipt, sealed to it")
        .body_limit(envelope::LARGEST)
        .answers_problems(&[Kind::NotFound, Kind::Conflict, Kind::Invalid, Kind::TooMany])
        .handled_by(handle)
}

async fn handle(
    State(state): State<ApiState>,
    whence: Whence,
    SentFile(package): SentFile,
) -> Result<Download, Problem> {
    let store = state.store().ok_or(Kind::DatabaseAway)?;
    let receipt = receive_at(store, &whence.address, &package).await;
    let receipt = receipt.map_err(|error| problem(state.now(), error))?;
    Ok(Download {
        media_type: "application/octet-stream".into(),
        name: "receipt.hutong".into(),
        bytes: receipt,
    })
}
