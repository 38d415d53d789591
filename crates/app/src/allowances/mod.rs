//! The use cases of allowances: the rates it is reckoned by, a month's batch prepared, its way through other hands, and its money to the payees.

mod accounts;
mod bank_files;
mod child;
mod confirm;
mod error;
mod facts;
mod funding;
mod look;
mod money;
mod move_on;
mod moves;
mod pay_error;
mod prepare;
mod publish;
mod rates;
mod reasons;
mod record;
mod recoveries;
mod run;
mod scan;
mod standard_error;
mod standards;
mod walk;
mod weigh;

pub use accounts::{
    AccountAct, AccountEntry, account_acts, accounts_of, confirm_account, due_accounts,
    end_account, propose_account, waiting_accounts,
};
pub use bank_files::{
    BankTemplate, bank_templates, enter_return, failures_of, list_bank_files, make_bank_file,
    read_return, take_bank_file,
};
pub use confirm::{QuarterReview, ReviewError, confirm_quarter, quarter_children, quarter_review};
pub use error::MonthError;
pub use funding::Funded;
pub use look::{BatchLook, look, months, read_statement};
pub use money::{Reconciled, children_of_claim, list_claims, reconcile};
pub use move_on::{move_on, move_on_by};
pub use pay_error::PayError;
pub use prepare::{MonthOrder, PreparedMonth, prepare, prepare_month};
pub use publish::publish;
pub use rates::{Rates, rates_now, rates_with};
pub use record::{facts_of, paid_through, record_fact};
pub use recoveries::{confirm_recovery, recoveries_of};
pub use run::prepare_and_commit;
pub use scan::{attach_scan, read_scan};
pub use standard_error::StandardsError;
pub use standards::{
    OfficeStandard, RuleRate, StandardsLook, list_standards, propose_standard, publish_standard,
    refuse_standard, withdraw_standard,
};
pub use weigh::{
    Grown, GrowthOrder, TriedRate, Weighing, WhatIfOrder, grow_rate, weigh_standard, weigh_with,
    what_if, what_if_by,
};
