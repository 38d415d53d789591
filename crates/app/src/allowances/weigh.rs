//! 测算: what a proposed standard would bring to the children within reach, before anybody publishes it.

use domain::allowances::{
    Cell, Effect, History, Proposal, Rise, StandardError, StandardState, WhatIf,
};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::clock::legal_day;
use kernel::division::Division;
use kernel::ids::StandardId;
use kernel::journal::Subject;
use kernel::money::{Money, MoneyError};
use kernel::month::Month;
use kernel::roles::Action;
use policy::allowance::{AllowanceRules, Rate};
use policy::{Growth, Parameter, Rulebook};
use store::allowances::{Weighed, batches, read_weighed, standard};
use store::error::StoreError;
use store::work::Work;

use super::error::allowed;
use super::facts::lay_out;
use super::rates::{rates_now, rates_with};
use super::standard_error::StandardsError;
use super::standards::subject;

/// What a standard would bring.
#[derive(Debug, Clone)]
pub struct Weighing {
    /// The rate by which the first month would be paid without it; none where there is none.
    pub before: Option<Rate>,
    /// The rate after it.
    pub after: Money,
    /// The month whose run would pay the arrears.
    pub pay_month: Month,
    /// What changes, by county and class, and in all.
    pub effect: Effect,
    /// All of it together.
    pub total: Cell,
}

impl Weighing {
    /// How much the rate rises; none where there was none before.
    #[must_use]
    pub fn rise(&self) -> Option<Rise> {
        let before = self.before.as_ref()?.monthly;
        Some(Rise {
            before,
            after: self.after,
        })
    }
}

/// As [`weigh_with`], by the rules that are built in.
///
/// # Errors
/// As [`weigh_with`].
pub async fn weigh_standard(work: &mut Work, id: StandardId) -> Result<Weighing, StandardsError> {
    weigh_with(work, Rulebook::builtin().allowances(), id).await
}

/// Weighs a proposed standard over every child within reach that is not sealed, as if it were published now, beside these
/// rules and what is published.
///
/// # Errors
/// [`StandardError::Decided`] for one that is not proposed any more; [`StandardError::Gone`].
pub async fn weigh_with(
    work: &mut Work,
    rules: &AllowanceRules,
    id: StandardId,
) -> Result<Weighing, StandardsError> {
    allowed(work, Action::WeighStandard, subject(id)).await?;
    let found = standard(work, id).await?.ok_or(StandardError::Gone)?;
    if found.state != StandardState::Proposed {
        return Err(StandardError::Decided(found.state).into());
    }
    let (draft, now) = (found.draft, work.now());
    let rules = rates_with(work, rules, "", now).await?.rules;
    let before = rules
        .rate(draft.class, draft.place, draft.from, now)
        .cloned();
    let then = rules.with_rate(draft.rate(now, false));
    let pay_month = next_pay_month(work).await?;
    let mut weighed = read_weighed(work).await?;
    let weighing =
        tokio::task::spawn_blocking(move || weigh(&mut weighed, &rules, &then, pay_month, now));
    let effect = weighing.await.map_err(|_| broken_off())??;
    Ok(Weighing {
        before,
        after: draft.monthly,
        pay_month,
        total: effect.total()?,
        effect,
    })
}

/// A reckoning that did not come to its end.
const fn broken_off() -> StoreError {
    StoreError::Corrupt {
        table: "allowances_weighed",
        column: "rows",
    }
}

/// The month after the last that was prepared within reach, or the present one.
async fn next_pay_month(work: &mut Work) -> Result<Month, StoreError> {
    let now = work.now();
    let last = batches(work, None).await?.first().map(|batch| batch.month);
    Ok(last.map_or_else(|| Month::of(legal_day(now)), Month::next))
}

fn weigh(
    weighed: &mut Weighed,
    now: &AllowanceRules,
    then: &AllowanceRules,
    pay_month: Month,
    known_at: Timestamp,
) -> Result<Effect, MoneyError> {
    let proposal = Proposal::new(now, then, pay_month, known_at);
    let mut what_if = WhatIf::new(&proposal);
    let mut history = History {
        place: Division::COUNTRY,
        born: Date::MIN,
        facts: Vec::new(),
    };
    for one in &weighed.children {
        let (spans, facts) = (weighed.spans.of(one.child), weighed.facts.of(one.child));
        history.facts.clear();
        lay_out(&mut history, (one.born, one.place), spans, facts);
        what_if.child_since(&history, one.since.unwrap_or(pay_month))?;
    }
    Ok(what_if.effect().clone())
}

/// What the growth mechanism says of a rate.
#[derive(Debug, Clone)]
pub struct Grown {
    /// The rate in force.
    pub current: Rate,
    /// The rule.
    pub rule: Parameter<Growth>,
    /// The next rate.
    pub next: Money,
}

/// What to grow, and by what.
#[derive(Debug, Clone, Copy)]
pub struct GrowthOrder {
    /// The class.
    pub class: Category,
    /// The place.
    pub place: Division,
    /// The first month of the next rate.
    pub from: Month,
    /// The index of the year before.
    pub before: Money,
    /// The index of the year.
    pub after: Money,
}

/// The rate that the growth mechanism proposes. It is written nowhere: an officer may propose it.
///
/// # Errors
/// [`StandardsError::Rule`] where no mechanism is known for the class there, [`StandardError::NoRate`],
/// [`StandardError::Index`].
pub async fn grow_rate(work: &mut Work, order: GrowthOrder) -> Result<Grown, StandardsError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ProposeStandard, unit).await?;
    let GrowthOrder { class, place, .. } = order;
    let rule = Rulebook::builtin().growth(class, order.from.first(), place)?;
    let (rules, now) = (rates_now(work).await?.rules, work.now());
    let current = rules.rate(class, place, order.from, now);
    let current = current.ok_or(StandardError::NoRate)?.clone();
    let next = rule.value.next(current.monthly, order.before, order.after);
    Ok(Grown {
        next: next.ok_or(StandardError::Index)?,
        rule: rule.clone(),
        current,
    })
}
