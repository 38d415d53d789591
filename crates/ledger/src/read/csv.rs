//! Text files: UTF-8 and GB18030 with or without a mark, UTF-16 with one;
//! separated by commas, tabs or semicolons.
//!
//! The rows are split here because a row's number must be the spreadsheet's:
//! blank lines count, and a line break inside quotes does not.

use std::borrow::Cow;
use std::ops::ControlFlow;

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::kind;
use super::trouble::Trouble;
use super::workbook::Visit;
use crate::cell::{Cell, Row};
use crate::error::Bound;
use crate::limits::Limits;

#[derive(Debug)]
pub(super) struct Book {
    text: String,
    separator: u8,
}

impl Book {
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, Trouble> {
        let mut text = decode(bytes)?;
        if text.ends_with(kind::END_OF_FILE) {
            text.pop();
        }
        let separator = separator(&text);
        Ok(Self { text, separator })
    }

    pub(super) fn rows(&self, limits: &Limits, visit: &mut Visit<'_>) -> Result<(), Trouble> {
        let mut rest = self.text.as_str();
        let mut number = 0;
        let mut cells = 0;
        let mut row = Row::default();
        while !rest.is_empty() {
            number += 1;
            row.number = number;
            row.cells.clear();
            let before = rest.len();
            rest = self.split(rest, limits, &mut row.cells)?;
            if (before - rest.len()) as u64 > limits.row_bytes {
                return Err(Trouble::TooLarge(Bound::RowBytes, limits.row_bytes));
            }
            cells += row.cells.len() as u64;
            if cells > limits.cells {
                return Err(Trouble::TooLarge(Bound::Cells, limits.cells));
            }
            if !row.cells.iter().all(|cell| matches!(cell, Cell::Empty))
                && visit(&row) == ControlFlow::Break(())
            {
                break;
            }
        }
        Ok(())
    }

    /// Reads one row off the front and answers what remains.
    fn split<'t>(
        &self,
        mut rest: &'t str,
        limits: &Limits,
        cells: &mut Vec<Cell<'t>>,
    ) -> Result<&'t str, Trouble> {
        loop {
            let (value, after) = self.value(rest);
            if value.len() as u64 > limits.cell_bytes {
                return Err(Trouble::TooLarge(Bound::CellBytes, limits.cell_bytes));
            }
            if cells.len() < limits.columns as usize {
                let value = unwrapped(value);
                cells.push(if value.is_empty() {
                    Cell::Empty
                } else {
                    Cell::Text(value)
                });
            }
            let after = after.as_bytes().first().map_or("", |byte| {
                rest = &after[1..];
                if *byte == self.separator {
                    "more"
                } else if *byte == b'\r' {
                    "cr"
                } else {
                    "lf"
                }
            });
            match after {
                "more" => {}
                "cr" => return Ok(rest.strip_prefix('\n').unwrap_or(rest)),
                "lf" => return Ok(rest),
                _ => return Ok(""),
            }
        }
    }

    /// One value and the text from the separator or line end behind it.
    fn value<'t>(&self, rest: &'t str) -> (Cow<'t, str>, &'t str) {
        let is_end = |byte: &u8| *byte == self.separator || matches!(byte, b'\r' | b'\n');
        let plain = |text: &'t str| {
            let end = text
                .bytes()
                .position(|byte| is_end(&byte))
                .unwrap_or(text.len());
            text.split_at(end)
        };
        let Some(quoted) = rest.strip_prefix('"') else {
            let (value, after) = plain(rest);
            return (Cow::Borrowed(value), after);
        };
        let mut value = Cow::Borrowed("");
        let mut tail = quoted;
        while let Some(end) = tail.find('"') {
            let (part, after) = (&tail[..end], &tail[end + 1..]);
            join(&mut value, part);
            let Some(more) = after.strip_prefix('"') else {
                // What follows a closing quote up to the separator belongs to the value, as spreadsheets read it.
                let (stray, after) = plain(after);
                join(&mut value, stray);
                return (value, after);
            };
            value.to_mut().push('"');
            tail = more;
        }
        // A quote that is never closed was not meant as one.
        let (value, after) = plain(rest);
        (Cow::Borrowed(value), after)
    }
}

/// `="370481…"`: a formula with which other programs keep a spreadsheet from reading a number.
fn unwrapped(value: Cow<'_, str>) -> Cow<'_, str> {
    let inside = |text: &str| {
        let inner = text.strip_prefix("=\"")?.strip_suffix('"')?;
        (!inner.contains('"')).then(|| 2..text.len() - 1)
    };
    match (inside(&value), value) {
        (None, value) => value,
        (Some(inner), Cow::Borrowed(text)) => Cow::Borrowed(&text[inner]),
        (Some(inner), Cow::Owned(text)) => Cow::Owned(text[inner].to_owned()),
    }
}

fn join<'t>(value: &mut Cow<'t, str>, part: &'t str) {
    if value.is_empty() {
        *value = Cow::Borrowed(part);
    } else if !part.is_empty() {
        value.to_mut().push_str(part);
    }
}

fn decode(bytes: Vec<u8>) -> Result<String, Trouble> {
    let (encoding, mark) = Encoding::for_bom(&bytes).unwrap_or((UTF_8, 0));
    if encoding == UTF_8 {
        return match String::from_utf8(bytes) {
            Ok(mut text) => {
                text.drain(..mark);
                Ok(text)
            }
            Err(error) => decode_as(GB18030, error.as_bytes()),
        };
    }
    decode_as(encoding, &bytes[mark..])
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, Trouble> {
    let (text, _, has_errors) = encoding.decode(bytes);
    // A few damaged characters are an office's daily bread; more means another kind of file.
    if has_errors
        && text
            .chars()
            .filter(|c| *c == char::REPLACEMENT_CHARACTER)
            .count()
            * 100
            > text.chars().count()
    {
        return Err(Trouble::damaged("neither UTF-8 nor GB18030"));
    }
    Ok(text.into_owned())
}

/// The separator that the first lines use most.
fn separator(text: &str) -> u8 {
    let head = text.lines().take(20);
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    for line in head {
        let mut quoted = false;
        for byte in line.bytes() {
            quoted ^= byte == b'"';
            if let Some((_, count)) = counts
                .iter_mut()
                .find(|(separator, _)| *separator == byte && !quoted)
            {
                *count += 1;
            }
        }
    }
    // At a tie the first wins: a comma.
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(separator, _)| *separator)
}
