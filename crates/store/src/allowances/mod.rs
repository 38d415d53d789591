//! The month's tables: what children are owed as lines, in batches, and the run that works them out.
//!
//! **Invariant.** Lines, levels and their batch become visible in one transaction, which alone holds the months.

mod batch;
mod connecting;
mod fact;
mod figures;
mod prepared;
mod reading;
mod records;
mod rows;
mod series;
mod stage;
mod statement;

pub use batch::{Batch, BatchMoved, batch, batches, lines_hash};
pub(crate) use connecting::Connecting;
pub use fact::{AllowanceFact, FactRecorded};
pub use figures::{
    BatchPart, Difference, Differing, NamedException, batch_differences, batch_exceptions,
    batch_parts,
};
pub use prepared::{BatchPrepared, ReasonText, Unsaid, Unspoken};
pub use reading::{Reading, read, read_sums};
pub use records::{
    FactRecord, Keyed, LevelRecord, Payable, SeriesEnd, Sorted, SpanRecord, SumRecord,
};
pub use series::{SeriesState, clear_stages, hold_months, series_state};
pub use stage::{LineRow, Stage, Staged};
pub use statement::{StatementLine, StatementRead, statement};
