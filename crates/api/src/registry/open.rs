//! `GET /api/registry/children/{id}`: a child's file, opened for a stated purpose.

use app::registry::OpenError;
use kernel::ids::ChildId;
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::IntoParams;

use super::child_view::ChildView;
use super::problem::purpose;
use crate::operation::{Answer, Asked, At, Caller, Operation};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::get("registry.open", "/api/registry/children/{id}")
        .needs(Action::OpenChild)
        .summary("Open a child's file for a stated purpose, which the journal keeps")
        .answers_problems(&[Kind::Invalid])
        .handled_by(open)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opening {
    /// What it is opened for, 1 to 200 characters.
    #[param(min_length = 1, max_length = 200)]
    pub(crate) purpose: String,
}

async fn open(
    caller: Caller,
    At(child): At<ChildId>,
    Asked(opening): Asked<Opening>,
) -> Result<Answer<ChildView>, Problem> {
    let mut work = caller.begin(purpose(&opening.purpose)?).await?;
    let file = app::registry::open(&mut work, child)
        .await
        .map_err(problem)?;
    work.commit().await?;
    Ok(Answer(ChildView::of(file)))
}

fn problem(error: OpenError) -> Problem {
    match error {
        OpenError::NotFound => Kind::NotFound.into(),
        OpenError::Store(error) => error.into(),
    }
}
