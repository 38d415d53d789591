//! Allowances over HTTP: its rates, the month and its batches, its money to the payees, and a child's statement.

mod accounts;
mod batches;
mod confirmations;
mod facts;
mod files;
mod look;
mod money;
mod pay_problem;
mod prepare;
mod problem;
mod publish;
mod recoveries;
mod returns;
mod scan;
mod standard_acts;
mod standards;
mod statement;
mod steps;
mod weigh;
mod what_if;

use crate::operation::Operation;

/// The operations of allowances.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = batches::operations();
    all.extend(prepare::operations());
    all.extend(look::operations());
    all.extend(steps::operations());
    all.extend(publish::operations());
    all.extend(statement::operations());
    all.extend(accounts::operations());
    all.extend(recoveries::operations());
    all.extend(money::operations());
    all.extend(files::operations());
    all.extend(returns::operations());
    all.extend(facts::operations());
    all.extend(standards::operations());
    all.extend(standard_acts::operations());
    all.extend(scan::operations());
    all.extend(weigh::operations());
    all.extend(what_if::operations());
    all.extend(confirmations::operations());
    all
}
