//! Reads a few rows ahead on a thread of its own: unpacking takes twice as long as checking, so both at once.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use super::trouble::Trouble;
use super::workbook::Visit;
use crate::cell::{Cell, Row};

/// Rows handed over at once.
const BATCH: usize = 64;
/// Bytes of text handed over at once.
const BATCH_BYTES: usize = 1 << 20;
/// Batches read ahead at most: what is read but not yet wanted stays small.
const AHEAD: usize = 8;

type Batch = Vec<Row<'static>>;

/// Visits, here, the rows that `rows` reads on another thread; `Break` ends both.
pub(super) fn read(
    rows: impl FnOnce(&mut Visit<'_>) -> Result<(), Trouble> + Send,
    visit: &mut Visit<'_>,
) -> Result<(), Trouble> {
    thread::scope(|scope| {
        let (sender, batches) = sync_channel::<Batch>(AHEAD);
        let reader = scope.spawn(move || {
            let mut batch = Vec::with_capacity(BATCH);
            let mut bytes = 0;
            let read = rows(&mut |row| {
                batch.push(row.detached());
                bytes += texts_of(row);
                if batch.len() < BATCH && bytes < BATCH_BYTES {
                    return ControlFlow::Continue(());
                }
                bytes = 0;
                // Nobody takes rows any more: the visitor has seen enough.
                match sender.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            });
            let _ = sender.send(batch);
            read
        });
        let seen = visit_all(batches, visit);
        let read = reader
            .join()
            .unwrap_or_else(|_| Err(Trouble::damaged("a row")));
        // What lies beyond a break was not asked for, nor was its trouble.
        if seen.is_break() { Ok(()) } else { read }
    })
}

fn texts_of(row: &Row<'_>) -> usize {
    let texts = row.cells.iter().filter_map(|cell| match cell {
        Cell::Text(text) => Some(text.len()),
        _ => None,
    });
    texts.sum()
}

fn visit_all(batches: Receiver<Batch>, visit: &mut Visit<'_>) -> ControlFlow<()> {
    for row in batches.iter().flatten() {
        visit(&row)?;
    }
    ControlFlow::Continue(())
}
