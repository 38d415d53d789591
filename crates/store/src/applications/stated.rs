//! What an application states, sealed as one.

use domain::applications::Stated;
use kernel::ids::ApplicationId;
use kernel::journal::Entry;

use super::application::{Application, at_version, entry_of};
use crate::error::StoreError;
use crate::seal::{SealedAt, Sealer};
use crate::work::{Change, Pen, Work};

const fn cell(id: ApplicationId) -> SealedAt {
    SealedAt {
        table: "applications_application",
        column: "stated",
        row: id.uuid(),
    }
}

pub(crate) fn seal(
    sealer: &Sealer,
    id: ApplicationId,
    stated: &Stated,
) -> Result<Vec<u8>, StoreError> {
    Ok(sealer.seal(cell(id), &serde_json::to_vec(stated)?))
}

/// What the application states.
///
/// # Errors
/// [`StoreError::NotFound`] beyond reach; otherwise when the database does not answer or it does not open.
pub async fn stated(work: &mut Work, id: ApplicationId) -> Result<Stated, StoreError> {
    let sealed = sqlx::query_scalar!(
        r#"SELECT stated::bytea AS "stated!" FROM applications_application WHERE id = $1"#,
        id.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    let plain = work.store().sealer().open(cell(id), &sealed)?;
    serde_json::from_slice(&plain).map_err(|_| StoreError::Corrupt {
        table: "applications_application",
        column: "stated",
    })
}

/// What it states, stated anew.
#[derive(Debug)]
pub struct Restated<'a> {
    /// The application as it was read.
    pub application: &'a Application,
    /// What it states from here.
    pub stated: &'a Stated,
}

impl Change for Restated<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let id = self.application.id;
        let done = sqlx::query!(
            "UPDATE applications_application SET stated = $3, child_name = $4, version = version + 1 WHERE id = $1 AND version = $2",
            id.uuid(),
            self.application.version,
            seal(pen.sealer, id, self.stated)?,
            self.stated.child.name,
        )
        .execute(&mut *pen.conn)
        .await?;
        at_version(done.rows_affected())
    }

    fn entries(&self) -> Vec<Entry> {
        vec![entry_of("applications.restated", self.application).sealed_changed("stated")]
    }
}
