//! Sealing: what may be read only with the key file, bound to the very cell it stands in.
//!
//! A sealed value is one version byte, the key's id (4 bytes, big-endian), a random nonce (12 bytes) and the
//! AES-256-GCM-SIV ciphertext with its tag (16 bytes more than the plaintext). The table, the column and the row
//! are associated data: a ciphertext moved to another cell does not open. Each master key seals through one
//! derived key per table. Blind indexes are HMAC-SHA256 under a key that rotation leaves alone.
//!
//! **Invariant.** Nothing here shows a plaintext or a key in an error, a log or a `Debug` text.

mod error;
mod reseal;
mod rotate;
mod sealer;

pub use error::SealError;
pub use reseal::{Progress, Resealed, SEALED_COLUMNS, SealedColumn, keys_in_use, reseal};
pub use rotate::{Rotated, Rotation, rotate};
pub use sealer::{SealedAt, Sealer};
