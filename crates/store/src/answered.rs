//! Requests that create, answered once: a repeated request is told what the first one created.
//!
//! **Invariant.** The key is taken in the transaction that creates, so that both last or neither does.

use uuid::Uuid;

use crate::error::StoreError;
use crate::work::Work;

/// What a key has been used for by this appointment, within a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// For nothing yet; it is taken for this request now.
    Fresh,
    /// For this very request, which created this.
    Before {
        /// What was created.
        id: Uuid,
        /// In which version.
        version: i32,
    },
    /// For another request.
    Otherwise,
}

impl Work {
    /// Takes `key` for the request with this digest. Waits while another request with the same key is being answered.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] when the session ended meanwhile; otherwise when the database does not answer.
    pub async fn answer_once(
        &mut self,
        key: &str,
        request: &[u8; 32],
    ) -> Result<Answered, StoreError> {
        let row = sqlx::query!(
            r#"SELECT fresh AS "fresh!", same AS "same!", made, version FROM auth.answer_once($1, $2)"#,
            key,
            request.as_slice()
        )
        .fetch_optional(self.conn())
        .await?
        .ok_or(StoreError::NoSession)?;
        Ok(match (row.fresh, row.same, row.made, row.version) {
            (true, ..) => Answered::Fresh,
            (false, true, Some(id), Some(version)) => Answered::Before { id, version },
            _ => Answered::Otherwise,
        })
    }

    /// Keeps what the request of `key` created.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn answer_given(
        &mut self,
        key: &str,
        id: Uuid,
        version: i32,
    ) -> Result<(), StoreError> {
        sqlx::query!("SELECT auth.answer_given($1, $2, $3)", key, id, version)
            .fetch_one(self.conn())
            .await?;
        Ok(())
    }
}
