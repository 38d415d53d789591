//! Workbooks of Excel 97 to 2003, read record by record.
//!
//! Calamine lays every sheet of such a file out as a full rectangle when it
//! opens the file, and trusts the chains and counts it finds; a few hundred
//! bytes can make it ask for gigabytes. Here a cell costs what it holds.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;

use super::row_gatherer::RowGatherer;
use super::trouble::Trouble;
use super::workbook::{Sheet, Visit};
use super::xls_records::{self as records, Records, double, long, rk, word};
use super::xls_strings::{Texts, short_text};
use crate::cell::{Cell, serial_date};
use crate::error::{Bound, Foreign};
use crate::limits::Limits;

/// An old workbook: its stream, and what its first part says about all sheets.
#[derive(Debug)]
pub(super) struct Book {
    stream: Vec<u8>,
    sheets: Vec<(Sheet, usize)>,
    texts: Texts,
    /// For each cell format, whether it shows dates.
    dated: Vec<bool>,
    since_1904: bool,
}

/// A cell as found, before the rows are put in order.
struct Found {
    row: u16,
    column: u16,
    value: Value,
}

enum Value {
    Number(f64),
    Dated(f64),
    Shared(u32),
    Own(u32),
    Bool(bool),
}

impl Book {
    pub(super) fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, Trouble> {
        let stream = workbook_stream(bytes, limits)?;
        let mut book = Self {
            stream: Vec::new(),
            sheets: Vec::new(),
            texts: Texts::default(),
            dated: Vec::new(),
            since_1904: false,
        };
        book.read_globals(&stream, limits)?;
        book.stream = stream;
        Ok(book)
    }

    pub(super) fn sheets(&self) -> Vec<Sheet> {
        self.sheets.iter().map(|(sheet, _)| sheet.clone()).collect()
    }

    fn read_globals(&mut self, stream: &[u8], limits: &Limits) -> Result<(), Trouble> {
        let mut globals = Records::from(stream, 0);
        let first = globals.next()?.ok_or(Trouble::Empty)?;
        if first.kind != records::BEGIN || word(first.data, 0) != Some(0x0600) {
            return Err(Trouble::Foreign(Foreign::AncientWorkbook));
        }
        let mut dated_formats = Vec::new();
        let mut formats = Vec::new();
        while let Some(record) = globals.next()? {
            match record.kind {
                records::END => break,
                records::FILE_PASS => return Err(Trouble::Encrypted),
                records::DATE_MODE => self.since_1904 = word(record.data, 0) == Some(1),
                records::SHEET => self.sheets.extend(sheet(record.data)),
                records::NUMBER_FORMAT => {
                    if let (Some(index), Some(code)) = (
                        word(record.data, 0),
                        record.data.get(2..).and_then(|data| short_text(data, true)),
                    ) {
                        dated_formats.push((index, shows_date(&code)));
                    }
                }
                records::CELL_FORMAT => formats.extend(word(record.data, 2)),
                records::SHARED_TEXTS => {
                    let mut parts = vec![record.data];
                    parts.extend(globals.continued()?);
                    self.texts = Texts::read(&parts, limits)?;
                }
                _ => {}
            }
        }
        dated_formats.sort_by_key(|(index, _)| *index);
        let is_dated =
            |format: &u16| match dated_formats.binary_search_by_key(format, |(index, _)| *index) {
                Ok(at) => dated_formats[at].1,
                Err(_) => matches!(format, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58),
            };
        self.dated = formats.iter().map(is_dated).collect();
        Ok(())
    }

    pub(super) fn rows(
        &self,
        sheet: usize,
        limits: &Limits,
        visit: &mut Visit<'_>,
    ) -> Result<(), Trouble> {
        let Some((_, start)) = self.sheets.get(sheet) else {
            return Ok(());
        };
        let mut own = Texts::default();
        let mut cells = self.cells(*start, &mut own, limits)?;
        let order = |cell: &Found| (cell.row, cell.column);
        if !cells.is_sorted_by_key(order) {
            cells.sort_by_key(order);
        }
        let mut rows = RowGatherer::new(limits);
        for Found { row, column, value } in cells {
            let text = |text: Option<&'_ str>| {
                text.map_or(Cell::Empty, |text| Cell::Text(Cow::Owned(text.to_owned())))
            };
            let cell = match value {
                Value::Number(number) => Cell::Number(number),
                Value::Dated(serial) => {
                    serial_date(serial, self.since_1904).map_or(Cell::Number(serial), Cell::Date)
                }
                Value::Shared(index) => text(self.texts.get(index)),
                Value::Own(index) => text(own.get(index)),
                Value::Bool(value) => Cell::Bool(value),
            };
            if rows.put(row.into(), column.into(), cell, visit)? == ControlFlow::Break(()) {
                return Ok(());
            }
        }
        let _ = rows.finish(visit);
        Ok(())
    }

    /// All cells of the sheet that begins at `start`, in the order of the file.
    fn cells(&self, start: usize, own: &mut Texts, limits: &Limits) -> Result<Vec<Found>, Trouble> {
        let mut cells: Vec<Found> = Vec::new();
        let mut depth = 0_u32;
        let mut awaiting = None;
        let mut sheet = Records::from(&self.stream, start);
        while let Some(record) = sheet.next()? {
            match record.kind {
                records::BEGIN => depth += 1,
                records::END => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                records::FORMULA if is_text_result(record.data) => {
                    awaiting = word(record.data, 0).zip(word(record.data, 2))
                }
                records::FORMULA_TEXT => {
                    if let (Some((row, column)), Some(text)) =
                        (awaiting.take(), short_text(record.data, true))
                    {
                        cells.push(Found {
                            row,
                            column,
                            value: Value::Own(own.push(&text, limits)?),
                        });
                    }
                }
                // A chart inside the sheet has numbers that are no cells.
                _ if depth > 1 => {}
                records::LABEL | records::RICH_LABEL => {
                    if let (Some(row), Some(column), Some(text)) = (
                        word(record.data, 0),
                        word(record.data, 2),
                        record.data.get(6..).and_then(|data| short_text(data, true)),
                    ) {
                        cells.push(Found {
                            row,
                            column,
                            value: Value::Own(own.push(&text, limits)?),
                        });
                    }
                }
                records::MULTIPLE_RK => cells.extend(self.multiple(record.data)),
                _ => cells.extend(self.single(record.kind, record.data)),
            }
            if cells.len() as u64 > limits.cells {
                return Err(Trouble::TooLarge(Bound::Cells, limits.cells));
            }
        }
        Ok(cells)
    }

    fn single(&self, kind: u16, data: &[u8]) -> Option<Found> {
        let value = match kind {
            records::NUMBER => self.number(word(data, 4)?, double(data, 6)?),
            records::RK => self.number(word(data, 4)?, rk(long(data, 6)?)),
            records::SHARED_LABEL => Value::Shared(long(data, 6)?),
            records::BOOL_OR_ERROR if data.get(7) == Some(&0) => {
                Value::Bool(data.get(6) == Some(&1))
            }
            records::FORMULA => match (word(data, 12)?, data.get(6)?) {
                (0xFFFF, 1) => Value::Bool(data.get(8) == Some(&1)),
                (0xFFFF, _) => return None,
                _ => self.number(word(data, 4)?, double(data, 6)?),
            },
            _ => return None,
        };
        Some(Found {
            row: word(data, 0)?,
            column: word(data, 2)?,
            value,
        })
    }

    fn multiple(&self, data: &[u8]) -> Vec<Found> {
        let (Some(row), Some(first)) = (word(data, 0), word(data, 2)) else {
            return Vec::new();
        };
        let body = data
            .get(4..data.len().saturating_sub(2))
            .unwrap_or_default();
        let cells = body
            .chunks_exact(6)
            .zip(first..)
            .filter_map(|(pair, column)| {
                Some(Found {
                    row,
                    column,
                    value: self.number(word(pair, 0)?, rk(long(pair, 2)?)),
                })
            });
        cells.collect()
    }

    fn number(&self, format: u16, number: f64) -> Value {
        if self.dated.get(usize::from(format)) == Some(&true) {
            Value::Dated(number)
        } else {
            Value::Number(number)
        }
    }
}

fn workbook_stream(bytes: Vec<u8>, limits: &Limits) -> Result<Vec<u8>, Trouble> {
    let mut file =
        cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| Trouble::damaged("xls"))?;
    if file.exists("/EncryptedPackage") || file.exists("/EncryptionInfo") {
        return Err(Trouble::Encrypted);
    }
    let name = ["/Workbook", "/WORKBOOK", "/Book", "/BOOK"]
        .into_iter()
        .find(|name| file.is_stream(name));
    let Some(name) = name else {
        let kind = if file.exists("/WordDocument") || file.exists("/PowerPoint Document") {
            Foreign::Document
        } else {
            Foreign::Unknown
        };
        return Err(Trouble::Foreign(kind));
    };
    let mut stream = Vec::new();
    let opened = file
        .open_stream(name)
        .map_err(|_| Trouble::damaged("xls"))?;
    opened
        .take(limits.file_bytes)
        .read_to_end(&mut stream)
        .map_err(|_| Trouble::damaged("xls"))?;
    Ok(stream)
}

fn sheet(data: &[u8]) -> Option<(Sheet, usize)> {
    const WORKSHEET: u8 = 0;
    let is_worksheet = *data.get(5)? == WORKSHEET;
    let visible = data.get(4)? & 3 == 0;
    let name = short_text(data.get(6..)?, false)?;
    let start = usize::try_from(long(data, 0)?).ok()?;
    is_worksheet.then_some((Sheet { name, visible }, start))
}

/// Whether a formula's result is a text, which the next record holds.
fn is_text_result(data: &[u8]) -> bool {
    word(data, 12) == Some(0xFFFF) && data.get(6) == Some(&0)
}

/// Whether a number format shows a day: it has a year or a day outside quotes and brackets.
fn shows_date(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '[' => drop(chars.by_ref().find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            'y' | 'Y' | 'd' | 'D' => return true,
            _ => {}
        }
    }
    false
}
