//! The month's tables: what children are owed as lines, in batches, and the run that works them out.
//!
//! **Invariant.** Lines, levels and their batch become visible in one transaction, which alone holds the months.

mod account;
mod bank_file;
mod bank_return;
mod batch;
mod claim;
mod confirmation;
mod connecting;
mod fact;
mod figures;
mod prepared;
mod reading;
mod records;
mod recovery;
mod rows;
mod scan;
mod series;
mod stage;
mod standard;
mod statement;
mod weighed;

pub use account::{
    Account, AccountDecided, AccountNames, AccountOf, AccountProposed, AccountStep, AccountSubject,
    account, accounts, accounts_due, home_name, proposed_accounts,
};
pub use bank_file::{
    BankFile, BankFileBegun, BankFileLine, BankFileTaken, BankFileWritten, bank_file,
    bank_file_content, bank_file_lines, bank_files,
};
pub use bank_return::{
    BankFailure, ReturnEntered, attempts, bank_failures, hold_file, known_return,
};
pub use batch::{Batch, BatchMoved, Published, batch, batches, lines_hash};
pub use claim::{
    BatchClaimed, BatchMoney, Claim, ClaimChild, ClaimState, ClaimSum, batch_money, claim_children,
    claims,
};
pub use confirmation::{
    Drawing, DrawingFilter, QuarterConfirmed, drawing, drawing_counts, unconfirmed_in,
};
pub(crate) use connecting::Connecting;
pub use fact::{AllowanceFact, FactOnRecord, FactRecorded, facts_on_record};
pub use figures::{
    BatchPart, Difference, Differing, NamedException, batch_differences, batch_exceptions,
    batch_parts,
};
pub use prepared::{BatchPrepared, ReasonText, Unsaid, Unspoken};
pub use reading::{Reading, read, read_sums};
pub use records::{
    FactRecord, Keyed, LevelRecord, Payable, People, SeriesEnd, Sorted, SpanRecord, SumRecord,
};
pub use recovery::{Confirmation, Recovery, RecoveryConfirmed, recoveries};
pub use scan::{Scan, ScanAdded, ScanRead, scan_content};
pub use series::{SeriesState, clear_stages, hold_months, is_known_later, series_state};
pub use stage::{LineRow, Stage, Staged};
pub use standard::{
    Standard, StandardDecided, StandardProposed, StandardsKnown, Verdict, place_of_unit, standard,
    standard_waits, standards, standards_known, unit_place,
};
pub use statement::{StatementLine, StatementRead, statement};
pub use weighed::{WeighedAs, WeighedGroup, WeighingWindow, read_weighed, weighed_since};
