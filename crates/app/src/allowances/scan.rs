//! The scan of a standard's document: added by whoever proposed it, read by everyone who sees the standard.

use domain::allowances::{StandardAct, StandardError};
use kernel::ids::StandardId;
use kernel::roles::Action;
use store::allowances::{Scan, ScanAdded, ScanRead, scan_content, standard};
use store::error::StoreError;
use store::work::Work;

use super::error::allowed;
use super::standard_error::StandardsError;
use super::standards::{decidable, subject};
use crate::registry::kept_document;

/// Adds the scan of its document to a standard that the officer proposed and nobody decided on, sealed; of a picture only its
/// pixels are kept.
///
/// # Errors
/// [`StandardsError::Scan`] for a content of no kind that is kept; [`StandardsError::Standard`], where refusals are journalled.
pub async fn attach_scan(
    work: &mut Work,
    id: StandardId,
    content: &[u8],
) -> Result<(), StandardsError> {
    allowed(work, StandardAct::Attach.needs(), subject(id)).await?;
    let found = decidable(work, id, StandardAct::Attach).await?;
    if found.scan.is_some() {
        return Err(StandardError::Scanned.into());
    }
    let paper = kept_document(content).await?;
    let added = ScanAdded {
        standard: id,
        media_type: paper.media_type,
        content: &paper.content,
    };
    match work.apply(&added).await {
        // Sent twice at once.
        Err(error) if error.is_collision() => Err(StandardError::Scanned.into()),
        // Decided meanwhile; what became of it shows when it is read again.
        Err(StoreError::Stale) => Err(StandardError::Gone.into()),
        done => Ok(done?),
    }
}

/// Reads the scan of a standard's document; the journal has it before the officer does.
///
/// # Errors
/// [`StandardsError::NotFound`] for a role that sees no money; [`StandardError::Gone`], [`StandardError::NoScan`].
pub async fn read_scan(work: &mut Work, id: StandardId) -> Result<(Scan, Vec<u8>), StandardsError> {
    allowed(work, Action::ViewMonth, subject(id)).await?;
    let found = standard(work, id).await?.ok_or(StandardError::Gone)?;
    let scan = found.scan.ok_or(StandardError::NoScan)?;
    let content = scan_content(work, id).await?;
    work.apply(&ScanRead { standard: id }).await?;
    Ok((scan, content))
}
