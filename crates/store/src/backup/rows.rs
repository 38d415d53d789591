//! The rows of a binary COPY, found in its stream and digested.

use sha2::{Digest, Sha256};

/// What every binary COPY begins with.
const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// The signature, flags and the length of what may be added to the header.
const HEADER: usize = 19;

/// A stream that is no binary COPY.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotCopy;

/// Takes a binary COPY in pieces of any size, and counts and digests its rows.
#[derive(Debug)]
pub(super) struct Tally {
    pending: Vec<u8>,
    state: State,
    rows: u64,
    sum: [u64; 4],
    chain: Option<[u8; 32]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Header,
    Rows,
    Ended,
}

impl Tally {
    /// Of a table; with `chained` also over the rows in their order.
    pub(super) fn new(chained: bool) -> Self {
        Self {
            pending: Vec::new(),
            state: State::Header,
            rows: 0,
            sum: [0; 4],
            chain: chained.then_some([0; 32]),
        }
    }

    /// Takes the next piece.
    pub(super) fn take(&mut self, piece: &[u8]) -> Result<(), NotCopy> {
        // Mostly a piece is one row: then nothing is kept back.
        if self.pending.is_empty() {
            let used = self.consume(piece)?;
            self.pending.extend_from_slice(&piece[used..]);
        } else {
            let mut all = std::mem::take(&mut self.pending);
            all.extend_from_slice(piece);
            let used = self.consume(&all)?;
            all.drain(..used);
            self.pending = all;
        }
        Ok(())
    }

    fn consume(&mut self, bytes: &[u8]) -> Result<usize, NotCopy> {
        let mut at = 0;
        if self.state == State::Header {
            let Some(header) = bytes.first_chunk::<HEADER>() else {
                return Ok(0);
            };
            if !header.starts_with(SIGNATURE) || header[11..] != [0; 8] {
                return Err(NotCopy);
            }
            at = HEADER;
            self.state = State::Rows;
        }
        while self.state == State::Rows {
            match row(&bytes[at..])? {
                Row::Whole(length) => {
                    self.add(&bytes[at..at + length]);
                    at += length;
                }
                Row::Trailer => {
                    at += 2;
                    self.state = State::Ended;
                }
                Row::Cut => return Ok(at),
            }
        }
        if at < bytes.len() {
            return Err(NotCopy);
        }
        Ok(at)
    }

    fn add(&mut self, row: &[u8]) {
        self.rows += 1;
        let digest = <[u8; 32]>::from(Sha256::digest(row));
        if let Some(chain) = &mut self.chain {
            let next = Sha256::new()
                .chain_update(*chain)
                .chain_update(digest)
                .finalize();
            *chain = next.into();
        }
        let mut carry = false;
        for (limb, bytes) in self.sum.iter_mut().zip(digest.chunks_exact(8)) {
            let part = bytes
                .iter()
                .rev()
                .fold(0, |part, byte| (part << 8) | u64::from(*byte));
            let (sum, over) = limb.overflowing_add(part);
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            (*limb, carry) = (sum, over || again);
        }
    }

    /// The rows, their digest and their chain, once the stream has ended.
    pub(super) fn finish(self) -> Result<(u64, String, Option<String>), NotCopy> {
        if self.state != State::Ended {
            return Err(NotCopy);
        }
        let sum: Vec<u8> = self
            .sum
            .iter()
            .flat_map(|limb| limb.to_le_bytes())
            .collect();
        Ok((self.rows, hex(&sum), self.chain.map(|chain| hex(&chain))))
    }
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

enum Row {
    /// So many bytes.
    Whole(usize),
    /// The end of all rows.
    Trailer,
    /// The rest comes with the next piece.
    Cut,
}

fn row(bytes: &[u8]) -> Result<Row, NotCopy> {
    let Some(count) = bytes.first_chunk().map(|count| i16::from_be_bytes(*count)) else {
        return Ok(Row::Cut);
    };
    if count == -1 {
        return Ok(Row::Trailer);
    }
    let mut at = 2;
    for _ in 0..u16::try_from(count).map_err(|_| NotCopy)? {
        let Some(length) = bytes
            .get(at..)
            .and_then(<[u8]>::first_chunk)
            .map(|length| i32::from_be_bytes(*length))
        else {
            return Ok(Row::Cut);
        };
        at += 4;
        // A length of -1 is a null.
        at += match length {
            -1 => 0,
            length => usize::try_from(length).map_err(|_| NotCopy)?,
        };
    }
    Ok(if at <= bytes.len() {
        Row::Whole(at)
    } else {
        Row::Cut
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(rows: &[&[Option<&[u8]>]]) -> Vec<u8> {
        let mut bytes = [SIGNATURE.as_slice(), &[0; 8]].concat();
        for fields in rows {
            bytes.extend(u16::try_from(fields.len()).unwrap().to_be_bytes());
            for field in *fields {
                match field {
                    None => bytes.extend((-1_i32).to_be_bytes()),
                    Some(value) => {
                        bytes.extend(i32::try_from(value.len()).unwrap().to_be_bytes());
                        bytes.extend(*value);
                    }
                }
            }
        }
        bytes.extend((-1_i16).to_be_bytes());
        bytes
    }

    fn tally(bytes: &[u8], size: usize) -> (u64, String, Option<String>) {
        let mut tally = Tally::new(true);
        for piece in bytes.chunks(size) {
            tally.take(piece).unwrap();
        }
        tally.finish().unwrap()
    }

    const A: &[Option<&[u8]>] = &[Some(b"a"), None];
    const B: &[Option<&[u8]>] = &[Some(b"bcd"), Some(b"")];

    #[test]
    fn the_pieces_sizes_are_no_matter_and_the_rows_order_only_to_the_chain() {
        let stream = copy(&[A, B, A]);
        let whole = tally(&stream, stream.len());
        for size in 1..stream.len() {
            assert_eq!(tally(&stream, size), whole, "pieces of {size}");
        }
        assert_eq!(whole.0, 3);
        let turned = tally(&copy(&[B, A, A]), 64);
        assert_eq!((turned.0, &turned.1), (whole.0, &whole.1));
        assert_ne!(turned.2, whole.2);
        let other = tally(&copy(&[A, B, B]), 64);
        assert_ne!(other.1, whole.1);
    }

    #[test]
    fn what_is_no_copy_or_does_not_end_is_refused() {
        let stream = copy(&[A, B]);
        let mut cut = Tally::new(false);
        cut.take(&stream[..stream.len() - 1]).unwrap();
        assert_eq!(cut.finish(), Err(NotCopy));
        assert_eq!(
            Tally::new(false).take(b"id,name\n1,somebody and more"),
            Err(NotCopy)
        );
        let mut more = Tally::new(false);
        assert_eq!(more.take(&[&stream[..], b"x"].concat()), Err(NotCopy));
    }
}
