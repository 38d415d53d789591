//! 测算: what other rates would bring to the children within reach, before anybody publishes them: a proposed standard, or
//! rates that somebody only tries out.

use domain::allowances::{
    Cell, Effect, Fact, History, Known, Proposal, Rise, StandardDocument, StandardDraft,
    StandardError, StandardState, WhatIf,
};
use jiff::Timestamp;
use jiff::ToSpan;
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
use store::allowances::{
    WeighedAs, WeighedGroup, WeighingWindow, batches, read_weighed, standard, unit_place,
    weighed_since,
};
use store::error::StoreError;
use store::work::Work;

use super::error::allowed;
use super::facts::lay_out;
use super::moves::moves;
use super::rates::{rates_now, rates_with};
use super::standard_error::StandardsError;
use super::standards::subject;

/// A rate beside the one it would take over from.
#[derive(Debug, Clone)]
pub struct TriedRate {
    /// The class.
    pub class: Category,
    /// The rate by which the first month would be paid without it; none where there is none.
    pub before: Option<Rate>,
    /// The rate with it.
    pub after: Money,
}

impl TriedRate {
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

/// What other rates would bring.
#[derive(Debug, Clone)]
pub struct Weighing {
    /// The rates, in the order of their classes.
    pub rates: Vec<TriedRate>,
    /// The month whose run would pay the arrears, and from which on the rest is told.
    pub pay_month: Month,
    /// What changes, by county and class, and what is paid at all.
    pub effect: Effect,
    /// All that changes together.
    pub total: Cell,
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
    let pay_month = next_pay_month(work).await?;
    weigh_drafts(work, rules, &[found.draft], pay_month).await
}

/// Rates to try out: for a place, from a month on.
#[derive(Debug, Clone)]
pub struct WhatIfOrder {
    /// The place, within the unit's own.
    pub place: Division,
    /// The first month.
    pub from: Month,
    /// The rates, by class; of a class at most one.
    pub rates: Vec<(Category, Money)>,
}

/// As [`what_if_by`], by the rules that are built in.
///
/// # Errors
/// As [`what_if_by`].
pub async fn what_if(work: &mut Work, order: &WhatIfOrder) -> Result<Weighing, StandardsError> {
    what_if_by(work, Rulebook::builtin().allowances(), order).await
}

/// Weighs rates that nobody proposed, as if they were published now, beside these rules and what is published. Nothing is
/// written. Where they begin after the next pay month, they are told from their first month on.
///
/// # Errors
/// [`StandardError::Place`], [`StandardError::Class`], [`StandardError::Amount`], [`StandardError::Month`].
pub async fn what_if_by(
    work: &mut Work,
    rules: &AllowanceRules,
    order: &WhatIfOrder,
) -> Result<Weighing, StandardsError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::WeighStandard, unit).await?;
    // Finance reaches no child, and still asks for its own place.
    let own = unit_place(work).await?;
    if !(own.contains(order.place) || work.reach().contains(order.place)) {
        return Err(StandardError::Place.into());
    }
    if order.rates.is_empty() {
        return Err(StandardError::Amount.into());
    }
    let draft = |(class, monthly): &(Category, Money)| {
        let document = StandardDocument {
            number: None,
            title: "测算".to_owned(),
            on: None,
        };
        let draft = StandardDraft {
            class: *class,
            place: order.place,
            monthly: *monthly,
            from: order.from,
            document,
        };
        draft.tidied()
    };
    let drafts: Result<Vec<StandardDraft>, _> = order.rates.iter().map(draft).collect();
    let pay_month = next_pay_month(work).await?.max(order.from);
    weigh_drafts(work, rules, &drafts?, pay_month).await
}

/// Weighs drafts as if all of them were published now.
async fn weigh_drafts(
    work: &mut Work,
    rules: &AllowanceRules,
    drafts: &[StandardDraft],
    pay_month: Month,
) -> Result<Weighing, StandardsError> {
    let now = work.now();
    let rules = rates_with(work, rules, "", now).await?.rules;
    let rates = drafts.iter().map(|draft| TriedRate {
        class: draft.class,
        before: rules
            .rate(draft.class, draft.place, draft.from, now)
            .cloned(),
        after: draft.monthly,
    });
    let rates = rates.collect();
    let then = rules.with_rates(drafts.iter().map(|draft| draft.rate(now, false)));
    let from = drafts.iter().map(|draft| draft.from).min();
    let window = window(work, &rules, from.unwrap_or(pay_month), pay_month).await?;
    let groups = read_weighed(work, &window, now).await?;
    let weighing = tokio::task::spawn_blocking(move || {
        let proposal = Proposal::new(&rules, &then, pay_month, now);
        weigh(&groups, &window, &proposal, pay_month)
    });
    let effect = weighing.await.map_err(|_| broken_off())??;
    Ok(Weighing {
        rates,
        pay_month,
        total: effect.total()?,
        effect,
    })
}

/// Between which days children have to be looked at one by one. Before the first of these months nothing differs, whichever
/// rates hold; after the December of the pay month nothing is told.
async fn window(
    work: &mut Work,
    rules: &AllowanceRules,
    from: Month,
    pay_month: Month,
) -> Result<WeighingWindow, StoreError> {
    let since = weighed_since(work).await?.unwrap_or(pay_month);
    let first = from.max(since.min(pay_month)).min(pay_month);
    let latest = first.plus(-i32::from(rules.longest_start()));
    let last = Month::new(pay_month.year(), 12).unwrap_or(pay_month);
    let birthday = i32::from(rules.first_birthday()) * 12;
    Ok(WeighingWindow {
        first,
        settled: latest.next().first().saturating_sub(1.day()),
        grown: last.plus(-birthday).first(),
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
    groups: &[WeighedGroup],
    window: &WeighingWindow,
    proposal: &Proposal<'_>,
    pay_month: Month,
) -> Result<Effect, MoneyError> {
    let mut what_if = WhatIf::new(proposal);
    let mut history = History {
        place: Division::COUNTRY,
        born: Date::MIN,
        facts: Vec::new(),
    };
    for group in groups {
        history.facts.clear();
        match &group.of {
            WeighedAs::Lasting { class, drawn } => {
                (history.born, history.place) = (window.grown, group.place);
                lasting(&mut history, window, *class, drawn);
            }
            WeighedAs::History { born, spans, facts } => {
                let moves = moves(facts);
                lay_out(&mut history, (*born, group.place), spans, facts, &moves);
            }
        }
        let since = group.since.unwrap_or(pay_month);
        what_if.children_since(&history, since, group.children)?;
    }
    Ok(what_if.effect().clone())
}

/// What was known of a child before the window, and holds beyond its end.
fn lasting(
    history: &mut History,
    window: &WeighingWindow,
    class: Category,
    drawn: &[(String, Money)],
) {
    let known = |fact| Known {
        at: Timestamp::MIN,
        fact,
    };
    let on = window.settled;
    history.facts.push(known(Fact::Recognised { class, on }));
    let benefits = drawn.iter().map(|(code, monthly)| Fact::Benefit {
        benefit: code.as_str().into(),
        monthly: *monthly,
        from: window.first,
        to: None,
    });
    history.facts.extend(benefits.map(known));
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
