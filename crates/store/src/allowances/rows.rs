//! Rows of a binary COPY: read from its stream in pieces of any size, and written into one.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use kernel::month::Month;

use crate::error::StoreError;

/// What every binary COPY begins with, and an empty extension of its header.
const HEADER: [u8; 19] = *b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// The most columns of a row.
const MOST: usize = 16;
/// PostgreSQL counts days and microseconds from here.
const EPOCH: Date = date(2000, 1, 1);
const EPOCH_SECONDS: i64 = 946_684_800;

/// A stream that is not what was asked for.
fn broken() -> StoreError {
    StoreError::Corrupt {
        table: "allowances_payable_file",
        column: "rows",
    }
}

/// A row as it lies in the stream.
pub(super) struct Row<'a> {
    fields: [Option<&'a [u8]>; MOST],
}

impl<'a> Row<'a> {
    fn bytes<const N: usize>(&self, column: usize) -> Result<Option<[u8; N]>, StoreError> {
        self.fields[column]
            .map(|bytes| bytes.try_into().map_err(|_| broken()))
            .transpose()
    }

    fn there<T>(value: Option<T>) -> Result<T, StoreError> {
        value.ok_or_else(broken)
    }

    pub(super) fn uuid(&self, column: usize) -> Result<u128, StoreError> {
        Self::there(self.uuid_if_any(column)?)
    }

    pub(super) fn uuid_if_any(&self, column: usize) -> Result<Option<u128>, StoreError> {
        Ok(self.bytes(column)?.map(u128::from_be_bytes))
    }

    pub(super) fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Self::there(self.bytes::<1>(column)?.map(|[byte]| byte != 0))
    }

    pub(super) fn small(&self, column: usize) -> Result<i16, StoreError> {
        Self::there(self.bytes(column)?.map(i16::from_be_bytes))
    }

    pub(super) fn long(&self, column: usize) -> Result<Option<i64>, StoreError> {
        Ok(self.bytes(column)?.map(i64::from_be_bytes))
    }

    pub(super) fn text(&self, column: usize) -> Result<Option<&'a str>, StoreError> {
        self.fields[column]
            .map(|bytes| std::str::from_utf8(bytes).map_err(|_| broken()))
            .transpose()
    }

    pub(super) fn day(&self, column: usize) -> Result<Option<Date>, StoreError> {
        let days = self.bytes(column)?.map(i32::from_be_bytes);
        days.map(|days| EPOCH.checked_add(days.days()).map_err(|_| broken()))
            .transpose()
    }

    pub(super) fn month(&self, column: usize) -> Result<Option<Month>, StoreError> {
        Ok(self.day(column)?.map(Month::of))
    }

    /// A moment; one without end is the first or the last there is.
    pub(super) fn moment(&self, column: usize) -> Result<Option<Timestamp>, StoreError> {
        let Some(micros) = self.long(column)? else {
            return Ok(None);
        };
        let since = SignedDuration::from_micros(micros);
        let epoch = Timestamp::from_second(EPOCH_SECONDS).map_err(|_| broken())?;
        let without_end = match micros < 0 {
            true => Timestamp::MIN,
            false => Timestamp::MAX,
        };
        Ok(Some(epoch.checked_add(since).unwrap_or(without_end)))
    }
}

/// Takes a binary COPY piece by piece.
#[derive(Default)]
pub(super) struct Rows {
    pending: Vec<u8>,
    begun: bool,
}

impl Rows {
    /// Hands every row that is whole by now to `each`.
    pub(super) fn take(
        &mut self,
        piece: &[u8],
        each: &mut impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // Mostly a piece is one row: then nothing is kept back.
        if self.pending.is_empty() {
            let used = self.consume(piece, each)?;
            self.pending.extend_from_slice(&piece[used..]);
        } else {
            let mut all = std::mem::take(&mut self.pending);
            all.extend_from_slice(piece);
            let used = self.consume(&all, each)?;
            all.drain(..used);
            self.pending = all;
        }
        Ok(())
    }

    fn consume(
        &mut self,
        bytes: &[u8],
        each: &mut impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<usize, StoreError> {
        let mut at = 0;
        if !self.begun {
            if bytes.len() < HEADER.len() {
                return Ok(0);
            }
            if !bytes.starts_with(&HEADER) {
                return Err(broken());
            }
            at = HEADER.len();
            self.begun = true;
        }
        while let Some((row, length)) = row(&bytes[at..])? {
            if let Some(row) = row {
                each(&row)?;
            }
            at += length;
        }
        Ok(at)
    }
}

/// The row at the front and its length; `None` for the row where it is the trailer, `None` altogether where it is cut.
type Front<'a> = Option<(Option<Row<'a>>, usize)>;

fn row(bytes: &[u8]) -> Result<Front<'_>, StoreError> {
    let Some(count) = bytes.first_chunk().map(|count| i16::from_be_bytes(*count)) else {
        return Ok(None);
    };
    let mut at = 2;
    if count == -1 {
        return Ok(Some((None, at)));
    }
    let count = usize::try_from(count).map_err(|_| broken())?;
    let mut fields = [None; MOST];
    for field in fields.get_mut(..count).ok_or_else(broken)? {
        let Some(length) = bytes[at..].first_chunk() else {
            return Ok(None);
        };
        at += 4;
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
            continue;
        };
        let Some(content) = bytes.get(at..at + length) else {
            return Ok(None);
        };
        *field = Some(content);
        at += length;
    }
    Ok(Some((Some(Row { fields }), at)))
}

/// Days from PostgreSQL's epoch.
pub(super) fn days_of(day: Date) -> i32 {
    EPOCH.until(day).map_or(0, |span| span.get_days())
}

/// Writes rows of a binary COPY.
#[derive(Debug, Default)]
pub(super) struct Written(Vec<u8>);

impl Written {
    /// With the header, for the first piece of a COPY.
    pub(super) fn begun() -> Self {
        Self(HEADER.to_vec())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// What is written so far, which is taken away.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let capacity = self.0.capacity();
        std::mem::replace(&mut self.0, Vec::with_capacity(capacity))
    }

    /// What is written so far, as the last piece.
    pub(super) fn ended(mut self) -> Vec<u8> {
        self.0.extend_from_slice(&(-1_i16).to_be_bytes());
        self.0
    }

    pub(super) fn row(&mut self, columns: i16) {
        self.0.extend_from_slice(&columns.to_be_bytes());
    }

    pub(super) fn field<const N: usize>(&mut self, bytes: [u8; N]) {
        let length = i32::try_from(N).unwrap_or_default();
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(&bytes);
    }

    pub(super) fn null(&mut self) {
        self.0.extend_from_slice(&(-1_i32).to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_out_whole_however_the_stream_is_cut() {
        let mut written = Written::begun();
        for number in 0..20_i64 {
            written.row(3);
            written.field(u128::try_from(number).unwrap().to_be_bytes());
            match number % 3 {
                0 => written.null(),
                _ => written.field(number.to_be_bytes()),
            }
            written.field(days_of(date(2021, 11, 4)).to_be_bytes());
        }
        let stream = written.ended();
        for piece in 1..40 {
            let (mut rows, mut seen) = (Rows::default(), Vec::new());
            for bytes in stream.chunks(piece) {
                rows.take(bytes, &mut |row| {
                    assert_eq!(row.day(2)?, Some(date(2021, 11, 4)));
                    seen.push((row.uuid(0)?, row.long(1)?));
                    Ok(())
                })
                .unwrap();
            }
            assert_eq!(seen.len(), 20, "in pieces of {piece}");
            assert_eq!(seen[4], (4, Some(4)));
            assert_eq!(seen[3], (3, None));
        }
    }

    #[test]
    fn days_and_moments_are_those_that_postgresql_means() {
        assert_eq!(days_of(date(2000, 1, 1)), 0);
        assert_eq!(days_of(date(1999, 12, 31)), -1);
        let moment = |micros: i64| {
            let mut written = Written::begun();
            written.row(1);
            written.field(micros.to_be_bytes());
            let mut read = None;
            let mut rows = Rows::default();
            rows.take(&written.ended(), &mut |row| {
                read = row.moment(0)?;
                Ok(())
            })
            .unwrap();
            read.unwrap()
        };
        assert_eq!(moment(0), "2000-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(moment(i64::MIN), Timestamp::MIN);
        assert_eq!(moment(i64::MAX), Timestamp::MAX);
    }
}
