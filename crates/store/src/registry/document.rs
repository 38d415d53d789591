//! Documents of a child's file, sealed whole.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ChildId, DocumentId};
use kernel::journal::Entry;
use serde_json::json;

use crate::error::StoreError;
use crate::registry::file::ChildFile;
use crate::registry::guardian::entry_of;
use crate::seal::SealedAt;
use crate::work::{Change, Pen, Work};

/// A document without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// What kind of document, by its code.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// Its media type.
    pub media_type: String,
    /// When it was added.
    pub added_at: Timestamp,
}

/// The documents of a child's file, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn documents(work: &mut Work, child: ChildId) -> Result<Vec<Document>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, kind, title, media_type, added_at AS "added_at: jiff_sqlx::Timestamp" FROM registry_document
           WHERE child_id = $1 ORDER BY added_at DESC, id DESC"#,
        child.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Document {
            id: DocumentId::from_uuid(row.id),
            kind: row.kind,
            title: row.title,
            media_type: row.media_type,
            added_at: row.added_at.to_jiff(),
        })
        .collect())
}

fn cell(document: DocumentId) -> SealedAt {
    SealedAt {
        table: "registry_document",
        column: "content",
        row: document.uuid(),
    }
}

/// The content of a document of this child.
///
/// # Errors
/// [`StoreError::NotFound`] for a document that is not there or not of this child; otherwise when the database does not
/// answer, or the content does not open.
pub async fn document_content(
    work: &mut Work,
    child: ChildId,
    document: DocumentId,
) -> Result<Vec<u8>, StoreError> {
    let sealed = sqlx::query_scalar!(
        r#"SELECT content::bytea AS "content!" FROM registry_document WHERE id = $1 AND child_id = $2"#,
        document.uuid(),
        child.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    let plain = work.store().sealer().open(cell(document), &sealed)?;
    Ok(plain.to_vec())
}

/// A document added.
#[derive(Debug)]
pub struct DocumentAdded<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The document.
    pub document: &'a Document,
    /// Its content, to be sealed.
    pub content: &'a [u8],
}

impl Change for DocumentAdded<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let document = self.document;
        sqlx::query!(
            "INSERT INTO registry_document (id, child_id, kind, title, media_type, content, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            document.id.uuid(),
            self.file.child.uuid(),
            document.kind,
            document.title,
            document.media_type,
            pen.sealer.seal(cell(document.id), self.content),
            document.added_at.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let Document {
            id,
            kind,
            media_type,
            ..
        } = self.document;
        let after = json!({ "document": id, "kind": kind, "media_type": media_type, "bytes": self.content.len() });
        vec![entry_of("registry.document_added", self.file).after(after)]
    }
}

/// Something of a file was shown in full: a secret, or a document.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// What was shown.
    pub what: ShownPart,
}

/// A part of a file that is shown by an action of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownPart {
    /// A secret, by its name.
    Secret(&'static str),
    /// A document.
    Document(DocumentId),
    /// Who changed and who opened it.
    History,
}

impl Change for Shown<'_> {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        vec![match self.what {
            ShownPart::Secret(name) => {
                entry_of("registry.secret_revealed", self.file).after(json!({ "field": name }))
            }
            ShownPart::Document(id) => {
                entry_of("registry.document_read", self.file).after(json!({ "document": id }))
            }
            ShownPart::History => entry_of("registry.history_read", self.file),
        }]
    }
}
