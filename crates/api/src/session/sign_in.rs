//! `POST /api/organisation/session`

use app::organisation::{SignIn, sign_in};
use axum::extract::State;
use kernel::ids::AppointmentId;
use serde::{Deserialize, Serialize};
use store::accounts::Posted;
use utoipa::ToSchema;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::address::Whence;
use super::second::{problem, second};
use crate::operation::{Answer, Operation, Sent, SessionCookie};
use crate::problem::{Kind, Problem};
use crate::state::ApiState;

pub(super) fn operation() -> Operation {
    Operation::post("organisation.sign_in", "/api/organisation/session")
        .public()
        .summary(
            "Sign in with login name, password and, where the account has one, a second factor",
        )
        .answers_problems(&[Kind::NoSession, Kind::Conflict, Kind::TooMany])
        .handled_by(handle)
}

/// What somebody signs in by.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInBody {
    login: String,
    password: String,
    /// Six digits of the authenticator.
    code: Option<String>,
    /// In place of the digits; used up by this.
    recovery_code: Option<String>,
    /// The appointment to work under; the oldest of today if none is named.
    appointment: Option<Uuid>,
}

/// A post that the officer may work under today.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostView {
    appointment: Uuid,
    role: String,
    unit: Uuid,
    unit_name: String,
}

impl PostView {
    pub(super) fn of(post: &Posted) -> Self {
        Self {
            appointment: post.appointment.uuid(),
            role: post.role.code().into(),
            unit: post.unit.uuid(),
            unit_name: post.unit_name.clone(),
        }
    }
}

/// A session that was opened.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    officer: Uuid,
    post: PostView,
    posts: Vec<PostView>,
}

async fn handle(
    State(state): State<ApiState>,
    whence: Whence,
    Sent(body): Sent<SignInBody>,
) -> Result<(SessionCookie, Answer<SessionView>), Problem> {
    let store = state.store().ok_or(Kind::DatabaseAway)?;
    let asked = SignIn {
        login: &body.login,
        password: Zeroizing::new(body.password),
        second: second(body.code, body.recovery_code),
        address: &whence.address,
        device: &whence.device,
        appointment: body.appointment.map(AppointmentId::from_uuid),
    };
    let signed_in = sign_in(store, asked)
        .await
        .map_err(|error| problem(store, error))?;
    let view = SessionView {
        officer: signed_in.officer.uuid(),
        post: PostView::of(&signed_in.post),
        posts: signed_in.posts.iter().map(PostView::of).collect(),
    };
    Ok((SessionCookie::set(&signed_in.token), Answer(view)))
}
