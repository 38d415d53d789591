//! Gathers cells that come one by one into rows.

use std::ops::ControlFlow;

use super::trouble::Trouble;
use super::workbook::Visit;
use crate::cell::{Cell, Row};
use crate::error::Bound;
use crate::limits::Limits;

/// Gathers cells into rows.
pub(super) struct RowGatherer<'a, 'l> {
    limits: &'l Limits,
    row: Row<'a>,
    /// Cells and the empty places filled in before them.
    places: u64,
    texts: Texts,
}

/// The bytes of texts so far: a workbook's cells may repeat one long text of a table without end.
#[derive(Default)]
struct Texts {
    of_row: u64,
    of_sheet: u64,
}

impl Texts {
    fn count(&mut self, text: &str, limits: &Limits) -> Result<(), Trouble> {
        self.of_row += text.len() as u64;
        self.of_sheet += text.len() as u64;
        if self.of_row > limits.row_bytes {
            return Err(Trouble::TooLarge(Bound::RowBytes, limits.row_bytes));
        }
        if self.of_sheet > limits.inflated_bytes {
            let limit = limits.inflated_bytes;
            return Err(Trouble::TooLarge(Bound::InflatedBytes, limit));
        }
        Ok(())
    }
}

/// Empty places before a far-off cell cost a little each: this many times the bound of cells is enough.
const EMPTY_PLACES: u64 = 16;

impl<'a, 'l> RowGatherer<'a, 'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            row: Row::default(),
            places: 0,
            texts: Texts::default(),
        }
    }

    /// Adds a cell at zero-based places; a new row hands the one before to `visit`.
    pub(super) fn put(
        &mut self,
        row: u32,
        column: u32,
        value: Cell<'a>,
        visit: &mut Visit<'_>,
    ) -> Result<ControlFlow<()>, Trouble> {
        let number = row.saturating_add(1);
        if number != self.row.number {
            if self.finish(visit).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            self.row.number = number;
            self.texts.of_row = 0;
        }
        if matches!(value, Cell::Empty) || column >= self.limits.columns {
            return Ok(ControlFlow::Continue(()));
        }
        if let Cell::Text(text) = &value {
            self.texts.count(text, self.limits)?;
        }
        let at = column as usize;
        if at >= self.row.cells.len() {
            self.places += (at + 1 - self.row.cells.len()) as u64;
            if self.places > self.limits.cells.saturating_mul(EMPTY_PLACES) {
                return Err(Trouble::TooLarge(Bound::Cells, self.limits.cells));
            }
            self.row.cells.resize(at + 1, Cell::Empty);
        }
        self.row.cells[at] = value;
        Ok(ControlFlow::Continue(()))
    }

    /// Hands the last row to `visit`.
    pub(super) fn finish(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()> {
        if self.row.cells.is_empty() {
            return ControlFlow::Continue(());
        }
        let flow = visit(&self.row);
        self.row.cells.clear();
        flow
    }
}
