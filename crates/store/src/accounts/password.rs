//! Passwords: argon2id, a few at a time.
//!
//! **Invariant.** At most [`AT_ONCE`] passwords are hashed at one moment, each in 19 MiB that are used again and again, so
//! that a rush of sign-ins cannot take the machine's memory. (Given back to the allocator each time, they came to a
//! gibibyte in its arenas.)

use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use kernel::clock::Entropy;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::error::StoreError;

/// Kibibytes and passes of argon2id: the least that OWASP advises, as of 2024.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// How many are hashed at once: 76 MiB in all.
const AT_ONCE: usize = 4;

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);
/// The memory of those who are not at work; never more than [`AT_ONCE`] are lent.
static MEMORIES: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// A stored password: `v1$salt$hash`, where version 1 fixes the parameters.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// What the database holds.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// For the database.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// Hashes a new password.
///
/// # Errors
/// When the program is ending, or memory fails.
pub async fn hash(
    password: Zeroizing<String>,
    entropy: &dyn Entropy,
) -> Result<PasswordHash, StoreError> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let hash = derive(password, salt).await?;
    Ok(PasswordHash(format!(
        "v1${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(*hash)
    )))
}

/// Whether this is the password. Without a stored one the same work is done for nothing, so that the time taken does
/// not tell whether there is an account.
///
/// # Errors
/// As [`hash`].
pub async fn matches(
    password: Zeroizing<String>,
    stored: Option<&PasswordHash>,
) -> Result<bool, StoreError> {
    let known = stored.and_then(|hash| read(&hash.0));
    let (salt, expected) = known.unwrap_or(([0; 16], [0; 32]));
    let found = derive(password, salt).await?;
    let same = found
        .iter()
        .zip(expected)
        .fold(0, |differing, (a, b)| differing | (a ^ b));
    Ok(known.is_some() && same == 0)
}

fn read(stored: &str) -> Option<([u8; 16], [u8; 32])> {
    let (salt, hash) = stored.strip_prefix("v1$")?.split_once('$')?;
    let bytes = |text: &str| STANDARD_NO_PAD.decode(text).ok();
    Some((bytes(salt)?.try_into().ok()?, bytes(hash)?.try_into().ok()?))
}

async fn derive(
    password: Zeroizing<String>,
    salt: [u8; 16],
) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    let _place = PLACES.acquire().await.map_err(|_| StoreError::Unhashed)?;
    let work = move || {
        let params = Params::new(MEMORY, PASSES, 1, Some(32)).ok()?;
        let mut memory = memories()
            .pop()
            .unwrap_or_else(|| vec![Block::default(); params.block_count()]);
        let mut hash = Zeroizing::new([0; 32]);
        let hashed = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(password.as_bytes(), &salt, &mut *hash, &mut memory);
        memories().push(memory);
        hashed.ok()?;
        Some(hash)
    };
    let hashed = tokio::task::spawn_blocking(work).await;
    hashed.ok().flatten().ok_or(StoreError::Unhashed)
}

fn memories() -> MutexGuard<'static, Vec<Vec<Block>>> {
    MEMORIES.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use kernel::clock::SeededEntropy;

    use super::*;

    fn typed(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn only_the_password_matches() {
        let hash = hash(typed("荆河两岸柳树发芽了吗"), &SeededEntropy::new(1))
            .await
            .unwrap();
        assert!(
            matches(typed("荆河两岸柳树发芽了吗"), Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !matches(typed("荆河两岸柳树发芽了"), Some(&hash))
                .await
                .unwrap()
        );
        for broken in ["", "v1$", "v1$$", "v2$AAAA$AAAA"] {
            let broken = PasswordHash::stored(broken.into());
            assert!(!matches(typed(""), Some(&broken)).await.unwrap());
        }
        assert!(!matches(typed(""), None).await.unwrap());
        assert_eq!(format!("{hash:?}"), "PasswordHash");
    }
}
