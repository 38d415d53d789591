//! Fonts: which of them has a character, and how wide it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::FileRef;
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider};

use crate::error::PressError;

/// A face of a font's file.
pub(crate) struct Face {
    pub(crate) font: Font,
    data: Arc<Vec<u8>>,
    index: u32,
}

/// The fonts, in the order in which a character is looked for.
pub(crate) struct Fonts(Vec<Face>);

/// A character's glyph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Set {
    /// In which font.
    pub(crate) face: usize,
    pub(crate) glyph: u32,
    /// How wide, in parts of the type's size.
    pub(crate) advance: f32,
}

impl Face {
    fn load(path: &Path) -> Result<Option<Self>, PressError> {
        let data = match fs::read(path) {
            Ok(data) => data,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(not_a_font(path)),
        };
        let data = Arc::new(data);
        let index = chinese(&data).ok_or_else(|| not_a_font(path))?;
        let font = Font::new(data.clone().into(), index).ok_or_else(|| not_a_font(path))?;
        Ok(Some(Self { font, data, index }))
    }

    fn read(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.data, self.index).ok()
    }
}

fn not_a_font(path: &Path) -> PressError {
    PressError::NotAFont {
        path: path.to_owned(),
    }
}

/// The face for simplified Chinese of a collection, which draws the same characters for five countries; else the first.
fn chinese(data: &[u8]) -> Option<u32> {
    let collection = match FileRef::new(data).ok()? {
        FileRef::Font(_) => return Some(0),
        FileRef::Collection(collection) => collection,
    };
    let is_simplified = |index: &u32| {
        let Ok(font) = collection.get(*index) else {
            return false;
        };
        let mut families = font.localized_strings(StringId::FAMILY_NAME);
        families.any(|family| family.to_string().ends_with(" SC"))
    };
    let found = (0..collection.len()).find(is_simplified);
    Some(found.unwrap_or_default())
}

impl Fonts {
    /// Those of these files that are there.
    pub(crate) fn load(paths: &[PathBuf]) -> Result<Self, PressError> {
        let mut faces = Vec::new();
        for path in paths {
            faces.extend(Face::load(path)?);
        }
        match faces.is_empty() {
            true => Err(PressError::NoFont {
                paths: paths.to_vec(),
            }),
            false => Ok(Self(faces)),
        }
    }

    pub(crate) fn face(&self, index: usize) -> Option<&Face> {
        self.0.get(index)
    }

    /// Glyphs for these characters, of the first font that has each.
    ///
    /// # Errors
    /// [`PressError::NoGlyph`] with those that none has.
    pub(crate) fn set(&self, text: impl Iterator<Item = char>) -> Result<Glyphs, PressError> {
        let mut wanted: Vec<char> = Vec::new();
        for character in text {
            if !wanted.contains(&character) && character != '\n' {
                wanted.push(character);
            }
        }
        let read: Vec<FontRef<'_>> = self.0.iter().filter_map(Face::read).collect();
        let mut found = Vec::with_capacity(wanted.len());
        let mut lacking = Vec::new();
        for character in wanted {
            match read.iter().enumerate().find_map(|(face, font)| {
                let glyph = font.charmap().map(character)?;
                (glyph != GlyphId::NOTDEF).then_some((face, font, glyph))
            }) {
                Some((face, font, glyph)) => {
                    let widths = font.glyph_metrics(Size::new(1.0), LocationRef::default());
                    let advance = widths.advance_width(glyph).unwrap_or(1.0);
                    let glyph = glyph.to_u32();
                    let set = Set {
                        face,
                        glyph,
                        advance,
                    };
                    found.push((character, set));
                }
                None => lacking.push(character),
            }
        }
        match lacking.is_empty() {
            true => Ok(Glyphs(found)),
            false => Err(PressError::NoGlyph {
                characters: lacking,
            }),
        }
    }
}

/// The glyphs of a document.
pub(crate) struct Glyphs(Vec<(char, Set)>);

impl Glyphs {
    /// The glyph of a character of the document.
    pub(crate) fn of(&self, character: char) -> Option<Set> {
        let found = self.0.iter().find(|(of, _)| *of == character);
        found.map(|(_, set)| *set)
    }

    /// How wide a text is, set in type of this size.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        let widths = text.chars().filter_map(|c| self.of(c));
        widths.map(|set| set.advance * size).sum()
    }
}
