//! The papers of an application.

use domain::registry::{EditError, holds_number};
use kernel::ids::{ApplicationId, PaperId};
use kernel::roles::Action;
use store::applications::{PaperNoted, PaperShown, PaperState, paper_content, papers};
use store::error::StoreError;
use store::work::Work;

use super::amend::changeable;
use super::error::{ApplicationError, Obstacle, held, seen};
use crate::registry::{LARGEST_DOCUMENT, kept_paper};

/// Notes how a paper was seen, with its scan where there is one.
///
/// # Errors
/// [`Obstacle::Fixed`], [`Obstacle::MediaType`], [`Obstacle::Size`]; [`ApplicationError::Edit`] for a code that is none.
pub async fn note_paper(
    work: &mut Work,
    id: ApplicationId,
    code: &str,
    state: PaperState,
    scan: Option<&[u8]>,
) -> Result<PaperId, ApplicationError> {
    let application = held(work, Action::HandleApplication, id).await?;
    changeable(work, &application)?;
    let fits = (1..=60).contains(&code.chars().count()) && !code.chars().any(char::is_control);
    if !fits || holds_number(code) {
        return Err(EditError::Misfit("code").into());
    }
    let scan = match scan {
        None => None,
        Some(bytes) if bytes.is_empty() || bytes.len() > LARGEST_DOCUMENT => {
            return Err(Obstacle::Size.into());
        }
        Some(bytes) => Some(kept_paper(bytes).await.ok_or(Obstacle::MediaType)?),
    };
    let mut noted = papers(work, id).await?.into_iter();
    let known = noted.find(|paper| paper.code == code);
    let paper = known.map_or_else(
        || PaperId::generate(work.now(), work.store().entropy()),
        |paper| paper.id,
    );
    let change = PaperNoted {
        application: &application,
        id: paper,
        code,
        state,
        scan: scan
            .as_ref()
            .map(|paper| (paper.media_type, paper.content.as_slice())),
    };
    work.apply(&change).await?;
    Ok(paper)
}

/// Reads a scan; the journal has it before the officer does.
///
/// # Errors
/// [`Obstacle::NoSuchPaper`].
pub async fn read_paper(
    work: &mut Work,
    id: ApplicationId,
    paper: PaperId,
) -> Result<(String, Vec<u8>), ApplicationError> {
    let application = seen(work, Action::ViewApplications, id).await?;
    let content = match paper_content(work, id, paper).await {
        Err(StoreError::NotFound) => return Err(Obstacle::NoSuchPaper.into()),
        found => found?,
    };
    let shown = PaperShown {
        application: &application,
        paper: Some(paper),
    };
    work.apply(&shown).await?;
    Ok(content)
}
