//! `GET /api/organisation/me`

use kernel::roles::{Action, can};
use serde::Serialize;
use store::accounts::{posts_of, proved_recently};
use store::organisation::{officer_name, seat};
use utoipa::ToSchema;
use uuid::Uuid;

use super::sign_in::PostView;
use crate::operation::{Answer, Caller, Operation};
use crate::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::get("organisation.me", "/api/organisation/me")
        .any_signed_in()
        .summary("Who is signed in, and as what")
        .handled_by(handle)
}

/// The officer who is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct MeView {
    officer: Uuid,
    name: String,
    appointment: Uuid,
    role: String,
    unit: Uuid,
    /// All posts of today.
    posts: Vec<PostView>,
    /// What the role may do, by the actions' codes.
    #[schema(value_type = Vec<String>)]
    actions: Vec<&'static str>,
    /// The unit's division and those above it, the uppermost first.
    seat: Vec<SeatView>,
    /// Whether the password was given within the last ten minutes.
    proved: bool,
}

/// A division by its name.
#[derive(Serialize, ToSchema)]
pub(crate) struct SeatView {
    division: i64,
    name: String,
}

async fn handle(caller: Caller) -> Result<Answer<MeView>, Problem> {
    let mut work = caller.work().await?;
    let officer = work.officer();
    let name = officer_name(&mut work, officer).await?;
    let proved = proved_recently(&mut work).await?;
    let seat = seat(&mut work).await?;
    let (appointment, role, unit) = (work.appointment(), work.role(), work.unit());
    // One connection at a time: whoever held one and waited for another would wait for all others who do.
    work.commit().await?;
    let posts = posts_of(caller.store(), officer).await?;
    Ok(Answer(MeView {
        officer: officer.uuid(),
        name,
        appointment: appointment.uuid(),
        role: role.code().into(),
        unit: unit.uuid(),
        posts: posts.iter().map(PostView::of).collect(),
        actions: Action::ALL
            .into_iter()
            .filter(|action| can(role, *action))
            .map(Action::code)
            .collect(),
        seat: seat
            .into_iter()
            .map(|entry| SeatView {
                division: entry.division.code(),
                name: entry.name.into(),
            })
            .collect(),
        proved,
    }))
}
