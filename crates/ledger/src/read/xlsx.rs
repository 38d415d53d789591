//! Workbooks of Excel 2007 and later, through calamine's streaming cells reader.

use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError};
use jiff::civil::Date;

use super::row_gatherer::RowGatherer;
use super::trouble::Trouble;
use super::workbook::{Sheet, Visit};
use super::xlsx_bounds;
use crate::cell::{Cell, is_dated_serial};
use crate::limits::Limits;

pub(super) struct Book {
    workbook: Xlsx<Cursor<Vec<u8>>>,
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("xlsx::Book")
    }
}

impl Book {
    pub(super) fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, Trouble> {
        xlsx_bounds::check(&bytes, limits)?;
        let workbook = fenced(|| Xlsx::new(Cursor::new(bytes)))?.map_err(trouble)?;
        Ok(Self { workbook })
    }

    pub(super) fn sheets(&self) -> Vec<Sheet> {
        let sheets = self.workbook.sheets_metadata().iter();
        sheets
            .map(|sheet| Sheet {
                name: sheet.name.clone(),
                visible: sheet.visible == SheetVisible::Visible,
            })
            .collect()
    }

    pub(super) fn rows(
        &mut self,
        sheet: usize,
        limits: &Limits,
        visit: &mut Visit<'_>,
    ) -> Result<(), Trouble> {
        let Some(name) = self
            .workbook
            .sheets_metadata()
            .get(sheet)
            .map(|sheet| sheet.name.clone())
        else {
            return Ok(());
        };
        let workbook = &mut self.workbook;
        let mut reader = match fenced(|| workbook.worksheet_cells_reader(&name))? {
            Ok(reader) => reader,
            // A sheet of charts or macros has no rows.
            Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => return Ok(()),
            Err(error) => return Err(trouble(error)),
        };
        let mut rows = RowGatherer::new(limits);
        while let Some(cell) = fenced(|| reader.next_cell())?.map_err(trouble)? {
            let (row, column) = cell.get_position();
            let value = value_of(cell.get_value());
            if rows.put(row, column, value, visit)?.is_break() {
                return Ok(());
            }
        }
        let _ = rows.finish(visit);
        Ok(())
    }
}

/// Calamine is careful but large; a panic in it must end in an error about the
/// file. Memory cannot run out first: the bounds were checked before.
fn fenced<T>(step: impl FnOnce() -> T) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|_| Trouble::damaged("xlsx"))
}

fn trouble(error: XlsxError) -> Trouble {
    match error {
        XlsxError::Password => Trouble::Encrypted,
        XlsxError::Zip(_) | XlsxError::Io(_) => Trouble::damaged("zip"),
        XlsxError::Xml(_) | XlsxError::XmlEof(_) => Trouble::damaged("XML"),
        _ => Trouble::damaged("xlsx"),
    }
}

fn value_of<'a>(value: &DataRef<'a>) -> Cell<'a> {
    match value {
        DataRef::Empty | DataRef::Error(_) => Cell::Empty,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::Text(Cow::Owned(text.clone())),
        DataRef::SharedString(text) => Cell::Text(Cow::Borrowed(text)),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(moment) => {
            day_of(*moment).map_or(Cell::Number(moment.as_f64()), Cell::Date)
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            match text.get(..10).and_then(|day| day.parse::<Date>().ok()) {
                Some(date) => Cell::Date(date),
                None => Cell::Text(Cow::Owned(text.clone())),
            }
        }
    }
}

fn day_of(moment: ExcelDateTime) -> Option<Date> {
    if moment.is_duration() || !is_dated_serial(moment.as_f64()) {
        return None;
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}
