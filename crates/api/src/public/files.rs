//! The files of the built public pages.

use std::borrow::Cow;

use rust_embed::Embed;

/// What `npm run build` wrote; nothing in a clone that has not built it, which compiles all the same.
#[derive(Embed)]
#[folder = "../../frontend/dist/public/"]
#[allow_missing = true]
struct Built;

/// A file by its path.
pub(super) fn content(path: &str) -> Option<Cow<'static, [u8]>> {
    Built::get(path).map(|file| file.data)
}
