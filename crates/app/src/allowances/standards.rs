//! Standards: proposed by one officer, published, refused or withdrawn, and listed with those of the rulebook.

use domain::allowances::{StandardAct, StandardDraft, StandardError};
use kernel::clock::legal_day;
use kernel::ids::StandardId;
use kernel::journal::Subject;
use kernel::month::Month;
use kernel::roles::Action;
use policy::Rulebook;
use policy::allowance::{AllowanceRules, Rate};
use store::allowances::{
    Standard, StandardDecided, StandardProposed, Verdict, hold_months, is_known_later, standard,
    standard_waits, standards, unit_place,
};
use store::error::StoreError;
use store::organisation::is_entered;
use store::work::Work;

use super::error::{REFUSED, allowed};
use super::rates::{published, rates_now};
use super::standard_error::StandardsError;

/// A rate of the rulebook, and whether it is the one of its class and place by which this month is paid.
#[derive(Debug, Clone)]
pub struct RuleRate {
    /// The rate.
    pub rate: Rate,
    /// Whether it is in force now.
    pub in_force: bool,
}

/// A standard of the office.
#[derive(Debug, Clone)]
pub struct OfficeStandard {
    /// The standard.
    pub standard: Standard,
    /// Whether it is in force now.
    pub in_force: bool,
    /// What this officer may do with it now.
    pub acts: Vec<StandardAct>,
}

/// All that is known of rates.
#[derive(Debug, Clone)]
pub struct StandardsLook {
    /// Those of the rulebook for places above and below the unit's own.
    pub rules: Vec<RuleRate>,
    /// Those that offices proposed and published, the waiting first.
    pub office: Vec<OfficeStandard>,
}

/// Lists the rates, those of the rulebook and those of the office.
///
/// # Errors
/// [`StandardsError::NotFound`] for a role that sees no money.
pub async fn list_standards(work: &mut Work) -> Result<StandardsLook, StandardsError> {
    let about = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ViewMonth, about).await?;
    let all = rates_now(work).await?.rules;
    let own = unit_place(work).await?;
    let is_near = |rate: &&Rate| rate.place.contains(own) || own.contains(rate.place);
    let rules = Rulebook::builtin().allowances().rates().iter();
    let rules = rules.filter(is_near).map(|rate| RuleRate {
        in_force: is_in_force(work, &all, rate),
        rate: rate.clone(),
    });
    let rules = rules.collect();
    let office = standards(work).await?.into_iter().map(|standard| {
        let rate = published(&standard);
        OfficeStandard {
            in_force: rate.is_some_and(|rate| is_in_force(work, &all, &rate)),
            acts: acts(work, &standard),
            standard,
        }
    });
    let office = office.collect();
    Ok(StandardsLook { rules, office })
}

/// Whether this month is paid by this rate where no more specific place has one.
fn is_in_force(work: &Work, all: &AllowanceRules, rate: &Rate) -> bool {
    let month = Month::of(legal_day(work.now()));
    let governing = all.rate(rate.class, rate.place, month, work.now());
    governing == Some(rate)
}

fn acts(work: &Work, standard: &Standard) -> Vec<StandardAct> {
    let (officer, role) = (work.officer(), work.role());
    let may = |act: &StandardAct| {
        let by = act.by(officer, role, standard.state, standard.proposed.0);
        let is_there = *act == StandardAct::Attach && standard.scan.is_some();
        standard.unit.0 == work.unit() && by.is_ok() && !is_there
    };
    StandardAct::ALL.into_iter().filter(may).collect()
}

/// Proposes a standard for a place of the work's unit. Nothing is paid by it before another person publishes it.
///
/// # Errors
/// [`StandardsError::Standard`] where it does not fit, or one for the same class, place and month waits.
pub async fn propose_standard(
    work: &mut Work,
    draft: &StandardDraft,
) -> Result<StandardId, StandardsError> {
    let about = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ProposeStandard, about).await?;
    let draft = draft.tidied()?;
    if !work.reach().contains(draft.place) || !is_entered(work, draft.place).await? {
        return Err(StandardError::Place.into());
    }
    if standard_waits(work, &draft).await? {
        return Err(StandardError::Waiting.into());
    }
    let id = StandardId::generate(work.now(), work.store().entropy());
    let proposed = StandardProposed {
        id,
        unit: work.unit(),
        draft: &draft,
    };
    match work.apply(&proposed).await {
        // Somebody else was quicker.
        Err(error) if error.is_collision() => Err(StandardError::Waiting.into()),
        done => Ok(done.map(|()| id)?),
    }
}

/// Publishes a standard that somebody else proposed: it is known from now on. Publications and runs of a month wait for one
/// another, so that what a run knew can be told afterwards.
///
/// # Errors
/// [`StandardsError::Standard`]; refusals are journalled.
pub async fn publish_standard(
    work: &mut Work,
    id: StandardId,
    verified: bool,
) -> Result<(), StandardsError> {
    allowed(work, StandardAct::Publish.needs(), subject(id)).await?;
    hold_months(work).await?;
    let found = decidable(work, id, StandardAct::Publish).await?;
    let now = work.now();
    if is_known_later(work, now).await? {
        return Err(StandardError::Meanwhile.into());
    }
    decide(work, &found, Verdict::Published(verified)).await
}

/// Refuses a standard that somebody else proposed.
///
/// # Errors
/// [`StandardsError::Standard`]; refusals are journalled.
pub async fn refuse_standard(
    work: &mut Work,
    id: StandardId,
    reason: &str,
) -> Result<(), StandardsError> {
    allowed(work, StandardAct::Refuse.needs(), subject(id)).await?;
    let found = decidable(work, id, StandardAct::Refuse).await?;
    let reason = reason.trim();
    if !(1..=200).contains(&reason.chars().count()) {
        return Err(StandardError::Words.into());
    }
    decide(work, &found, Verdict::Refused(reason)).await
}

/// Takes a standard back that nobody published.
///
/// # Errors
/// [`StandardsError::Standard`]; refusals are journalled.
pub async fn withdraw_standard(work: &mut Work, id: StandardId) -> Result<(), StandardsError> {
    allowed(work, StandardAct::Withdraw.needs(), subject(id)).await?;
    let found = decidable(work, id, StandardAct::Withdraw).await?;
    decide(work, &found, Verdict::Withdrawn).await
}

/// The standard, where this officer may do that with it.
pub(super) async fn decidable(
    work: &mut Work,
    id: StandardId,
    act: StandardAct,
) -> Result<Standard, StandardsError> {
    let found = standard(work, id).await?.ok_or(StandardError::Gone)?;
    let (officer, role) = (work.officer(), work.role());
    let by = match found.unit.0 == work.unit() {
        true => act.by(officer, role, found.state, found.proposed.0),
        false => Err(StandardError::Role),
    };
    match by {
        Ok(_) => Ok(found),
        Err(error) => {
            work.refuse(REFUSED, subject(id)).await?;
            Err(error.into())
        }
    }
}

async fn decide(
    work: &mut Work,
    standard: &Standard,
    verdict: Verdict<'_>,
) -> Result<(), StandardsError> {
    let decided = StandardDecided { standard, verdict };
    match work.apply(&decided).await {
        // Somebody else was quicker; what became of it shows when it is read again.
        Err(StoreError::Stale) => Err(StandardError::Gone.into()),
        done => Ok(done?),
    }
}

/// A standard as the subject of an entry.
pub(super) const fn subject(id: StandardId) -> Subject {
    Subject::new("standard", id.uuid())
}
