//! `POST /api/organisation/invitation/opening`

use app::organisation::{InvitationError, open_invitation};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::accounts::InvitationCode;
use utoipa::ToSchema;

use crate::operation::{Answer, Operation, Sent};
use crate::problem::{Kind, Problem};
use crate::state::ApiState;

pub(super) fn operation() -> Operation {
    Operation::post(
        "organisation.open_invitation",
        "/api/organisation/invitation/opening",
    )
    .public()
    .summary("See what a one-time code is for, and get a second factor to enrol")
    .handled_by(handle)
}

/// A one-time code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeBody {
    code: String,
}

/// What a one-time code is for.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationView {
    /// The officer's name.
    name: String,
    /// The login name of the account whose secrets are renewed.
    login: Option<String>,
    second_factor_needed: bool,
    /// What an authenticator reads; a later opening replaces it.
    second_factor: String,
}

/// A code that is not valid is a field at fault.
pub(super) fn problem(error: InvitationError) -> Problem {
    match error {
        InvitationError::Store(error) => error.into(),
        other => {
            let field = match &other {
                InvitationError::Invalid => "code",
                InvitationError::Login(_)
                | InvitationError::LoginTaken
                | InvitationError::OtherLogin => "login",
                InvitationError::Password(_) => "password",
                InvitationError::SecondFactor | InvitationError::Store(_) => "second_factor",
            };
            Problem::explained(Kind::Invalid, &other).with("field", field)
        }
    }
}

async fn handle(
    State(state): State<ApiState>,
    Sent(body): Sent<CodeBody>,
) -> Result<Answer<InvitationView>, Problem> {
    let store = state.store().ok_or(Kind::DatabaseAway)?;
    let code = InvitationCode::typed(&body.code);
    let opened = open_invitation(store, &code).await.map_err(problem)?;
    Ok(Answer(InvitationView {
        name: opened.name,
        login: opened.login,
        second_factor_needed: opened.second_factor_needed,
        second_factor: opened.second_factor.to_string(),
    }))
}
