//! Tells by the first bytes what a file is.

use super::trouble::Trouble;
use crate::error::Foreign;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A zip archive, perhaps an xlsx workbook.
    Zip,
    /// An OLE compound file: an old xls workbook, or an encrypted xlsx one.
    Compound,
    /// Text, so a csv file.
    Text,
}

/// The kind of file these bytes are; the error names a foreign one.
pub(super) fn of(bytes: &[u8]) -> Result<Kind, Trouble> {
    let foreign = |kind| Err(Trouble::Foreign(kind));
    match bytes {
        [] => Err(Trouble::Empty),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Ok(Kind::Zip),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Ok(Kind::Compound),
        [0x09, 0x00 | 0x02 | 0x04 | 0x08, _, 0x00, ..] => foreign(Foreign::AncientWorkbook),
        [b'%', b'P', b'D', b'F', ..] => foreign(Foreign::Pdf),
        [0xFF, 0xD8, 0xFF, ..] | [0x89, b'P', b'N', b'G', ..] | [b'G', b'I', b'F', b'8', ..] => {
            foreign(Foreign::Picture)
        }
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] | [0x1F, 0x8B, ..] => {
            foreign(Foreign::Archive)
        }
        _ => text(bytes),
    }
}

/// The Ctrl-Z with which programs of old end a text.
pub(super) const END_OF_FILE: char = '\u{1A}';

fn text(bytes: &[u8]) -> Result<Kind, Trouble> {
    let bytes = bytes.strip_suffix(&[END_OF_FILE as u8]).unwrap_or(bytes);
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Ok(Kind::Text);
    }
    let head = &bytes[..bytes.len().min(8192)];
    if head
        .iter()
        .any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31))
    {
        return Err(Trouble::Foreign(Foreign::Unknown));
    }
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let first = head.iter().position(|byte| !byte.is_ascii_whitespace());
    match first.map(|at| &head[at..]) {
        None if bytes.iter().all(u8::is_ascii_whitespace) => Err(Trouble::Empty),
        Some(rest) if looks_like_markup(rest) => Err(Trouble::Foreign(Foreign::Markup)),
        _ => Ok(Kind::Text),
    }
}

fn looks_like_markup(rest: &[u8]) -> bool {
    matches!(rest, [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'))
}
