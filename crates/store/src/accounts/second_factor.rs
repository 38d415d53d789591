//! The second factor: one-time codes by time (RFC 6238) from a sealed secret, and recovery codes in its place.

use domain::organisation::second_factor::steps_that_count;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use kernel::clock::Entropy;
use kernel::ids::OfficerId;
use sha1::Sha1;
use zeroize::Zeroizing;

use super::codes::RecoveryCode;
use crate::error::StoreError;
use crate::installation;
use crate::work::Store;

/// The secret that the officer's telephone shares: 20 bytes, as RFC 4226 asks for HMAC-SHA-1.
///
/// SHA-1 because it is what every authenticator understands; its collisions do not touch HMAC.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<[u8; 20]>);

impl TotpSecret {
    /// A new secret.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 20]);
        entropy.fill(&mut *bytes);
        Self(bytes)
    }

    /// A secret that is none: everybody knows it. For demonstrations, whose people are invented.
    #[must_use]
    pub fn known(bytes: [u8; 20]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &*self.0
    }

    /// The six digits of a step.
    #[must_use]
    pub fn code(&self, step: i64) -> String {
        // A key of twenty bytes padded to the hash's block is one that cannot be refused.
        let mut block = Zeroizing::new([0; 64]);
        block[..20].copy_from_slice(&*self.0);
        let mut mac = <Hmac<Sha1> as KeyInit>::new((&*block).into());
        mac.update(&step.to_be_bytes());
        let digest: [u8; 20] = mac.finalize().into_bytes().into();
        let at = usize::from(digest[19] & 15);
        let word = digest[at..at + 4]
            .iter()
            .fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
        format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
    }

    /// The step that this code is of, among those that count at `now`.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Timestamp, last_used: Option<i64>) -> Option<i64> {
        let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        steps_that_count(now, last_used)
            .into_iter()
            .find(|step| self.code(*step) == typed)
    }

    /// The address that an authenticator reads, usually as a picture.
    #[must_use]
    pub fn address(&self, account: &str) -> Zeroizing<String> {
        let secret = base32(&*self.0);
        Zeroizing::new(format!(
            "otpauth://totp/Hutong:{account}?secret={}&issuer=Hutong&digits=6&period=30",
            *secret
        ))
    }
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// RFC 4648's base 32 of bytes whose bits are a multiple of five.
fn base32(bytes: &[u8]) -> Zeroizing<String> {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let group = |five: &[u8]| {
        let word = five
            .iter()
            .fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        (0..8)
            .rev()
            .map(move |at| char::from(LETTERS[(word >> (5 * at) & 31) as usize]))
    };
    Zeroizing::new(bytes.chunks(5).flat_map(group).collect())
}

/// The moment as the officers' telephones have it: a demo's clock is shifted by whole days, theirs are not.
///
/// # Errors
/// When the database does not answer.
pub async fn telephone_time(store: &Store) -> Result<Timestamp, StoreError> {
    let installation = installation::read(store.pool()).await?;
    let days = installation.map_or(0, |installation| installation.shift_days);
    let now = store.clock().now();
    Ok(now
        .checked_sub(SignedDuration::from_hours(24 * i64::from(days)))
        .unwrap_or(now))
}

/// Uses a step up; `false` when it, or a later one, was used meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn use_step(store: &Store, officer: OfficerId, step: i64) -> Result<bool, StoreError> {
    let used = sqlx::query_scalar!(
        r#"SELECT auth.use_step($1, $2) AS "used!""#,
        officer.uuid(),
        step
    )
    .fetch_one(store.pool())
    .await?;
    Ok(used)
}

/// Uses a recovery code up; `false` when it is none of the officer's, or no longer.
///
/// # Errors
/// When the database does not answer.
pub async fn use_recovery_code(
    store: &Store,
    officer: OfficerId,
    code: &RecoveryCode,
) -> Result<bool, StoreError> {
    let used = sqlx::query_scalar!(
        r#"SELECT auth.use_recovery_code($1, $2) AS "used!""#,
        officer.uuid(),
        code.digest(store.sealer())
    )
    .fetch_one(store.pool())
    .await?;
    Ok(used)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last six digits of the test values in RFC 6238, appendix B.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code(second / 30), code);
        }
        assert!(
            secret
                .address("li.wei")
                .contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&")
        );
    }

    #[test]
    fn a_code_counts_once_and_near_its_time() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(secret.step_of("287 082", at(59), None), Some(1));
        assert_eq!(secret.step_of("287082", at(89), None), Some(1));
        assert_eq!(secret.step_of("287082", at(90), None), None);
        assert_eq!(secret.step_of("287082", at(59), Some(1)), None);
    }
}
