//! The registry's use cases.

mod case_error;
mod circumstances;
mod clear;
mod documents;
mod edit;
mod export;
mod import;
mod journal;
mod list;
mod merge;
mod open;
mod order;
mod record;
mod reveal;
mod run;
mod summary;
mod taking;

pub use case_error::{CaseError, Hindrance};
pub use circumstances::{
    NewGuardian, end_grant, end_guardian, end_placement, end_status, enter_guardian, enter_status,
    grant, place, state_relative,
};
pub use clear::{clear, waiting};
pub use documents::{LARGEST_DOCUMENT, add_document, read_document};
pub use edit::{FileEdit, NewChild, edit, register};
pub use export::MOST_EXPORTED;
pub use import::{ImportError, ImportRequest, Imported, import};
pub use journal::journal;
pub use list::{list, search};
pub use merge::{Doubles, merge, undo_merge};
pub use open::{OpenError, open};
pub use order::{ExportOrder, UploadedLedger, order_export, order_import, take_file};
pub use reveal::{Secret, reveal};
pub use run::{run_jobs, run_next};
pub use summary::{Summary, Tally, summary};
