//! `GET /api/organisation/me`

use serde::Serialize;
use store::accounts::{posts_of, proved_recently};
use store::organisation::officer_name;
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
    /// Whether the password was given within the last ten minutes.
    proved: bool,
}

async fn handle(caller: Caller) -> Result<Answer<MeView>, Problem> {
    let mut work = caller.work().await?;
    let officer = work.officer();
    let name = officer_name(&mut work, officer).await?;
    let proved = proved_recently(&mut work).await?;
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
        proved,
    }))
}
