//! What an officer records of a child's allowance that its file does not say: a stop with its reason, a revocation, another
//! benefit, studies, a suspension.

use domain::registry::EARLIEST_DAY;
use kernel::ids::{AllowanceFactId, ChildId};
use kernel::journal::Subject;
use kernel::month::Month;
use kernel::roles::Action;
use policy::Rulebook;
use store::allowances::{AllowanceFact, FactOnRecord, FactRecorded, facts_on_record};
use store::work::Work;

use super::accounts::file;
use super::error::allowed;
use super::pay_error::PayError;

/// Records a fact. It is never changed or removed: a later one replaces it, and the next run goes by it.
///
/// # Errors
/// [`PayError::Fact`], [`PayError::NotFound`].
pub async fn record_fact(
    work: &mut Work,
    child: ChildId,
    fact: &AllowanceFact,
) -> Result<AllowanceFactId, PayError> {
    allowed(
        work,
        Action::PrepareMonth,
        Subject::new("child", child.uuid()),
    )
    .await?;
    let file = file(work, child).await?;
    if !is_sound(fact) {
        return Err(PayError::Fact);
    }
    let id = AllowanceFactId::generate(work.now(), work.store().entropy());
    work.apply(&FactRecorded {
        id,
        file: &file,
        fact,
    })
    .await?;
    Ok(id)
}

/// What is on record of a child's allowance beside its file, the latest known first.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn facts_of(work: &mut Work, child: ChildId) -> Result<Vec<FactOnRecord>, PayError> {
    let about = Subject::new("child", child.uuid());
    allowed(work, Action::ReviewMonth, about).await?;
    file(work, child).await?;
    Ok(facts_on_record(work, child).await?)
}

/// The last month that this side pays where a fact is a stop: that of its day, or for the reasons on the rules' list the one
/// before. After a move out of the city the other side pays from the month after.
#[must_use]
pub fn paid_through(fact: &AllowanceFact) -> Option<Month> {
    let AllowanceFact::Stopped { on, reason } = fact else {
        return None;
    };
    let rules = Rulebook::builtin().allowances();
    let month = Month::of(*on);
    Some(match rules.ends_month_before(reason, *on) {
        Some(_) => month.prev(),
        None => month,
    })
}

/// Codes are short words of the office's own, and a period does not end before it begins, nor begins before anything is told.
fn is_sound(fact: &AllowanceFact) -> bool {
    let is_code = |code: &str| (1..=40).contains(&code.len()) && code.trim() == code;
    let is_period = |from: Month, to: Option<Month>| {
        from >= Month::of(EARLIEST_DAY) && to.is_none_or(|to| to >= from)
    };
    match fact {
        AllowanceFact::Stopped { on, reason } => *on >= EARLIEST_DAY && is_code(reason),
        AllowanceFact::Revoked { on, .. } => *on >= EARLIEST_DAY,
        AllowanceFact::Benefit {
            benefit,
            monthly,
            from,
            to,
        } => is_code(benefit) && monthly.fen() >= 0 && is_period(*from, *to),
        AllowanceFact::Study { from, to } | AllowanceFact::Suspended { from, to } => {
            is_period(*from, *to)
        }
        AllowanceFact::Moved { from, to, .. } => from != to,
    }
}
