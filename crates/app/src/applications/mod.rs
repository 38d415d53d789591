//! The use cases of applications.

mod amend;
mod confide;
mod decide;
mod draft;
mod error;
mod grounds;
mod inbox;
mod letter;
mod limits;
mod link;
mod national;
mod open;
mod papers;
mod print;
pub mod public;
mod recount;
mod round;
mod step;
mod terms;

pub use amend::{Restatement, restate};
pub use confide::confide;
pub use draft::{ForChild, NewApplication, draft};
pub use error::{ApplicationError, Obstacle};
pub use grounds::{Rule, Said, Weighed, weigh};
pub use inbox::{InboxBox, Waiting, inbox, tally};
pub use limits::{Reached, limits, settle_limit};
pub use link::{Alike, Linking, doubles, link};
pub use national::enter_nationally;
pub use open::{Opened, open, try_facts};
pub use papers::{note_paper, read_paper};
pub use print::{print_form, print_letter};
pub use recount::recount;
pub use round::{Round, next_round, note_limits, run_rounds};
pub use step::{Asked, step};
