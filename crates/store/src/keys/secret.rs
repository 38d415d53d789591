//! Thirty-two secret bytes and what is derived from them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::clock::Entropy;
use serde::{Deserialize, Deserializer, de};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Thirty-two secret bytes, wiped when dropped and never shown.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    pub(super) fn random(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(&mut *bytes);
        Self(bytes)
    }

    /// A key for one purpose: HKDF-Expand (RFC 5869) of one block, for which a uniformly random secret needs no extraction.
    pub(crate) fn derive(&self, purpose: &[&str]) -> Zeroizing<[u8; 32]> {
        let mut mac = hmac(&self.0);
        for part in purpose {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        mac.update(&[1]);
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    /// As written in the key file.
    pub(super) fn encoded(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(*self.0))
    }
}

/// HMAC-SHA256 under a 32-byte key. HMAC pads a short key with zeros to the hash's block; padding it here makes
/// the key's length one that cannot be refused.
pub(crate) fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    <Hmac<Sha256> as KeyInit>::new((&*block).into())
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = Zeroizing::new(
            STANDARD
                .decode(text.as_bytes())
                .map_err(|_| de::Error::custom("not base64"))?,
        );
        let bytes = bytes
            .as_slice()
            .try_into()
            .map_err(|_| de::Error::custom("not 32 bytes"))?;
        Ok(Self(Zeroizing::new(bytes)))
    }
}
