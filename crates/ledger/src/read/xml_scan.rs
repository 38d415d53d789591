//! Walks the bytes of an XML part and counts, so that a parser may follow safely.
//!
//! **Invariant:** a token is never seen as longer or an element as rarer by
//! the parser than by this scan; where the two could differ (document types,
//! other encodings) the part is refused.

use memchr::{memchr, memchr3};

use super::trouble::Trouble;
use crate::error::Bound;
use crate::limits::Limits;

/// What all parts of a workbook hold together.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) cells: u64,
    pub(super) texts: u64,
    pub(super) text_bytes: u64,
    /// Elements that a parser keeps: styles, sheets, relationships, names.
    pub(super) structure: u64,
}

/// More styles, names and relationships than any spreadsheet program allows.
const STRUCTURE: u64 = 200_000;
/// Deeper than any spreadsheet nests its elements.
const DEEPEST: u32 = 256;
/// Longest part of a tag or declaration that is kept to look at its attributes.
const KEPT: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    Tag,
    Quoted(u8),
    /// Inside a comment, CDATA section or processing instruction, with its end and how much of it matched.
    Opaque(&'static [u8], usize),
}

/// The scan of one part, fed chunk by chunk.
#[derive(Debug)]
pub(super) struct Scan<'l> {
    limits: &'l Limits,
    tally: &'l mut Tally,
    state: State,
    /// Bytes of the current token.
    token: u64,
    /// Bytes since the start of the cell or text that is open.
    open: Option<u64>,
    /// The beginning of the current tag.
    kept: Vec<u8>,
    in_shared_texts: bool,
    /// Elements that are open; a parser remembers each.
    depth: u32,
}

impl<'l> Scan<'l> {
    pub(super) fn new(limits: &'l Limits, tally: &'l mut Tally) -> Self {
        Self {
            limits,
            tally,
            state: State::Text,
            token: 0,
            open: None,
            kept: Vec::with_capacity(KEPT),
            in_shared_texts: false,
            depth: 0,
        }
    }

    /// Whether the part turned out to be a table of shared texts.
    pub(super) fn is_shared_texts(&self) -> bool {
        self.in_shared_texts
    }

    pub(super) fn feed(&mut self, chunk: &[u8]) -> Result<(), Trouble> {
        if memchr(0, chunk).is_some() {
            return Err(Trouble::damaged("XML in another encoding than UTF-8"));
        }
        let mut rest = chunk;
        while !rest.is_empty() {
            let used = match self.state {
                State::Text => self.text(rest),
                State::Tag => self.tag(rest)?,
                State::Quoted(quote) => self.quoted(rest, quote),
                State::Opaque(end, matched) => self.opaque(rest, end, matched)?,
            };
            self.grow(used as u64)?;
            rest = &rest[used..];
        }
        Ok(())
    }

    fn grow(&mut self, bytes: u64) -> Result<(), Trouble> {
        self.token += bytes;
        if let Some(open) = &mut self.open {
            *open += bytes;
        }
        if self.in_shared_texts {
            self.tally.text_bytes += bytes;
        }
        let too_large = |bound, limit| Err(Trouble::TooLarge(bound, limit));
        if self.token.max(self.open.unwrap_or(0)) > self.limits.cell_bytes {
            return too_large(Bound::CellBytes, self.limits.cell_bytes);
        }
        if self.tally.text_bytes > self.limits.text_bytes {
            return too_large(Bound::Texts, self.limits.text_bytes);
        }
        Ok(())
    }

    fn text(&mut self, rest: &[u8]) -> usize {
        let Some(at) = memchr(b'<', rest) else {
            return rest.len();
        };
        self.state = State::Tag;
        self.token = 0;
        self.kept.clear();
        at + 1
    }

    fn tag(&mut self, rest: &[u8]) -> Result<usize, Trouble> {
        let end = memchr3(b'>', b'"', b'\'', rest);
        let used = end.map_or(rest.len(), |at| at + 1);
        self.keep(&rest[..used]);
        if let Some(opaque) = self.opening()? {
            // What was kept belongs to the opaque section and is fed to it again.
            let again = self.kept.len().min(used);
            self.state = State::Opaque(opaque, 0);
            self.kept.clear();
            return Ok(used - again);
        }
        match end.map(|at| rest[at]) {
            Some(b'>') => self.element()?,
            Some(quote) => self.state = State::Quoted(quote),
            None => {}
        }
        Ok(used)
    }

    fn quoted(&mut self, rest: &[u8], quote: u8) -> usize {
        let end = memchr(quote, rest);
        let used = end.map_or(rest.len(), |at| at + 1);
        self.keep(&rest[..used]);
        if end.is_some() {
            self.state = State::Tag;
        }
        used
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = KEPT - self.kept.len();
        self.kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The end of the section that begins here, if this is no plain tag.
    fn opening(&self) -> Result<Option<&'static [u8]>, Trouble> {
        match self.kept.as_slice() {
            [b'?', ..] => Ok(Some(b"?>")),
            [b'!', b'-', ..] => Ok(Some(b"-->")),
            [b'!', b'[', ..] => Ok(Some(b"]]>")),
            [b'!', _, ..] => Err(Trouble::damaged("XML with a document type")),
            _ => Ok(None),
        }
    }

    fn opaque(
        &mut self,
        rest: &[u8],
        end: &'static [u8],
        mut matched: usize,
    ) -> Result<usize, Trouble> {
        for (at, byte) in rest.iter().enumerate() {
            if self.kept.len() < KEPT {
                self.kept.push(*byte);
            }
            // The ends repeat their first sign, so a run of it keeps a partial match.
            matched = match *byte {
                byte if byte == end[matched] => matched + 1,
                byte if byte == end[0] => {
                    if matched == 2 && end.len() == 3 {
                        2
                    } else {
                        1
                    }
                }
                _ => 0,
            };
            if matched == end.len() {
                // Where `<!-->` and `<?>` end is read differently by different parsers.
                if self.kept.len() < end.len() * 2 - 1 + usize::from(end.len() == 3) {
                    return Err(Trouble::damaged("XML with a malformed comment"));
                }
                self.state = State::Text;
                self.token = 0;
                self.declaration()?;
                return Ok(at + 1);
            }
        }
        self.state = State::Opaque(end, matched);
        Ok(rest.len())
    }

    fn declaration(&self) -> Result<(), Trouble> {
        let text = String::from_utf8_lossy(&self.kept).to_ascii_lowercase();
        let Some((_, rest)) = text
            .strip_prefix("?xml")
            .and_then(|text| text.split_once("encoding"))
        else {
            return Ok(());
        };
        let name: String = rest
            .chars()
            .skip_while(|c| matches!(c, ' ' | '=' | '"' | '\''))
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        if matches!(name.as_str(), "utf-8" | "utf8" | "us-ascii") {
            Ok(())
        } else {
            Err(Trouble::damaged("XML in another encoding than UTF-8"))
        }
    }

    /// A tag has ended: count the element, and note where cells and texts begin and end.
    fn element(&mut self) -> Result<(), Trouble> {
        self.state = State::Text;
        self.token = 0;
        let closing = self.kept.first() == Some(&b'/');
        let empty = self.kept.len() > 1 && self.kept[self.kept.len() - 2] == b'/';
        if closing {
            self.depth = self.depth.saturating_sub(1);
        } else if !empty {
            self.depth += 1;
        }
        if self.depth > DEEPEST {
            return Err(Trouble::damaged("XML nested too deep"));
        }
        let name = local_name(&self.kept[usize::from(closing)..]);
        match name {
            b"c" | b"si" => {
                let (count, limit, bound) = if name == b"c" {
                    (&mut self.tally.cells, self.limits.cells, Bound::Cells)
                } else {
                    (&mut self.tally.texts, self.limits.texts, Bound::Texts)
                };
                *count += u64::from(!closing);
                if *count > limit {
                    return Err(Trouble::TooLarge(bound, limit));
                }
                self.open = (!closing && !empty).then_some(0);
            }
            b"sst" if !closing => {
                self.in_shared_texts = true;
                if self.kept.len() == KEPT {
                    return Err(Trouble::damaged("an oversized table of texts"));
                }
                if claimed_count(&self.kept).is_some_and(|claimed| claimed > self.limits.texts) {
                    return Err(Trouble::TooLarge(Bound::Texts, self.limits.texts));
                }
            }
            b"sheet" | b"Relationship" | b"numFmt" | b"font" | b"fill" | b"border" | b"xf"
            | b"dxf" | b"cellStyle" | b"definedName"
                if !closing =>
            {
                self.tally.structure += 1;
                if self.tally.structure > STRUCTURE {
                    return Err(Trouble::TooLarge(Bound::Parts, STRUCTURE));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn local_name(tag: &[u8]) -> &[u8] {
    let end = tag
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
        .unwrap_or(tag.len());
    let name = &tag[..end];
    name.iter()
        .position(|byte| *byte == b':')
        .map_or(name, |colon| &name[colon + 1..])
}

/// The largest `uniqueCount` a table of texts claims; a parser would reserve it.
fn claimed_count(tag: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(tag);
    text.split("uniqueCount")
        .skip(1)
        .map(|rest| {
            let digits: String = rest
                .chars()
                .skip_while(|c| !c.is_ascii_digit())
                .take_while(char::is_ascii_digit)
                .collect();
            if digits.is_empty() {
                0
            } else {
                digits.parse().unwrap_or(u64::MAX)
            }
        })
        .max()
}
