//! The rates that a month runs with: those of the rulebook, and those that the office published.
//!
//! **Invariant.** Whatever reckons with rates in the office goes through here; what was known at a moment is the same
//! whenever it is asked.

use domain::allowances::StandardState;
use jiff::Timestamp;
use policy::Rulebook;
use policy::allowance::{AllowanceRules, Rate};
use store::allowances::{Standard, standards_known};
use store::error::StoreError;
use store::work::Work;

/// Rules with the published rates among them, and the version that names both.
#[derive(Debug, Clone)]
pub struct Rates {
    /// The rules.
    pub rules: AllowanceRules,
    /// The rulebook's version; behind a plus, how many published rates take part and a digest of which.
    pub version: String,
}

/// These rules with the rates that were published by a moment.
///
/// # Errors
/// When the database does not answer.
pub async fn rates_with(
    work: &mut Work,
    rules: &AllowanceRules,
    version: &str,
    known_at: Timestamp,
) -> Result<Rates, StoreError> {
    let known = standards_known(work, known_at).await?;
    Ok(Rates {
        rules: rules.with_rates(known.standards.iter().filter_map(published)),
        version: match known.version {
            Some(published) => format!("{version}+{published}"),
            None => version.to_owned(),
        },
    })
}

/// The built-in rules with the rates that are published by now.
///
/// # Errors
/// When the database does not answer.
pub async fn rates_now(work: &mut Work) -> Result<Rates, StoreError> {
    let (rulebook, now) = (Rulebook::builtin(), work.now());
    rates_with(work, rulebook.allowances(), rulebook.version(), now).await
}

/// The rate that a standard is since it was published.
pub(super) fn published(standard: &Standard) -> Option<Rate> {
    let (_, at) = standard.decided?;
    let is_published = standard.state == StandardState::Published;
    is_published.then(|| standard.draft.rate(at, standard.verified))
}
