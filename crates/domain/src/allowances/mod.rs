//! Allowances: what a child is owed for a month, and what a month's run pays.
//!
//! **Invariant.** Money is a replay: what is due for a month is a function of the facts and the rules known at a moment,
//! and a run pays the difference to what is committed already. Nothing here knows what an earlier run thought.

mod account;
mod answer;
mod batch;
mod because;
mod codes;
mod confirmation;
mod digest;
mod disclosure;
mod due;
mod entitled;
mod history;
mod levels;
mod run;
mod standard;
mod steps;
mod timeline;
mod transfer;
mod what_if;

pub use account::{AccountError, NameMatch, StatedAccount, account_number};
pub use answer::{
    AnswerError, Answered, Attempt, BankLine, ControlTotals, Failure, Misfit, answered,
};
pub use batch::{BatchAct, BatchError, BatchHands, BatchStage};
pub use because::{Because, Reason, Words};
pub use codes::{OtherBenefit, StopReason};
pub use confirmation::{ConfirmationError, MOST_CONFIRMED, review_of, to_confirm};
pub use digest::Digest;
pub use disclosure::{Counted, DisclosedRow, Disclosure, FEWEST_DISCLOSED, Figure, disclosure};
pub use due::{Due, due};
pub use history::{Fact, History, Known, Payee, Struck};
pub use levels::{Committing, Level, Levels};
pub use run::{Answer, Line, LineKind, Replay, Run};
pub use standard::{
    Rise, StandardAct, StandardDocument, StandardDraft, StandardError, StandardState,
};
pub use timeline::first_month_there;
pub use transfer::{Transfer, transfer};
pub use what_if::{Cell, Effect, Outlook, Proposal, Spent, WhatIf};

#[cfg(test)]
mod tests;
