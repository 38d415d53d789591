//! `GET /api/applications/{id}/form` and `…/decisions/{decision}/letter`: what is printed.

use kernel::ids::{ApplicationId, DecisionId};
use kernel::roles::Action;

use super::problem::problem;
use crate::operation::{Asked, At, Caller, Download, Operation};
use crate::problem::{Kind, Problem};
use crate::registry::{Opening, purpose};

const PDF: &str = "application/pdf";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("applications.print_form", "/api/applications/{id}/form")
            .needs(Action::ViewApplications)
            .summary("Print the form of an application, a draft too, as a PDF for a stated purpose")
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(form),
        Operation::get(
            "applications.print_letter",
            "/api/applications/{id}/decisions/{decision}/letter",
        )
        .needs(Action::ViewApplications)
        .summary("Print the letter on a decision as a PDF for a stated purpose")
        .answers_problems(&[Kind::Conflict, Kind::Invalid])
        .handled_by(letter),
    ]
}

async fn form(
    caller: Caller,
    At(id): At<ApplicationId>,
    Asked(opening): Asked<Opening>,
) -> Result<Download, Problem> {
    let press = caller.press().clone();
    let mut work = caller.begin(purpose(&opening.purpose)?).await?;
    let printed = app::applications::print_form(&mut work, &press, id).await;
    let bytes = printed.map_err(problem)?;
    work.commit().await?;
    Ok(Download {
        name: format!("form-{id}.pdf"),
        media_type: PDF.into(),
        bytes,
    })
}

async fn letter(
    caller: Caller,
    At((id, decision)): At<(ApplicationId, DecisionId)>,
    Asked(opening): Asked<Opening>,
) -> Result<Download, Problem> {
    let press = caller.press().clone();
    let mut work = caller.begin(purpose(&opening.purpose)?).await?;
    let printed = app::applications::print_letter(&mut work, &press, id, decision).await;
    let bytes = printed.map_err(problem)?;
    work.commit().await?;
    Ok(Download {
        name: format!("letter-{decision}.pdf"),
        media_type: PDF.into(),
        bytes,
    })
}
