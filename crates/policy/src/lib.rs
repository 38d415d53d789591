//! The rulebook: what the law sets, as dated parameters with their citations.
//!
//! **Invariant.** Nothing the law may change is a constant in code. A rulebook that was read holds, for every
//! series and place, periods without overlap; what has not been verified says so.

pub mod allowance;
mod allowance_known;
mod allowance_rows;
mod clock;
mod decide;
mod error;
mod fact;
mod facts;
mod finding;
mod funding;
mod growth;
mod head;
mod keyed;
mod needed;
mod papers;
mod point;
mod reading;
mod remedy;
mod rows;
mod rulebook;
mod schema;
mod series;
mod situation;

pub use clock::{Body, Clock, Interval, Leg, Path, Step, UnknownPath};
pub use decide::{Decision, Not, Rest, Undecided, Why};
pub use error::NotInForce;
pub use fact::Fact;
pub use facts::{ChildFacts, Disability, DisabilityLevel, Facts, HouseholdFacts, ParentFacts};
pub use finding::{At, Finding, Flaw};
pub use funding::{Funding, FundingLevel};
pub use growth::{Growth, Index, Rounding};
pub use needed::Needed;
pub use point::{FactName, Parent, Point};
pub use reading::Source;
pub use remedy::Remedy;
pub use rulebook::{Checked, Definition, Rulebook};
pub use schema::{facts_schema, rules_schema};
pub use series::{Parameter, RuleName, Series};
pub use situation::{Basis, DisabilityKind, Situation, Threshold};
