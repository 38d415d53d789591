//! The press: fonts, read once when something is first printed, and what prints with them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use domain::document::Document;
use jiff::civil::Date;

use crate::error::PressError;
use crate::font::Fonts;
use crate::page::{OWN_WORDS, pages};
use crate::pdf::write;

/// Where Debian's `fonts-noto-cjk` puts its Chinese serif face (OFL 1.1).
pub const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc";
/// Where Debian's `fonts-lxgw-wenkai` puts its face (OFL 1.1).
pub const FALLBACK_FONT: &str = "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf";

/// Prints documents.
pub struct Press {
    paths: [PathBuf; 2],
    fonts: OnceLock<Fonts>,
}

impl Default for Press {
    fn default() -> Self {
        Self::new(FONT, FALLBACK_FONT)
    }
}

impl std::fmt::Debug for Press {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Press").field(&self.paths).finish()
    }
}

impl Press {
    /// A press with a font, and one for the characters that the first has not.
    ///
    /// ```
    /// let press = press::Press::new("/nowhere/one.ttc", "/nowhere/other.ttf");
    /// assert!(press.ready().is_err());
    /// ```
    pub fn new(font: impl AsRef<Path>, fallback: impl AsRef<Path>) -> Self {
        Self {
            paths: [font.as_ref().into(), fallback.as_ref().into()],
            fonts: OnceLock::new(),
        }
    }

    /// Whether it can print.
    ///
    /// # Errors
    /// [`PressError::NoFont`] where neither font is there, [`PressError::NotAFont`].
    pub fn ready(&self) -> Result<(), PressError> {
        self.fonts().map(|_| ())
    }

    // What could not be read is looked for again: a font may be installed while the program runs.
    fn fonts(&self) -> Result<&Fonts, PressError> {
        if let Some(fonts) = self.fonts.get() {
            return Ok(fonts);
        }
        let loaded = Fonts::load(&self.paths)?;
        Ok(self.fonts.get_or_init(|| loaded))
    }

    /// Prints a document as of a day: PDF, A4.
    ///
    /// # Errors
    /// As [`Press::ready`]; [`PressError::NoGlyph`] with the characters that neither font has.
    pub fn print(&self, document: &Document, on: Date) -> Result<Vec<u8>, PressError> {
        let fonts = self.fonts()?;
        let lines = document.lines();
        let text = lines.iter().flat_map(|line| line.chars());
        let glyphs = fonts.set(text.chain(OWN_WORDS.chars()))?;
        let pages = pages(document, &glyphs);
        write(&pages, &document.title, on, fonts, &glyphs)
    }
}
