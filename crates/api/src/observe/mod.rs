//! What operators see of requests: an id for each, one line in the log, and figures.
//!
//! **Invariant.** None of it holds anything personal: an operation is named by its id, never by its path or query.

mod metrics;
mod request;

pub(crate) use metrics::{Metrics, metrics};
pub(crate) use request::{RequestId, observe};
