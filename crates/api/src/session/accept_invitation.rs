//! `POST /api/organisation/invitation/acceptance`

use app::organisation::{Acceptance, accept_invitation};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::accounts::InvitationCode;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::open_invitation::problem;
use crate::operation::{Answer, Operation, Sent};
use crate::problem::{Kind, Problem};
use crate::state::ApiState;

pub(super) fn operation() -> Operation {
    Operation::post(
        "organisation.accept_invitation",
        "/api/organisation/invitation/acceptance",
    )
    .public()
    .summary("Choose login name and password, and enrol the second factor, by a one-time code")
    .handled_by(handle)
}

/// What the officer chose.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptanceBody {
    code: String,
    /// 3 to 32 characters of a-z, 0-9, dot, underscore and hyphen.
    login: String,
    /// At least 12 characters.
    password: String,
    /// Six digits from the authenticator that read the offer.
    second_factor: Option<String>,
}

/// Codes that take the place of the second factor, each once; shown now and never again.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryView {
    recovery_codes: Vec<String>,
}

async fn handle(
    State(state): State<ApiState>,
    Sent(body): Sent<AcceptanceBody>,
) -> Result<Answer<RecoveryView>, Problem> {
    let store = state.store().ok_or(Kind::DatabaseAway)?;
    let acceptance = Acceptance {
        code: InvitationCode::typed(&body.code),
        login: &body.login,
        password: Zeroizing::new(body.password),
        second_factor: body.second_factor.as_deref(),
    };
    let accepted = accept_invitation(store, acceptance)
        .await
        .map_err(problem)?;
    let codes = accepted.recovery_codes.iter();
    Ok(Answer(RecoveryView {
        recovery_codes: codes.map(|code| code.reveal().to_owned()).collect(),
    }))
}
