//! The key file: the secrets that open what is sealed, and their escrow.
//!
//! One file holds the installation's id, the secret of the blind indexes and one or more master keys. The newest
//! key is active and seals; retired ones still open. Rotating adds a key and never changes the index secret, so
//! that every blind index stays valid: it protects against a stolen *sealing* key, while the index secret opens
//! nothing and is replaced only with the whole file.
//!
//! **Invariant.** A key file is never overwritten by a new one, never half-written (a draft is synced, then moved)
//! and never readable by anybody but its owner; no key ever appears in an error, a log or a `Debug` text.

mod error;
mod escrow;
mod file;
mod secret;
mod text;

pub use error::KeyError;
pub use escrow::{Passphrase, escrow, restore};
pub use file::{GRACE, KeyFile, KeyState, MasterKey};
pub(crate) use secret::{Secret, hmac};
