//! Children over HTTP.

mod check;
mod child_view;
mod confide;
mod documents;
mod due;
mod edit;
mod figures;
mod grants;
mod guardians;
mod history;
mod jobs;
mod journal;
mod list;
mod merge;
mod open;
mod placements;
mod problem;
mod relatives;
mod stated;
mod statuses;
mod work_items;

pub(crate) use open::Opening;
pub(crate) use problem::purpose;

use crate::operation::Operation;

/// The registry's operations.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = vec![open::operation(), history::operation()];
    all.extend(list::operations());
    all.extend(edit::operations());
    all.extend(guardians::operations());
    all.extend(relatives::operations());
    all.extend(statuses::operations());
    all.extend(placements::operations());
    all.extend(grants::operations());
    all.push(confide::operation());
    all.extend(documents::operations());
    all.extend(merge::operations());
    all.extend(work_items::operations());
    all.extend(check::operations());
    all.extend(jobs::operations());
    all.extend(figures::operations());
    all.push(journal::operation());
    all.push(due::operation());
    all
}
