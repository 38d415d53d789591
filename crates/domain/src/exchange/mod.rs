//! Applications carried between two installations: what a package says, and for whom a peer may speak.
//!
//! **Invariant.** What came from another installation is as strange as what came from the street: whatever is taken over
//! from it was checked here first.

mod card;
mod content;
mod peer;

pub use card::{Card, CardError};
pub use content::{
    ContentError, Decided, Enclosed, Forwarded, Receipt, Scans, Status, Taken, VALID_DAYS, pack,
    unpack,
};
pub use peer::{Peer, PeerError};
