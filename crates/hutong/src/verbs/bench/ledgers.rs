//! Invented ledgers as the files an office would send; and files of any kind read by their bare readers.

use std::path::Path;

use app::demo::{LEDGER_HEADINGS, LedgerRow};
use rust_xlsxwriter::{Workbook, XlsxError};

use super::error::BenchError;

/// The rows as a workbook, texts in its shared table as spreadsheet programs write them.
pub(super) fn xlsx(rows: &[LedgerRow]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "困境儿童保障台账（虚构）")?;
    for (column, heading) in (0..).zip(LEDGER_HEADINGS) {
        sheet.write_string(1, column, heading)?;
    }
    for (at, row) in (2..).zip(rows) {
        for (column, cell) in (0..).zip(&row.cells) {
            sheet.write_string(at, column, cell)?;
        }
    }
    workbook.save_to_buffer()
}

/// The rows as comma-separated text under their headings.
pub(super) fn csv(rows: &[LedgerRow]) -> Vec<u8> {
    let mut text = LEDGER_HEADINGS.join(",");
    text.push('\n');
    for row in rows {
        text.push_str(&row.cells.join(","));
        text.push('\n');
    }
    text.into_bytes()
}

/// How many cells calamine alone, or for text the csv crate alone, finds in a file; how many lines of JSON serde_json.
pub(super) fn read_alone(path: &Path) -> Result<u64, BenchError> {
    let unreadable = |what: String| BenchError::Unreadable {
        path: path.to_path_buf(),
        what,
    };
    if path
        .extension()
        .is_some_and(|extension| extension == "jsonl")
    {
        let text = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
        let values =
            serde_json::Deserializer::from_slice(&text).into_iter::<serde::de::IgnoredAny>();
        let lines = values.collect::<Result<Vec<_>, _>>();
        return lines
            .map(|lines| lines.len() as u64)
            .map_err(|error| unreadable(error.to_string()));
    }
    if path.extension().is_some_and(|extension| extension == "csv") {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_path(path)
            .map_err(|error| unreadable(error.to_string()))?;
        let mut record = csv::StringRecord::new();
        let mut cells = 0;
        while reader
            .read_record(&mut record)
            .map_err(|error| unreadable(error.to_string()))?
        {
            cells += record.len() as u64;
        }
        return Ok(cells);
    }
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path)
        .map_err(|error: calamine::XlsxError| unreadable(error.to_string()))?;
    let range = calamine::Reader::worksheet_range_at(&mut book, 0)
        .ok_or_else(|| unreadable("no sheet".into()))?
        .map_err(|error| unreadable(error.to_string()))?;
    Ok(range.used_cells().count() as u64)
}
