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

    /// The token in the form its cookie carries: 64 hexadecimal digits. For the officer's browser alone.
    #[must_use]
    pub fn cookie_text(&self) -> String {
        self.hex()
    }

    /// The token that [`SessionToken::cookie_text`] wrote; `None` for anything else.
    #[must_use]
    pub fn from_cookie_text(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let value = |digit: u8| match digit {
                b'0'..=b'9' => Some(digit - b'0'),
                b'a'..=b'f' => Some(digit - b'a' + 10),
                _ => None,
            };
            *byte = value(pair[0])? << 4 | value(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// The form in which the transaction's setting carries it.
    pub(crate) fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
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
