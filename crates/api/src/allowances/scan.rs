//! `/api/allowances/standards/{id}/scan`: the scan of the document that sets a rate.

use app::registry::LARGEST_DOCUMENT;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::ids::StandardId;
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;

use super::standards::standard_problem;
use crate::operation::{At, Caller, Done, Download, Operation, Sent};
use crate::problem::{Kind, Problem};

/// The largest scan in base64, and what stands around it.
const BODY_LIMIT: usize = LARGEST_DOCUMENT.div_ceil(3) * 4 + 64 * 1024;
const PATH: &str = "/api/allowances/standards/{id}/scan";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::put("allowances.attach_scan", PATH)
            .needs(Action::ProposeStandard)
            .summary("Add the scan of its document to a rate that the caller proposed, sealed; it is not replaced")
            .body_limit(BODY_LIMIT)
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(attach),
        Operation::get("allowances.read_scan", PATH)
            .needs(Action::ViewMonth)
            .summary("Read the scan of a rate's document; the journal keeps it")
            .answers_problems(&[Kind::Conflict])
            .handled_by(read),
    ]
}

/// A scan to keep.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScanEntry {
    /// A PDF, JPEG, PNG or WebP file of at most 20 MB, in base64.
    #[schema(format = Byte)]
    content: String,
}

async fn attach(
    caller: Caller,
    At(id): At<StandardId>,
    Sent(sent): Sent<ScanEntry>,
) -> Result<Done, Problem> {
    let content = STANDARD.decode(&sent.content);
    let content = content.map_err(|_| Problem::from(Kind::Invalid).with("field", "content"))?;
    let mut work = caller.work().await?;
    let attached = app::allowances::attach_scan(&mut work, id, &content).await;
    attached.map_err(standard_problem)?;
    work.commit().await?;
    Ok(Done)
}

async fn read(caller: Caller, At(id): At<StandardId>) -> Result<Download, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::read_scan(&mut work, id).await;
    let (scan, bytes) = found.map_err(standard_problem)?;
    work.commit().await?;
    let ending = scan.media_type.rsplit('/').next().unwrap_or_default();
    Ok(Download {
        name: format!("hutong-{id}.{ending}"),
        media_type: scan.media_type.into(),
        bytes,
    })
}
