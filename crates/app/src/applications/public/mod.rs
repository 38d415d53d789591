//! Applying without an account: what a child is entitled to, a case filled in and saved, submitted, and read by code.
//!
//! **Invariant.** Nothing of a child affected by AIDS is kept here: what says so is refused before anything is written,
//! because a town would see it. A wrong code, a wrong number beside it and a code that is over are one answer, reached by
//! the same steps.

mod case;
mod entitlement;
mod error;
mod form;
mod patience;
mod photo;
mod submit;
mod track;

pub use case::{Begun, Resumed, begin, resume, save};
pub use entitlement::{Class, Entitlement, entitlement};
pub use error::{PublicError, PublicObstacle};
pub use form::Form;
pub use photo::{LARGEST_PHOTO, drop_photo, keep_photo};
pub use submit::{Submitted, submit};
pub use track::{Standing, track};
