//! The registry's tables: children, their statuses, the ledgers they came from, and what is left to clear.

mod amend;
mod columns;
mod figures;
mod file;
mod intake;
mod known;
mod ledger;
mod open;
mod register;
mod search;
mod statistics;
mod work_item;

pub use amend::Amended;
pub(crate) use columns::seal as seal_column;
pub use columns::{child_index, likeness};
pub use figures::{CategoryCount, count_by_category};
pub use file::{ChildFile, files};
pub use intake::{RowRead, rows_read};
pub use known::{Blind, Known, known, known_elsewhere};
pub use ledger::{LedgerRecord, LedgerTaken, ListedAgain, RowTaken, already_taken};
pub use open::FileOpened;
pub use register::{Registered, Registration};
pub use search::{Found, LIMIT as SEARCH_LIMIT, search};
pub(crate) use search::{rows_by_digest, rows_by_key};
pub use statistics::refresh_statistics;
pub use work_item::{RaisedCell, WorkItem, WorkItemsOpened, cells_raised, open_work_items};
