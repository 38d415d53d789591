//! The registry's use cases.

mod case_error;
mod changes;
mod check_ledger;
mod circumstances;
mod clear;
mod confide;
mod departments;
mod differences;
mod documents;
mod due;
mod edit;
mod export;
mod forms;
mod history;
mod import;
mod journal;
mod kin;
mod list;
mod merge;
mod national;
mod open;
mod order;
mod paper;
mod record;
mod reveal;
mod run;
mod settle;
mod summary;
mod taking;

pub use case_error::{CaseError, Hindrance};
pub use changes::changes;
pub use check_ledger::{
    CheckError, CheckedLedger, Corrections, FaultyCell, FaultyRow, Findings, LARGEST_CHECKED,
    check_ledger,
};
pub use circumstances::{end_grant, end_placement, end_status, enter_status, grant, place};
pub use clear::{clear, show_cell, waiting};
pub use confide::confide;
pub(crate) use documents::kept_document;
pub use documents::{LARGEST_DOCUMENT, add_document, read_document};
pub use due::{Due, DueDate, DueKind, due};
pub use edit::{FileEdit, NewChild, edit, register};
pub use export::MOST_EXPORTED;
pub use forms::ExportForm;
pub use history::history;
pub use import::{ImportError, ImportRequest, Imported, import, tell_planner};
pub use journal::journal;
pub use kin::{
    GuardianCorrection, NewGuardian, RelativeStatement, correct_guardian, end_guardian,
    enter_guardian, remove_relative, state_relative,
};
pub use list::{list, search};
pub use merge::{Doubles, merge, merges, undo_merge};
pub use open::{OpenError, OpenedFile, open};
pub use order::{
    ExportOrder, MOST_CHOSEN, UploadedLedger, order_comparison, order_department_comparison,
    order_export, order_import, take_file,
};
pub(crate) use paper::kept_paper;
pub use reveal::{Secret, reveal};
pub use run::{run_jobs, run_next};
pub use summary::{Summary, Tally, summary};
