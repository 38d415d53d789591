//! Sessions: a token that names an appointment, and through it an officer, a role and a reach.
//!
//! **Invariant.** Only the token's hash is stored, in a table the program's role cannot read.

use std::fmt;

use kernel::clock::Entropy;
use kernel::ids::AppointmentId;
use sha2::{Digest, Sha256};
use sqlx::{PgExecutor, PgPool};

use crate::error::StoreError;

/// A session's secret: 32 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// A fresh token.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        Self(bytes)
    }

    /// The form in which the transaction's setting carries it.
    pub(crate) fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken")
    }
}

/// Opens a session of twelve hours for an appointment, as the owner.
///
/// # Errors
/// When the appointment does not exist or the database does not answer.
pub async fn open(
    owner: impl PgExecutor<'_>,
    appointment: AppointmentId,
    entropy: &dyn Entropy,
) -> Result<SessionToken, StoreError> {
    let token = SessionToken::generate(entropy);
    sqlx::query!(
        "INSERT INTO auth.session (token_hash, appointment_id, expires_at) VALUES ($1, $2, now() + interval '12 hours')",
        token.hash(),
        appointment.uuid()
    )
    .execute(owner)
    .await?;
    Ok(token)
}

/// Ends a session, and clears away those whose time is over.
///
/// # Errors
/// When the database does not answer.
pub async fn close(owner: &PgPool, token: &SessionToken) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM auth.session WHERE token_hash = $1 OR expires_at < now()",
        token.hash()
    )
    .execute(owner)
    .await?;
    Ok(())
}
