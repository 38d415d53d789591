//! Applications for recognition: from any town to a decision of the household county, on the clock.
//!
//! **Invariant.** From its submission until it is closed or withdrawn an application is one unit's to deal with, under
//! one running clock. Whoever verified it does not propose, and neither of them decides.

mod act;
mod afar;
mod clock;
mod diagram;
mod effect;
mod form;
mod from_home;
mod letter;
mod limit;
mod path;
mod stage;
mod stated;
mod step;
mod transition;

pub use act::{Act, Duty};
pub use afar::{Afar, heard};
pub use clock::{Deadline, Standing, deadline, recounted};
pub use diagram::diagram;
pub use effect::{Effect, EffectError, Held, Matter, effects};
pub use form::{Filled, form};
pub use from_home::{CODE_DAYS, KEPT_DAYS, days_after, filed_from_home};
pub use letter::{Cited, Remedied, Told, letter, letter_number};
pub use limit::{AgeRule, LimitKind, limits, study_end};
pub use path::{Acceptance, Leg, Legs, Path, PathError, Route, Station, Term, path, path_afar};
pub use stage::{Body, Stage};
pub use stated::{Applicant, Capacity, Stated};
pub use step::{Actor, Case, Hands, Outcome, StepError, step};
pub use transition::{Running, TRANSITIONS, Transition, transition};
