//! The registry's tables: children, their statuses, the ledgers they came from, and what is left to clear.

mod amend;
mod cells;
mod changes;
mod columns;
mod confide;
mod department;
mod document;
mod due;
mod edit;
mod figures;
mod file;
mod guardian;
mod history;
mod intake;
mod job;
mod known;
mod ledger;
mod list;
mod merge;
mod name_key;
mod national;
mod open;
mod placement;
mod register;
mod search;
mod span;
mod statistics;
mod work_item;

pub use amend::Amended;
pub(crate) use amend::name_officer;
pub use cells::Preparing;
pub use changes::{ClassChange, changes};
pub use columns::{child_index, likeness};
pub(crate) use columns::{open as open_column, seal as seal_column};
pub use confide::{FileConfided, NamedOfficer, confide, named_officers};
pub use department::{bonds, kin_index, listable};
pub use document::{Document, DocumentAdded, Shown, ShownPart, document_content, documents};
pub use due::{EndingGrant, Growing, MOST_DUE, ending_grants, growing, waiting_items};
pub use edit::{Edited, Revision, revisions_since};
pub use figures::{CategoryCount, PartCount, count_by_category, count_by_part};
pub use file::{ChildFile, files, hold};
pub(crate) use guardian::entry_of;
pub use guardian::{
    Guardian, GuardianCorrected, GuardianEnded, GuardianEntered, RelativeRemoved, RelativeStated,
    guardians,
};
pub use history::{HistoryEntry, HistoryKind, history};
pub use intake::{RowRead, rows_read};
pub use job::{
    Job, JobAdvanced, JobEnded, JobFileTaken, JobKind, JobOrdered, JobState, TakenJob, job,
    job_content, job_file, jobs,
};
pub use known::{Blind, Known, known, known_elsewhere};
pub use ledger::{LedgerRecord, LedgerTaken, ListedAgain, RowTaken, already_taken, last_ledger};
pub use list::{ListFilter, ListOrder, Listed, ListedUpTo, PAGE, list, listed};
pub use merge::{Merge, MergeUndone, Merged, Snapshot, merge, merges, merges_within};
pub(crate) use name_key::order_names;
pub use name_key::{Names, NamesFiled};
pub use national::held_in;
pub use open::FileOpened;
pub use placement::{
    Grant, GrantEnded, Granted, Placed, Placement, PlacementEnded, grants, own_name, placements,
    unit_exists,
};
pub use register::{Prepared, Registered, RegisteredUnfiled, Registration};
pub use search::{Found, LIMIT as SEARCH_LIMIT, search};
pub(crate) use search::{rows_by_digest, rows_by_key};
pub use span::{Span, SpanEnded, SpanEntered, spans};
pub use statistics::refresh_statistics;
pub use work_item::{
    Raised, RaisedCell, WaitingCell, WaitingItem, WorkItem, WorkItemCleared, WorkItemFilter,
    WorkItemShown, WorkItemsOpened, cells_raised, cells_waiting, open_work_items, raised,
    work_item, work_item_cell, work_items,
};
