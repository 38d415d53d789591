//! Refusals in the journal: what somebody asked for and was not given.
//!
//! **Invariant.** A refusal is written on a connection of its own, so that it stays when the work that met it is rolled
//! back. It tells what was asked for, never whether that exists.

use std::time::Duration;

use jiff_sqlx::ToSqlx;
use kernel::journal::Subject;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use crate::error::StoreError;
use crate::session::SessionToken;
use crate::work::Store;

/// How many refusals are written at once.
const AT_ONCE: u32 = 2;

/// Connections of their own for refusals. Work that meets a refusal still holds its connection: if the refusal took one
/// of the same, as many refusals at once as there are connections would wait for one another.
pub(crate) fn connections(pool: &PgPool) -> PgPool {
    PgPoolOptions::new()
        .max_connections(AT_ONCE)
        .idle_timeout(Duration::from_secs(60))
        .connect_lazy_with((*pool.connect_options()).clone())
}

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
        let tx = self.refusals().begin().await?;
        let mut work = self.begin_in(tx, token, purpose).await?;
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
