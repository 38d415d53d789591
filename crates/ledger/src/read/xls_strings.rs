//! Texts in old workbooks: one or two bytes a character, cut across records.

use super::trouble::Trouble;
use super::xls_records::{long, word};
use crate::error::Bound;
use crate::limits::Limits;

const WIDE: u8 = 0x01;
const EXTENDED: u8 = 0x04;
const RICH: u8 = 0x08;

/// The workbook's table of texts, in one piece of memory.
#[derive(Debug, Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(super) fn get(&self, index: u32) -> Option<&str> {
        let index = index as usize;
        let end = *self.ends.get(index)? as usize;
        let start = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .map_or(0, |end| *end as usize);
        self.text.get(start..end)
    }

    /// Adds a text and answers its index.
    pub(super) fn push(&mut self, text: &str, limits: &Limits) -> Result<u32, Trouble> {
        let index = self.ends.len() as u64;
        self.text.push_str(text);
        if index >= limits.texts || self.text.len() as u64 > limits.text_bytes {
            return Err(Trouble::TooLarge(Bound::Texts, limits.texts));
        }
        let end = u32::try_from(self.text.len())
            .map_err(|_| Trouble::TooLarge(Bound::Texts, limits.texts))?;
        self.ends.push(end);
        Ok(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Reads the table of texts. The counts it claims are not believed: it
    /// ends where its bytes end.
    pub(super) fn read(parts: &[&[u8]], limits: &Limits) -> Result<Self, Trouble> {
        let mut texts = Self::default();
        let mut bytes = Pieces {
            parts,
            part: 0,
            at: 8,
        };
        let mut units = Vec::new();
        while bytes.skip_to_data() {
            let Some(length) = bytes.take_word() else {
                break;
            };
            let flags = bytes.take_byte().ok_or_else(cut_off)?;
            let runs = if flags & RICH == 0 {
                0
            } else {
                bytes.take_word().ok_or_else(cut_off)?
            };
            let extension = if flags & EXTENDED == 0 {
                0
            } else {
                bytes.take_long().ok_or_else(cut_off)?
            };
            bytes.characters(usize::from(length), flags & WIDE != 0, &mut units)?;
            texts.push(&String::from_utf16_lossy(&units), limits)?;
            bytes.skip(usize::from(runs) * 4 + extension as usize);
        }
        Ok(texts)
    }
}

fn cut_off() -> Trouble {
    Trouble::damaged("xls, cut off")
}

/// A place in a row of byte pieces.
struct Pieces<'p, 'b> {
    parts: &'p [&'b [u8]],
    part: usize,
    at: usize,
}

impl<'b> Pieces<'_, 'b> {
    fn rest(&self) -> &'b [u8] {
        self.parts
            .get(self.part)
            .and_then(|part| part.get(self.at..))
            .unwrap_or_default()
    }

    /// Moves past finished pieces; false at the end.
    fn skip_to_data(&mut self) -> bool {
        while self.part < self.parts.len() && self.rest().is_empty() {
            self.part += 1;
            self.at = 0;
        }
        self.part < self.parts.len()
    }

    fn take_byte(&mut self) -> Option<u8> {
        self.skip_to_data();
        let byte = *self.rest().first()?;
        self.at += 1;
        Some(byte)
    }

    fn take_word(&mut self) -> Option<u16> {
        self.skip_to_data();
        let value = word(self.rest(), 0)?;
        self.at += 2;
        Some(value)
    }

    fn take_long(&mut self) -> Option<u32> {
        self.skip_to_data();
        let value = long(self.rest(), 0)?;
        self.at += 4;
        Some(value)
    }

    fn skip(&mut self, mut count: usize) {
        while count > 0 && self.skip_to_data() {
            let step = count.min(self.rest().len());
            self.at += step;
            count -= step;
        }
    }

    /// Characters that may run on into the next piece, which then begins with a width of its own.
    fn characters(
        &mut self,
        length: usize,
        mut wide: bool,
        units: &mut Vec<u16>,
    ) -> Result<(), Trouble> {
        units.clear();
        while units.len() < length {
            if self.rest().is_empty() {
                if !self.skip_to_data() {
                    return Err(cut_off());
                }
                wide = self.take_byte().ok_or_else(cut_off)? & WIDE != 0;
            }
            let wanted = length - units.len();
            let taken = units_of(self.rest(), wide, wanted, units);
            if taken == 0 && !self.rest().is_empty() {
                return Err(cut_off());
            }
            self.at += taken;
        }
        Ok(())
    }
}

/// Appends up to `wanted` characters and answers the bytes used.
fn units_of(data: &[u8], wide: bool, wanted: usize, units: &mut Vec<u16>) -> usize {
    let before = units.len();
    if wide {
        units.extend(
            data.chunks_exact(2)
                .take(wanted)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]])),
        );
        (units.len() - before) * 2
    } else {
        units.extend(data.iter().take(wanted).map(|byte| u16::from(*byte)));
        units.len() - before
    }
}

/// A text inside one record: a count of one or two bytes, a width, the characters.
pub(super) fn short_text(data: &[u8], count_is_word: bool) -> Option<String> {
    let (length, rest) = if count_is_word {
        (usize::from(word(data, 0)?), data.get(2..)?)
    } else {
        (usize::from(*data.first()?), data.get(1..)?)
    };
    let (flags, mut rest) = rest.split_first()?;
    // Formatting runs and phonetic data announce their size before the characters.
    for (flag, size) in [(RICH, 2), (EXTENDED, 4)] {
        if flags & flag != 0 {
            rest = rest.get(size..)?;
        }
    }
    let mut units = Vec::with_capacity(length.min(rest.len()));
    units_of(rest, flags & WIDE != 0, length, &mut units);
    Some(String::from_utf16_lossy(&units))
}
