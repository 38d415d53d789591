//! `POST /api/applications/{id}/papers` and `GET …/{paper}`: the checklist and its scans.

use app::registry::LARGEST_DOCUMENT;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::ids::{ApplicationId, PaperId};
use kernel::roles::Action;
use serde::Deserialize;
use store::applications::PaperState;
use utoipa::ToSchema;

use super::problem::problem;
use crate::operation::{Asked, At, Caller, Created, Download, Once, Operation, Sent};
use crate::problem::{Kind, Problem};
use crate::registry::{Opening, purpose};

/// The largest scan in base64, and what stands around it.
const BODY_LIMIT: usize = LARGEST_DOCUMENT.div_ceil(3) * 4 + 64 * 1024;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("applications.note_paper", "/api/applications/{id}/papers")
            .needs(Action::HandleApplication)
            .summary("Note how a paper was seen, with its scan where there is one")
            .body_limit(BODY_LIMIT)
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(note),
        Operation::get(
            "applications.read_paper",
            "/api/applications/{id}/papers/{paper}",
        )
        .needs(Action::ViewApplications)
        .summary("Read the scan of a paper for a stated purpose, which the journal keeps")
        .answers_problems(&[Kind::Conflict, Kind::Invalid])
        .handled_by(read),
    ]
}

/// A paper of the checklist.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PaperEntry {
    /// Which paper, by its code.
    #[schema(min_length = 1, max_length = 60)]
    code: String,
    /// `received checked missing`.
    state: String,
    /// Its scan: a PDF, JPEG, PNG or WebP file of at most 20 MB, in base64.
    #[schema(format = Byte)]
    content: Option<String>,
}

async fn note(
    caller: Caller,
    At(id): At<ApplicationId>,
    once: Once,
    Sent(sent): Sent<PaperEntry>,
) -> Result<Created, Problem> {
    let invalid = |field: &str| Problem::from(Kind::Invalid).with("field", field);
    let state = PaperState::from_code(&sent.state).ok_or_else(|| invalid("state"))?;
    let scan = sent.content.map(|text| STANDARD.decode(text));
    let scan = scan.transpose().map_err(|_| invalid("content"))?;
    let work = caller.work().await?;
    once.create(work, async |work| {
        let noted = app::applications::note_paper(work, id, &sent.code, state, scan.as_deref());
        let id = noted.await.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

async fn read(
    caller: Caller,
    At((id, paper)): At<(ApplicationId, PaperId)>,
    Asked(opening): Asked<Opening>,
) -> Result<Download, Problem> {
    let mut work = caller.begin(purpose(&opening.purpose)?).await?;
    let found = app::applications::read_paper(&mut work, id, paper).await;
    let (media_type, bytes) = found.map_err(problem)?;
    work.commit().await?;
    let ending = media_type.rsplit('/').next().unwrap_or_default();
    Ok(Download {
        name: format!("hutong-{paper}.{ending}"),
        media_type: media_type.into(),
        bytes,
    })
}
