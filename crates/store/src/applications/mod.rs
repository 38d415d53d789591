//! Applications: where each stands, what it states, its papers, its history and the decision on it.

mod application;
mod decision;
mod draft;
mod entered;
mod inbox;
mod limit;
mod link;
mod paper;
pub mod public;
mod stated;
mod step;
mod units;

pub use application::{Application, application, hold};
pub(crate) use decision::cell as decision_cell;
pub use decision::{Decision, DecisionTaken, Grounds, decisions, next_letter};
pub use draft::{Confided, Drafted, confide, next_number};
pub use entered::DecisionEntered;
pub use inbox::{Inbox, InboxFilter, InboxTally, ListedUpTo, inbox, provisional, tally};
pub use limit::{
    Limit, LimitSettled, LimitsNoted, NewLimit, Recognised, RoundMade, limits, recognised, unnoted,
};
pub use link::{Linked, open_for};
pub(crate) use paper::cell as paper_cell;
pub use paper::{Paper, PaperNoted, PaperShown, PaperState, Printed, paper_content, papers};
pub(crate) use stated::seal as seal_stated;
pub use stated::{Restated, stated};
pub(crate) use step::seal_reason;
pub use step::{Recounted, Step, Stepped, steps};
pub use units::{Units, station, unit_division, unit_name, units_for};
