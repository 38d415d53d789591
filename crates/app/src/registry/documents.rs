//! Keeping and reading the documents of a file.

use kernel::ids::{ChildId, DocumentId};
use kernel::roles::Action;
use store::registry::{Document, DocumentAdded, Shown, ShownPart, document_content, documents};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, file_for};
use super::paper::{Paper, kept_paper};

/// The most bytes of a document.
pub const LARGEST_DOCUMENT: usize = 20 << 20;

/// What is kept of an uploaded document.
///
/// # Errors
/// [`Hindrance::MediaType`] for a content of no kind that is kept; [`Hindrance::Size`].
pub(crate) async fn kept_document(content: &[u8]) -> Result<Paper, Hindrance> {
    if content.is_empty() || content.len() > LARGEST_DOCUMENT {
        return Err(Hindrance::Size);
    }
    kept_paper(content).await.ok_or(Hindrance::MediaType)
}

/// Adds a document to a file, sealed; its media type is what its content says, and of a picture only its pixels are kept.
///
/// # Errors
/// [`Hindrance::MediaType`] for a content of no kind that is kept; [`Hindrance::Size`].
pub async fn add_document(
    work: &mut Work,
    child: ChildId,
    kind: &str,
    title: &str,
    content: &[u8],
) -> Result<DocumentId, CaseError> {
    let file = file_for(work, Action::EditChild, child).await?;
    let paper = kept_document(content).await?;
    let misfit = |field| CaseError::Edit(domain::registry::EditError::Misfit(field));
    let fits = |text: &str| {
        (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control)
    };
    if !fits(title.trim()) || domain::registry::holds_number(title) {
        return Err(misfit("title"));
    }
    if !fits(kind.trim()) || domain::registry::holds_number(kind) {
        return Err(misfit("kind"));
    }
    let document = Document {
        id: DocumentId::generate(work.now(), work.store().entropy()),
        kind: kind.trim().into(),
        title: title.trim().into(),
        media_type: paper.media_type.into(),
        added_at: work.now(),
    };
    let added = DocumentAdded {
        file: &file,
        document: &document,
        content: &paper.content,
    };
    work.apply(&added).await?;
    Ok(document.id)
}

/// Reads a document; the journal has it before the officer does.
///
/// # Errors
/// [`CaseError::NotFound`] for a document that is not this child's.
pub async fn read_document(
    work: &mut Work,
    child: ChildId,
    document: DocumentId,
) -> Result<(Document, Vec<u8>), CaseError> {
    let file = file_for(work, Action::OpenChild, child).await?;
    let all = documents(work, child).await?;
    let found = all.into_iter().find(|d| d.id == document);
    let found = found.ok_or(CaseError::NotFound)?;
    let content = document_content(work, child, document).await?;
    let what = ShownPart::Document(document);
    work.apply(&Shown { file: &file, what }).await?;
    Ok((found, content))
}
