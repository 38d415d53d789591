//! Sets documents in type: PDF on A4, in Chinese, by the measures of official documents (GB/T 9704).
//!
//! **Invariant.** A character that no font has is an error that names it; nothing is ever printed as a blank box. The
//! same document, day and fonts give the same bytes.

mod error;
mod font;
mod line;
mod page;
mod pdf;
mod press;

pub use error::PressError;
pub use press::{FALLBACK_FONT, FONT, Press};
