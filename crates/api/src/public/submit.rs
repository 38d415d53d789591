//! `POST /api/public/applications`: a case becomes an application in a town's inbox.

use app::applications::public::submit;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::case::CaseKey;
use super::problem::{code, problem, store};
use crate::operation::{Answer, Operation, Sent};
use crate::problem::{Kind, Problem};
use crate::session::Whence;
use crate::state::ApiState;

pub(super) fn operation() -> Operation {
    Operation::post("public.submit", "/api/public/applications")
        .public()
        .summary("Submit a case to the town that was chosen; asked again, it answers the same")
        .answers_problems(&[Kind::NotFound, Kind::Conflict, Kind::TooMany])
        .handled_by(handle)
}

/// An application that was submitted.
#[derive(Serialize, ToSchema)]
struct SubmitView {
    /// Its number.
    number: String,
    /// Until when its code holds.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

async fn handle(
    State(state): State<ApiState>,
    whence: Whence,
    Sent(sent): Sent<CaseKey>,
) -> Result<Answer<SubmitView>, Problem> {
    let store = store(&state)?;
    let done = submit(store, &whence.address, &code(&sent.code), &sent.phone).await;
    let done = done.map_err(|error| problem(state.now(), error))?;
    Ok(Answer(SubmitView {
        number: done.number,
        until: done.until,
    }))
}
