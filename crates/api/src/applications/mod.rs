//! Applications over HTTP.

mod decide;
mod draft;
mod inbox;
mod limits;
mod link;
mod open;
mod papers;
mod print;
mod problem;
mod step;
mod view;

use crate::operation::Operation;

/// The operations of applications.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = inbox::operations();
    all.extend(draft::operations());
    all.extend(open::operations());
    all.extend(limits::operations());
    all.extend(link::operations());
    all.extend(papers::operations());
    all.extend(print::operations());
    all.extend(step::operations());
    all.extend(decide::operations());
    all
}
