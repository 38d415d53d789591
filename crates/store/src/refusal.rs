//! Refusals in the journal: what somebody asked for and was not given.
//!
//! **Invariant.** A refusal is written on a connection of its own, so that it stays when the work that met it is rolled
//! back. It tells what was asked for, never whether that exists.

use jiff_sqlx::ToSqlx;
use kernel::journal::Subject;

use crate::error::StoreError;
use crate::session::SessionToken;
use crate::work::Store;

impl Store {
    /// Journals that the officer of this session was refused `action` on `subject`. It is filed under the division of
    /// the officer's own unit, where the auditor looks.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] when the token names no session: nobody is there to journal. Otherwise when the
    /// database does not answer.
    pub async fn refuse(
        &self,
        token: &SessionToken,
        action: &'static str,
        subject: Subject,
        purpose: &str,
    ) -> Result<(), StoreError> {
        let mut work = self.begin(token, purpose).await?;
        let (at, officer, unit, role) = (work.now(), work.officer(), work.unit(), work.role());
        sqlx::query!(
            "INSERT INTO journal_entry (at, officer_id, unit_id, role, purpose, action, subject_kind, subject_id, division, refused)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT division FROM organisation_unit WHERE id = $3), true)",
            at.to_sqlx() as _,
            officer.uuid(),
            unit.uuid(),
            role.code(),
            purpose,
            action,
            subject.kind,
            subject.id,
        )
        .execute(work.conn())
        .await?;
        work.commit().await
    }
}
