//! What two installations hand to each other: signed by the sender (Ed25519), sealed to the receiver (HPKE of RFC 9180
//! with X25519, HKDF-SHA256 and ChaCha20-Poly1305).
//!
//! An envelope is eight fixed bytes, the kind (1), the package's id (16), the sender's signing key (32), the receiver's
//! sealing key (32), when it was made and when it expires (seconds since 1970, 8 bytes each, big-endian), the
//! encapsulated key (32), the ciphertext, and the signature (64) over everything before it. The ciphertext is bound to
//! all that stands before the encapsulated key, so that nobody signs another's content as his own.
//!
//! **Invariant.** Bounds are looked at before anything else, the signature before anything is opened; time and chance are
//! handed in.

mod error;
mod format;
mod keys;

pub use error::EnvelopeError;
pub use format::{Head, Kind, LARGEST, Opened, open, read, seal};
pub use keys::{Keys, Public};
