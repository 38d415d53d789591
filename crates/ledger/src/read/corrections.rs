//! Cells that a clerk put right after the file was written.

use std::collections::HashMap;

use crate::cell::{Cell, Row};

/// What cells are to hold instead of what the file says, by the spreadsheet's row number and the column's zero-based place.
///
/// ```
/// use ledger::cell::{Cell, Row};
/// use ledger::read::Corrections;
/// let mut corrections = Corrections::default();
/// corrections.put(3, 1, "曹沃村".into());
/// let row = Row { number: 3, cells: vec![Cell::Text("虚构甲".into())] };
/// assert_eq!(corrections.applied(&row).map(|row| row.cells.len()), Some(2));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corrections(HashMap<u32, Vec<(usize, String)>>);

impl Corrections {
    /// Puts a text into a cell; of two for the same cell the later counts.
    pub fn put(&mut self, row: u32, place: usize, text: String) {
        self.0.entry(row).or_default().push((place, text));
    }

    /// The row as put right; `None` where it stays as it is.
    #[must_use]
    pub fn applied(&self, row: &Row<'_>) -> Option<Row<'static>> {
        let corrected = self.0.get(&row.number)?;
        let mut row = row.detached();
        for (place, text) in corrected {
            if *place >= row.cells.len() {
                row.cells.resize(place + 1, Cell::Empty);
            }
            row.cells[*place] = Cell::Text(text.clone().into());
        }
        Some(row)
    }
}
