//! `/api/registry/children/{id}/documents`: scans and photographs of a file. Opening the file lists them.

use app::registry::LARGEST_DOCUMENT;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::ids::{ChildId, DocumentId};
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;

use super::open::Opening;
use super::problem::{invalid, problem, purpose};
use crate::operation::{Asked, At, Caller, Created, Download, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

/// The largest document in base64, and what stands around it.
const BODY_LIMIT: usize = LARGEST_DOCUMENT.div_ceil(3) * 4 + 64 * 1024;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(
            "registry.add_document",
            "/api/registry/children/{id}/documents",
        )
        .needs(Action::EditChild)
        .summary("Add a document to a file, sealed")
        .body_limit(BODY_LIMIT)
        .answers_problems(&[Kind::Conflict])
        .handled_by(add),
        Operation::get(
            "registry.read_document",
            "/api/registry/children/{id}/documents/{document}",
        )
        .needs(Action::OpenChild)
        .summary("Read a document for a stated purpose, which the journal keeps")
        .answers_problems(&[Kind::Conflict, Kind::Invalid])
        .handled_by(read),
    ]
}

/// A document to keep. Its title may name people, and addresses end up in logs: hence a body with everything in it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DocumentEntry {
    /// What kind of document, by its code.
    #[schema(min_length = 1, max_length = 100)]
    kind: String,
    #[schema(min_length = 1, max_length = 100)]
    title: String,
    /// A PDF, JPEG, PNG or WebP file of at most 20 MB, in base64.
    #[schema(format = Byte)]
    content: String,
}

async fn add(
    caller: Caller,
    At(child): At<ChildId>,
    once: Once,
    Sent(sent): Sent<DocumentEntry>,
) -> Result<Created, Problem> {
    let content = STANDARD.decode(&sent.content);
    let content = content.map_err(|_| invalid("content"))?;
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::registry::add_document(work, child, &sent.kind, &sent.title, &content).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

async fn read(
    caller: Caller,
    At((child, document)): At<(ChildId, DocumentId)>,
    Asked(opening): Asked<Opening>,
) -> Result<Download, Problem> {
    let mut work = caller.begin(purpose(&opening.purpose)?).await?;
    let found = app::registry::read_document(&mut work, child, document).await;
    let (kept, bytes) = found.map_err(problem)?;
    work.commit().await?;
    let ending = kept.media_type.rsplit('/').next().unwrap_or_default();
    Ok(Download {
        name: format!("hutong-{document}.{ending}"),
        media_type: kept.media_type.into(),
        bytes,
    })
}
