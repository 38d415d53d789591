//! Keeping and reading the documents of a file.

use kernel::ids::{ChildId, DocumentId};
use kernel::roles::Action;
use store::registry::{Document, DocumentAdded, Shown, ShownPart, document_content, documents};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, file_for};

/// The most bytes of a document.
pub const LARGEST_DOCUMENT: usize = 20 << 20;
/// What begins a file of each kind that is kept.
const KINDS: [(&str, &[u8]); 4] = [
    ("application/pdf", b"%PDF-"),
    ("image/jpeg", &[0xFF, 0xD8, 0xFF]),
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/webp", b"RIFF"),
];

/// The media type of a file of a kind that is kept.
pub(crate) fn media_type_of(content: &[u8]) -> Option<&'static str> {
    let begins = |(_, mark): &&(&str, &[u8])| content.starts_with(mark);
    let (kind, _) = KINDS.iter().find(begins)?;
    // Sounds and films begin with RIFF as well.
    let is_webp = content.get(8..12) == Some(b"WEBP");
    (*kind != "image/webp" || is_webp).then_some(*kind)
}

/// Adds a document to a file, sealed; its media type is what its content says.
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
    if content.is_empty() || content.len() > LARGEST_DOCUMENT {
        return Err(Hindrance::Size.into());
    }
    let media_type = media_type_of(content).ok_or(Hindrance::MediaType)?;
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
        media_type: media_type.into(),
        added_at: work.now(),
    };
    let added = DocumentAdded {
        file: &file,
        document: &document,
        content,
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
