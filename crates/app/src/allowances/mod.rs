//! The use cases of allowances: a month's batch prepared, its way through other hands, and its money to the payees.

mod accounts;
mod bank_files;
mod child;
mod error;
mod facts;
mod look;
mod money;
mod move_on;
mod pay_error;
mod prepare;
mod publish;
mod reasons;
mod record;
mod recoveries;
mod run;
mod walk;

pub use accounts::{
    AccountEntry, accounts_of, confirm_account, end_account, propose_account, waiting_accounts,
};
pub use bank_files::{
    BankTemplate, bank_templates, enter_return, list_bank_files, make_bank_file, read_return,
    take_bank_file,
};
pub use error::MonthError;
pub use look::{BatchLook, look, months, read_statement};
pub use money::{Reconciled, children_of_claim, list_claims, reconcile};
pub use move_on::move_on;
pub use pay_error::PayError;
pub use prepare::{MonthOrder, PreparedMonth, prepare, prepare_month};
pub use publish::publish;
pub use record::record_fact;
pub use recoveries::{confirm_recovery, recoveries_of};
pub use run::prepare_and_commit;
