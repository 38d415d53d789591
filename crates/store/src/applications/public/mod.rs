//! What the public pages remember: cases by code, their photographs, and the application that a case becomes.
//!
//! **Invariant.** The database's role of these pages has no privilege on any table: every statement here is a call of a
//! narrow function, which writes the journal's entry itself where it writes an application. Codes, phones and the ends of
//! ids are kept as keyed digests, and one that is wrong is answered by the same statements as one that is right.

mod case;
mod pages;
mod payments;
mod photo;
mod proof;
mod submit;
mod track;
mod tries;
mod window;

pub use case::{Case, begin, resume, save};
pub use pages::PublicStore;
pub use payments::{PaymentSeen, payments};
pub use photo::{Photo, drop_photo, keep_photo, photos};
pub use proof::Proof;
pub use submit::{Submission, submit};
pub use track::{Tracked, track};
pub use tries::{Counter, Tried, count, forget, try_once};
pub use window::{CountyAfar, Window, counties_afar, peer_for, windows};
