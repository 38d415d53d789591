//! `GET /api/organisation/demonstration`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::operation::{Answer, Operation};
use crate::problem::{Kind, Problem};
use crate::state::ApiState;

pub(super) fn operation() -> Operation {
    Operation::get(
        "organisation.demonstration",
        "/api/organisation/demonstration",
    )
    .public()
    .summary("In a demonstration, the invented officers anybody may sign in as")
    .answers_problems(&[Kind::NotFound])
    .handled_by(handle)
}

/// What a demonstration tells everybody, so that it can be tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DemoView {
    /// The password of all of them.
    pub password: String,
    /// The second factor of those who need one, in base 32.
    pub second_factor: String,
    /// The officers.
    pub officers: Vec<DemoOfficerView>,
}

/// An invented officer anybody may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DemoOfficerView {
    /// The login name.
    pub login: String,
    /// The role's code.
    pub role: String,
    /// The unit's name.
    pub unit: String,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
}

async fn handle(State(state): State<ApiState>) -> Result<Answer<DemoView>, Problem> {
    let told = state.demonstration().ok_or(Kind::NotFound)?;
    Ok(Answer(told.clone()))
}
