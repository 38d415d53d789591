//! The exchange with other installations over HTTP.

mod inbox;
mod packages;
mod peers;
mod post;
mod problem;

use crate::operation::Operation;

pub use post::Post;

/// The operations of the exchange.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = peers::operations();
    all.extend(packages::operations());
    all.push(inbox::operation());
    all
}
