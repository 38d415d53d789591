//! What somebody knows of a case: its code, and beside it a phone number or the end of the child's id.
//!
//! **Invariant.** The second digest is of both together: of a database alone nobody can tell who has which phone.

use std::fmt;

use super::pages::PublicStore;
use crate::accounts::{TicketCode, normal};

/// The digests of what somebody knows of a case.
#[derive(Clone)]
pub struct Proof {
    pub(super) code: Vec<u8>,
    pub(super) known: Vec<u8>,
}

impl Proof {
    /// By the phone number that was given when the case began.
    #[must_use]
    pub fn by_phone(store: &PublicStore, code: &TicketCode, phone: &str) -> Self {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        Self::of(store, code, "public.phone", &digits)
    }

    /// By the last four signs of the child's resident id.
    #[must_use]
    pub fn by_id_end(store: &PublicStore, code: &TicketCode, end: &str) -> Self {
        let signs: String = end.trim().to_ascii_uppercase().chars().take(8).collect();
        Self::of(store, code, "public.id_end", &signs)
    }

    fn of(store: &PublicStore, code: &TicketCode, purpose: &str, known: &str) -> Self {
        let both = format!("{}:{known}", *normal(code.reveal()));
        Self {
            code: code.digest(store.sealer()),
            known: store.sealer().blind_index(purpose, &both).to_vec(),
        }
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proof")
    }
}
