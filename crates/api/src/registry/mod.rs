//! Children over HTTP.

mod edit;
mod figures;
mod jobs;
mod list;
mod merge;
mod open;
mod problem;
mod work_items;

use crate::operation::Operation;

/// The registry's operations.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = vec![open::operation()];
    all.extend(list::operations());
    all.extend(edit::operations());
    all.extend(merge::operations());
    all.extend(work_items::operations());
    all.extend(jobs::operations());
    all.extend(figures::operations());
    all
}
