//! What is exchanged with other installations: this one's keys, the peers, packages on their way, packages that came.
//!
//! **Invariant.** What comes in without an officer is written through narrow functions of the database, which ask again
//! whether the peer is pinned and may speak for the division, and write the journal's entry themselves.

mod door;
mod hear;
mod keys;
mod outbox;
mod peer;
mod take;

pub use door::Door;
pub use hear::{Heard, SharedCase};
pub use keys::{own_keys, own_keys_at_work, own_name, served};
pub use outbox::{
    Outgoing, Packed, Received, Renewed, Shared, Unsent, failed, outgoing, received, shared, unsent,
};
pub use peer::{
    PeerChanged, PeerDeed, PeerListed, confirm_peer, peer_of, peers, propose_peer, revoke_peer,
};
pub use take::{TakenIn, TakenPaper};
