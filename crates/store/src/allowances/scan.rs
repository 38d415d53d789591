//! Scans of the documents that set standards, sealed whole.

use jiff_sqlx::ToSqlx;
use kernel::ids::StandardId;
use kernel::journal::{Entry, Subject};
use serde_json::json;

use crate::error::StoreError;
use crate::seal::SealedAt;
use crate::work::{Change, Pen, Work};

/// A scan without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub bytes: u32,
}

impl Scan {
    pub(super) fn of((media_type, bytes): (String, i32)) -> Self {
        Self {
            media_type,
            bytes: bytes.unsigned_abs(),
        }
    }
}

const fn cell(standard: StandardId) -> SealedAt {
    SealedAt {
        table: "allowances_standard_scan",
        column: "content",
        row: standard.uuid(),
    }
}

/// The content of a standard's scan.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none; otherwise when the database does not answer, or the content does not open.
pub async fn scan_content(work: &mut Work, standard: StandardId) -> Result<Vec<u8>, StoreError> {
    let sealed = sqlx::query_scalar!(
        r#"SELECT content::bytea AS "content!" FROM allowances_standard_scan WHERE standard_id = $1"#,
        standard.uuid()
    );
    let sealed = sealed.fetch_one(work.conn()).await?;
    let plain = work.store().sealer().open(cell(standard), &sealed)?;
    Ok(plain.to_vec())
}

/// The scan of a standard's document added.
#[derive(Debug)]
pub struct ScanAdded<'a> {
    /// The standard.
    pub standard: StandardId,
    /// The scan's media type.
    pub media_type: &'a str,
    /// Its content, to be sealed.
    pub content: &'a [u8],
}

impl Change for ScanAdded<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "INSERT INTO allowances_standard_scan (standard_id, media_type, bytes, content, added_by, added_at)
             SELECT id, $2, $3, $4::bytea, $5, $6 FROM allowances_standard WHERE id = $1 AND state = 'proposed' FOR SHARE",
            self.standard.uuid(),
            self.media_type,
            i32::try_from(self.content.len()).unwrap_or(i32::MAX),
            pen.sealer.seal(cell(self.standard), self.content),
            pen.officer.uuid(),
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        match done.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let after = json!({ "media_type": self.media_type, "bytes": self.content.len() });
        vec![entry_of("allowances.standard_scan_added", self.standard).after(after)]
    }
}

/// The scan of a standard's document shown to an officer.
#[derive(Debug)]
pub struct ScanRead {
    /// The standard.
    pub standard: StandardId,
}

impl Change for ScanRead {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        vec![entry_of("allowances.standard_scan_read", self.standard)]
    }
}

fn entry_of(action: &'static str, standard: StandardId) -> Entry {
    Entry::new(action, Subject::new("standard", standard.uuid()))
}
