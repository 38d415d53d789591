//! The records an old workbook's stream consists of (BIFF8, \[MS-XLS\] 2.1.4).

use super::trouble::Trouble;

pub(super) const FORMULA: u16 = 0x0006;
pub(super) const END: u16 = 0x000A;
pub(super) const DATE_MODE: u16 = 0x0022;
pub(super) const FILE_PASS: u16 = 0x002F;
pub(super) const CONTINUE: u16 = 0x003C;
pub(super) const SHEET: u16 = 0x0085;
pub(super) const MULTIPLE_RK: u16 = 0x00BD;
pub(super) const RICH_LABEL: u16 = 0x00D6;
pub(super) const CELL_FORMAT: u16 = 0x00E0;
pub(super) const SHARED_TEXTS: u16 = 0x00FC;
pub(super) const SHARED_LABEL: u16 = 0x00FD;
pub(super) const NUMBER: u16 = 0x0203;
pub(super) const LABEL: u16 = 0x0204;
pub(super) const BOOL_OR_ERROR: u16 = 0x0205;
pub(super) const FORMULA_TEXT: u16 = 0x0207;
pub(super) const RK: u16 = 0x027E;
pub(super) const NUMBER_FORMAT: u16 = 0x041E;
pub(super) const BEGIN: u16 = 0x0809;

/// One record: what it is and its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'b> {
    pub(super) kind: u16,
    pub(super) data: &'b [u8],
}

/// The records from a place in the stream on.
#[derive(Debug, Clone)]
pub(super) struct Records<'b> {
    stream: &'b [u8],
    at: usize,
}

impl<'b> Records<'b> {
    pub(super) fn from(stream: &'b [u8], at: usize) -> Self {
        Self { stream, at }
    }

    /// The next record, or an error where the stream ends in the middle of one.
    pub(super) fn next(&mut self) -> Result<Option<Record<'b>>, Trouble> {
        let Some(rest) = self.stream.get(self.at..).filter(|rest| !rest.is_empty()) else {
            return Ok(None);
        };
        let cut_off = || Trouble::damaged("xls, cut off");
        let (kind, length) = (
            word(rest, 0).ok_or_else(cut_off)?,
            word(rest, 2).ok_or_else(cut_off)?,
        );
        let data = rest.get(4..4 + usize::from(length)).ok_or_else(cut_off)?;
        self.at += 4 + data.len();
        Ok(Some(Record { kind, data }))
    }

    /// The bytes of all `CONTINUE` records that follow directly.
    pub(super) fn continued(&mut self) -> Result<Vec<&'b [u8]>, Trouble> {
        let mut parts = Vec::new();
        loop {
            let before = self.at;
            match self.next()? {
                Some(Record {
                    kind: CONTINUE,
                    data,
                }) => parts.push(data),
                _ => {
                    self.at = before;
                    return Ok(parts);
                }
            }
        }
    }
}

/// A little-endian 16-bit number at a place.
pub(super) fn word(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2)?
        .try_into()
        .ok()
        .map(u16::from_le_bytes)
}

/// A little-endian 32-bit number at a place.
pub(super) fn long(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4)?
        .try_into()
        .ok()
        .map(u32::from_le_bytes)
}

/// A floating-point number at a place.
pub(super) fn double(data: &[u8], at: usize) -> Option<f64> {
    data.get(at..at + 8)?
        .try_into()
        .ok()
        .map(f64::from_le_bytes)
}

/// A number in the short form RK: 30 bits of an integer or of a double, perhaps times 100.
pub(super) fn rk(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    if bits & 1 == 0 {
        number
    } else {
        number / 100.0
    }
}
