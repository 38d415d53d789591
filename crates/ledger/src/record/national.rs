//! Reads a list that the national system wrote.

use std::ops::ControlFlow;

use super::child::ChildRecord;
use super::reader::RecordReader;
use crate::check::Rules;
use crate::error::LedgerError;
use crate::header::{self, Required, RowKind};
use crate::read::Workbook;

/// The children of a list of the national system, from the top. It has other columns than an office's ledger: a name and
/// the system's own number or the resident id are all it must have.
///
/// # Errors
/// [`LedgerError`] if the file has no such header or breaks off.
pub fn read_national_list(
    workbook: &mut Workbook,
    rules: &Rules,
) -> Result<Vec<ChildRecord>, LedgerError> {
    let layout = header::find_with(workbook, &rules.synonyms, Required::OF_NATIONAL_LIST)?;
    let mut reader = RecordReader::new(&layout, rules);
    let mut children = Vec::new();
    workbook.rows(layout.sheet, &mut |row| {
        if row.number > layout.row && RowKind::of(row, &layout) == RowKind::Child {
            children.push(reader.read(row));
        }
        ControlFlow::Continue(())
    })?;
    Ok(children)
}
