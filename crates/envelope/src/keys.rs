//! An installation's keys, and what it shows of them.

use std::fmt;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use hpke::kem::X25519HkdfSha256;
use hpke::{Kem, Serializable};
use kernel::clock::Entropy;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The two public keys of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Public {
    /// Ed25519: by which its signatures are told.
    pub sign: [u8; 32],
    /// X25519: to which packages for it are sealed.
    pub open: [u8; 32],
}

impl Public {
    /// What two people read to each other before they trust the keys: 128 bits of a digest over both, in groups of four.
    ///
    /// ```
    /// use envelope::Keys;
    /// use kernel::clock::SeededEntropy;
    /// let keys = Keys::generate(&SeededEntropy::new(1)).public();
    /// assert_eq!(keys.fingerprint().len(), 39);
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new()
            .chain_update(b"hutong exchange keys 1")
            .chain_update(self.sign)
            .chain_update(self.open)
            .finalize();
        let groups: Vec<String> = digest[..16]
            .chunks(2)
            .map(|pair| pair.iter().map(|byte| format!("{byte:02x}")).collect())
            .collect();
        groups.join("-")
    }

    /// Whether both are keys at all.
    #[must_use]
    pub fn are_keys(&self) -> bool {
        let verifying = VerifyingKey::from_bytes(&self.sign);
        verifying.is_ok_and(|key| !key.is_weak()) && self.open != [0; 32]
    }
}

/// An installation's secret keys. Nothing of them shows in `Debug`.
///
/// ```
/// use envelope::Keys;
/// use kernel::clock::SeededEntropy;
/// let keys = Keys::generate(&SeededEntropy::new(1));
/// let kept = Keys::from_secret(&keys.secret()).unwrap();
/// assert_eq!(kept.public(), keys.public());
/// ```
pub struct Keys {
    sign: Zeroizing<[u8; 32]>,
    open: Zeroizing<[u8; 32]>,
}

impl Keys {
    /// New keys.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let (mut sign, mut open) = (Zeroizing::new([0; 32]), Zeroizing::new([0; 32]));
        entropy.fill(&mut *sign);
        entropy.fill(&mut *open);
        Self { sign, open }
    }

    /// The keys of what [`Keys::secret`] answered; none for bytes of another length.
    #[must_use]
    pub fn from_secret(secret: &[u8]) -> Option<Self> {
        let (sign, open) = secret.split_first_chunk::<32>()?;
        Some(Self {
            sign: Zeroizing::new(*sign),
            open: Zeroizing::new(open.try_into().ok()?),
        })
    }

    /// Sixty-four secret bytes, to be kept sealed.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([*self.sign, *self.open].concat())
    }

    /// What may be shown.
    #[must_use]
    pub fn public(&self) -> Public {
        let (_, open) = self.pair();
        Public {
            sign: self.signing().verifying_key().to_bytes(),
            open: open.to_bytes().into(),
        }
    }

    pub(crate) fn pair(
        &self,
    ) -> (
        <X25519HkdfSha256 as Kem>::PrivateKey,
        <X25519HkdfSha256 as Kem>::PublicKey,
    ) {
        X25519HkdfSha256::derive_keypair(&*self.open)
    }

    pub(crate) fn signature(&self, bytes: &[u8]) -> [u8; 64] {
        self.signing().sign(bytes).to_bytes()
    }

    fn signing(&self) -> SigningKey {
        SigningKey::from_bytes(&self.sign)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}
