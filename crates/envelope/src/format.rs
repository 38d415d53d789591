//! Making envelopes, reading their outside, opening them.

use std::convert::Infallible;

use ed25519_dalek::{Signature, VerifyingKey};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use jiff::{SignedDuration, Timestamp};
use kernel::clock::Entropy;
use kernel::ids::PackageId;
use uuid::Uuid;

use crate::error::EnvelopeError;
use crate::keys::{Keys, Public};

/// The most bytes an envelope has: 20 MB.
pub const LARGEST: usize = 20 << 20;

const MAGIC: &[u8; 8] = b"HUTONGX1";
const INFO: &[u8] = b"hutong exchange 1";
const ID: usize = 9;
const FROM: usize = 25;
const TO: usize = 57;
const MADE: usize = 89;
const EXPIRES: usize = 97;
/// Where the head ends, which is the associated data.
const HEAD: usize = 105;
const CIPHERTEXT: usize = HEAD + 32;
const TAG: usize = 16;
const SIGNATURE: usize = 64;
/// What stands around the content.
const AROUND: usize = CIPHERTEXT + TAG + SIGNATURE;
/// How far two clocks may be apart.
const APART: SignedDuration = SignedDuration::from_hours(1);

/// What an envelope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An application, forwarded.
    Application,
    /// Where an application stands.
    Status,
    /// That a package was received.
    Receipt,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Application, Self::Status, Self::Receipt];

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Status => "status",
            Self::Receipt => "receipt",
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Application => 1,
            Self::Status => 2,
            Self::Receipt => 3,
        }
    }
}

/// The outside of an envelope. Before the signature is looked at, it is what somebody claims.
///
/// ```
/// use envelope::{EnvelopeError, read};
/// assert_eq!(read(b"a letter"), Err(EnvelopeError::NotAnEnvelope));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// What it holds.
    pub kind: Kind,
    /// The package's id: sent again, it is the same.
    pub id: PackageId,
    /// The sender's signing key.
    pub from: [u8; 32],
    /// The receiver's sealing key.
    pub to: [u8; 32],
    /// When it was made, to the second.
    pub made: Timestamp,
    /// From when it is not taken any more.
    pub expires: Timestamp,
}

impl Head {
    fn bytes(&self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8] = self.kind.byte();
        bytes[ID..FROM].copy_from_slice(self.id.uuid().as_bytes());
        bytes[FROM..TO].copy_from_slice(&self.from);
        bytes[TO..MADE].copy_from_slice(&self.to);
        bytes[MADE..EXPIRES].copy_from_slice(&self.made.as_second().to_be_bytes());
        bytes[EXPIRES..].copy_from_slice(&self.expires.as_second().to_be_bytes());
        bytes
    }
}

/// An envelope that was opened: its outside, which the sender signed, and its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The outside.
    pub head: Head,
    /// The content.
    pub content: Vec<u8>,
}

/// Seals `content` to `receiver` and signs all of it.
///
/// # Errors
/// [`EnvelopeError::TooLarge`], [`EnvelopeError::Sealed`] where the receiver's key is none.
///
/// ```
/// use envelope::{Keys, Kind, open, seal};
/// use jiff::SignedDuration;
/// use kernel::clock::SeededEntropy;
/// use kernel::ids::PackageId;
/// let entropy = SeededEntropy::new(1);
/// let (town, county) = (Keys::generate(&entropy), Keys::generate(&entropy));
/// let now = "2021-11-04T09:00:00+08:00".parse()?;
/// let id = PackageId::generate(now, &entropy);
/// let until = now + SignedDuration::from_hours(24);
/// let sent = seal(Kind::Status, id, &town, &county.public(), (now, until), b"told", &entropy)?;
/// let opened = open(&sent, &county, &town.public(), now)?;
/// assert_eq!((opened.head.id, &*opened.content), (id, &b"told"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn seal(
    kind: Kind,
    id: PackageId,
    sender: &Keys,
    receiver: &Public,
    (made, expires): (Timestamp, Timestamp),
    content: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, EnvelopeError> {
    if content.len() > LARGEST - AROUND {
        return Err(EnvelopeError::TooLarge);
    }
    let head = Head {
        kind,
        id,
        from: sender.public().sign,
        to: receiver.open,
        made,
        expires,
    };
    let head = head.bytes();
    let key = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&receiver.open)
        .map_err(|_| EnvelopeError::Sealed)?;
    let (encapsulated, ciphertext) =
        hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &key,
            INFO,
            content,
            &head,
            &mut Drawn(entropy),
        )
        .map_err(|_| EnvelopeError::Sealed)?;
    let mut bytes = Vec::with_capacity(content.len() + AROUND);
    bytes.extend_from_slice(&head);
    bytes.extend_from_slice(&encapsulated.to_bytes());
    bytes.extend_from_slice(&ciphertext);
    let signature = sender.signature(&bytes);
    bytes.extend_from_slice(&signature);
    Ok(bytes)
}

/// Reads the outside of an envelope, to learn who claims to have sent it.
///
/// # Errors
/// [`EnvelopeError::TooLarge`], [`EnvelopeError::NotAnEnvelope`].
pub fn read(bytes: &[u8]) -> Result<Head, EnvelopeError> {
    if bytes.len() > LARGEST {
        return Err(EnvelopeError::TooLarge);
    }
    outside(bytes).ok_or(EnvelopeError::NotAnEnvelope)
}

fn outside(bytes: &[u8]) -> Option<Head> {
    if bytes.len() < AROUND || !bytes.starts_with(MAGIC) {
        return None;
    }
    let id: [u8; 16] = bytes[ID..FROM].try_into().ok()?;
    Some(Head {
        kind: Kind::ALL.into_iter().find(|kind| kind.byte() == bytes[8])?,
        id: PackageId::from_uuid(Uuid::from_bytes(id)),
        from: bytes[FROM..TO].try_into().ok()?,
        to: bytes[TO..MADE].try_into().ok()?,
        made: seconds(&bytes[MADE..EXPIRES])?,
        expires: seconds(&bytes[EXPIRES..HEAD])?,
    })
}

fn seconds(bytes: &[u8]) -> Option<Timestamp> {
    Timestamp::from_second(i64::from_be_bytes(bytes.try_into().ok()?)).ok()
}

/// Opens an envelope that `sender` signed for the holder of `receiver`.
///
/// # Errors
/// [`EnvelopeError`]: bounds and form are looked at first, then the signature, the receiver, the time, the content.
pub fn open(
    bytes: &[u8],
    receiver: &Keys,
    sender: &Public,
    now: Timestamp,
) -> Result<Opened, EnvelopeError> {
    let head = read(bytes)?;
    let (signed, signature) = bytes.split_at(bytes.len() - SIGNATURE);
    let signature = Signature::from_slice(signature).map_err(|_| EnvelopeError::Signature)?;
    let by = VerifyingKey::from_bytes(&sender.sign).map_err(|_| EnvelopeError::Signature)?;
    if head.from != sender.sign || by.verify_strict(signed, &signature).is_err() {
        return Err(EnvelopeError::Signature);
    }
    if head.to != receiver.public().open {
        return Err(EnvelopeError::NotForUs);
    }
    if now >= head.expires {
        return Err(EnvelopeError::Expired);
    }
    if head.made > now.saturating_add(APART).unwrap_or(Timestamp::MAX) {
        return Err(EnvelopeError::NotYet);
    }
    let (key, _) = receiver.pair();
    let encapsulated =
        <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&signed[HEAD..CIPHERTEXT])
            .map_err(|_| EnvelopeError::Sealed)?;
    let content = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &key,
        &encapsulated,
        INFO,
        &signed[CIPHERTEXT..],
        &signed[..HEAD],
    )
    .map_err(|_| EnvelopeError::Sealed)?;
    Ok(Opened { head, content })
}

/// Chance as the cipher asks for it.
struct Drawn<'e>(&'e dyn Entropy);

impl Drawn<'_> {
    fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes);
        bytes
    }
}

impl TryRng for Drawn<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Drawn<'_> {}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
