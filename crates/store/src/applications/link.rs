//! Linking an application to its child's file.

use kernel::ids::{ApplicationId, ChildId, GrantId};
use kernel::journal::Entry;
use serde_json::json;

use super::application::{Application, at_version, entry_of};
use crate::error::StoreError;
use crate::work::{Change, Pen, Work};

/// An application linked to a file. The grant to the accepting unit, if any, is given before.
#[derive(Debug)]
pub struct Linked<'a> {
    /// The application as it was.
    pub application: &'a Application,
    /// The child.
    pub child: ChildId,
    /// The accepting unit's look at the file.
    pub grant: Option<GrantId>,
}

impl Change for Linked<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let id = self.application.id.uuid();
        let done = sqlx::query!(
            "UPDATE applications_application SET child_id = $3, grant_id = $4, version = version + 1 WHERE id = $1 AND version = $2",
            id,
            self.application.version,
            self.child.uuid(),
            self.grant.map(GrantId::uuid),
        )
        .execute(&mut *pen.conn)
        .await?;
        at_version(done.rows_affected())?;
        sqlx::query!("SELECT auth.confide_child($1)", id)
            .fetch_one(&mut *pen.conn)
            .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let after = json!({ "child": self.child, "grant": self.grant });
        vec![entry_of("applications.linked", self.application).after(after)]
    }
}

/// The open application of this child that the officer may see, other than `besides`.
///
/// # Errors
/// When the database does not answer.
pub async fn open_for(
    work: &mut Work,
    child: ChildId,
    besides: ApplicationId,
) -> Result<Option<ApplicationId>, StoreError> {
    let found = sqlx::query_scalar!(
        "SELECT id FROM applications_application
         WHERE child_id = $1 AND id <> $2 AND NOT sealed AND stage NOT IN ('closed', 'withdrawn')",
        child.uuid(),
        besides.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(found.map(ApplicationId::from_uuid))
}
