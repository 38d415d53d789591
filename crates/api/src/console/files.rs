//! The files of the built console.

use std::borrow::Cow;

use rust_embed::Embed;

/// What `npm run build` wrote; nothing in a clone that has not built it, which compiles all the same.
#[derive(Embed)]
#[folder = "../../frontend/dist/console/"]
#[allow_missing = true]
struct Built;

/// Whether there is a console to hand out.
pub(crate) fn is_built() -> bool {
    Built::get("index.html").is_some()
}

/// A file by its path.
pub(super) fn content(path: &str) -> Option<Cow<'static, [u8]>> {
    Built::get(path).map(|file| file.data)
}
