//! `POST /api/organisation/session/proof`

use app::organisation::reauthenticate;
use serde::Deserialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::second::{problem, second};
use crate::operation::{Caller, Done, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::post(
        "organisation.reauthenticate",
        "/api/organisation/session/proof",
    )
    .any_signed_in()
    .summary("Give the password again, before money, export and secrets; it counts for ten minutes")
    .answers_problems(&[Kind::Conflict, Kind::TooMany])
    .handled_by(handle)
}

/// Password and second factor, again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofBody {
    password: String,
    /// Six digits of the authenticator.
    code: Option<String>,
    /// In place of the digits; used up by this.
    recovery_code: Option<String>,
}

async fn handle(caller: Caller, Sent(body): Sent<ProofBody>) -> Result<Done, Problem> {
    let second = second(body.code, body.recovery_code);
    let password = Zeroizing::new(body.password);
    reauthenticate(caller.store(), &caller.token, password, second)
        .await
        .map_err(|error| problem(caller.store(), error))?;
    Ok(Done)
}
