//! Letting a colleague know of a sealed child, and who knows of it.

use kernel::ids::{ChildId, OfficerId};
use kernel::journal::Entry;
use serde_json::json;

use crate::error::StoreError;
use crate::registry::file::ChildFile;
use crate::registry::guardian::entry_of;
use crate::work::{Change, Pen, Work};

/// An officer who answers for a sealed child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedOfficer {
    /// The officer.
    pub officer: OfficerId,
    /// The officer's name.
    pub name: String,
}

/// The officers who answer for a sealed child, for one of them; nobody is told to anybody else, nor of a child that is not
/// sealed.
///
/// # Errors
/// When the database does not answer.
pub async fn named_officers(
    work: &mut Work,
    child: ChildId,
) -> Result<Vec<NamedOfficer>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT officer_id AS "officer_id!", name AS "name!" FROM auth.named_for($1)"#,
        child.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let named = rows.into_iter().map(|row| NamedOfficer {
        officer: OfficerId::from_uuid(row.officer_id),
        name: row.name,
    });
    Ok(named.collect())
}

/// Lets a colleague of the own unit know of a sealed child; false where that is not the officer's to do, or the colleague's
/// post sees nothing sealed.
///
/// # Errors
/// When the database does not answer.
pub async fn confide(
    work: &mut Work,
    child: ChildId,
    colleague: OfficerId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT auth.confide_file($1, $2) AS "done!""#,
        child.uuid(),
        colleague.uuid()
    )
    .fetch_one(work.conn())
    .await?)
}

/// That a colleague was let know, for the journal.
#[derive(Debug)]
pub struct FileConfided<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The colleague.
    pub colleague: OfficerId,
}

impl Change for FileConfided<'_> {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        // Of a child that another status brings into view the entry would tell that there is something to keep.
        let entry = entry_of("registry.file_confided", self.file).sealed(true);
        vec![entry.after(json!({ "officer": self.colleague }))]
    }
}
