//! Allowances over HTTP: the month and its batches, and a child's statement.

mod batches;
mod look;
mod prepare;
mod problem;
mod publish;
mod statement;
mod steps;

use crate::operation::Operation;

/// The operations of allowances.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = batches::operations();
    all.extend(prepare::operations());
    all.extend(look::operations());
    all.extend(steps::operations());
    all.extend(publish::operations());
    all.extend(statement::operations());
    all
}
