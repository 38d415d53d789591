//! What a proposed rate would bring: whom it touches, what it pays back, what it costs, before anybody publishes it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::category::Category;
use kernel::division::Division;
use kernel::money::{Money, MoneyError};
use kernel::month::Month;
use policy::allowance::{AllowanceRules, KnownRules};

use super::due::Due;
use super::entitled::Child;
use super::history::History;
use super::timeline::Timeline;

/// Two sets of rules, as known at one moment, to be compared from the first month on through the December after a pay
/// month.
#[derive(Debug, Clone)]
pub struct Proposal<'r> {
    now: KnownRules<'r>,
    then: KnownRules<'r>,
    pay_month: Month,
}

impl<'r> Proposal<'r> {
    /// Compares `then` with `now`.
    #[must_use]
    pub fn new(
        now: &'r AllowanceRules,
        then: &'r AllowanceRules,
        pay_month: Month,
        known_at: Timestamp,
    ) -> Self {
        Self {
            now: KnownRules::of(now, known_at),
            then: KnownRules::of(then, known_at),
            pay_month,
        }
    }
}

/// Weighs a proposal child by child.
///
/// ```
/// use domain::allowances::{Fact, History, Known, Proposal, WhatIf};
/// use jiff::civil::date;
/// use kernel::{category::Category::ScatteredOrphan, division::Division, money::Money};
/// let rules = |further: &str| {
///     let class = "[[allowance_class]]\nclass = \"scattered_orphan\"\nstart_months_after = 1\ndeducts = []\nstudy_extends = true\nfrom = 2011-01-01\n";
///     let rate = |monthly: &str, from: &str| {
///         format!("[[allowance_rate]]\nclass = \"scattered_orphan\"\nplace = \"3704\"\nmonthly = \"{monthly}\"\nfrom = {from}\n")
///     };
///     let proposed = if further.is_empty() { String::new() } else { rate(further, "2021-01-01") };
///     policy::Rulebook::parse(&[class, &rate("1400.00", "2020-01-01"), &proposed].concat())
/// };
/// let (now, then) = (rules("")?, rules("1600.00")?);
/// let recognised = Fact::Recognised { class: ScatteredOrphan, on: date(2021, 2, 10) };
/// let history = History {
///     place: Division::parse("370481").unwrap(),
///     born: date(2012, 3, 4),
///     facts: vec![Known { at: "2021-02-10T09:00:00+08:00".parse().unwrap(), fact: recognised }],
/// };
/// let at = "2021-09-20T09:00:00+08:00".parse().unwrap();
/// let month = "2021-09".parse().unwrap();
/// let proposal = Proposal::new(now.allowances(), then.allowances(), month, at);
/// let mut what_if = WhatIf::new(&proposal);
/// what_if.child(&history).unwrap();
/// let total = what_if.effect().total().unwrap();
/// // March to August are paid back; September to December cost four times 200 yuan more.
/// assert_eq!((total.arrears, total.monthly), (Money::from_yuan(1200), Money::from_yuan(200)));
/// assert_eq!((total.to_year_end, what_if.effect().heads), (Money::from_yuan(800), 1));
/// assert_eq!(total.cost, Money::from_yuan(1400));
/// # Ok::<(), policy::Finding>(())
/// ```
#[derive(Debug, Clone)]
pub struct WhatIf<'a, 'r> {
    proposal: &'a Proposal<'r>,
    timeline: Timeline,
    effect: Effect,
}

/// What changes, by county and class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// How many children it touches, each counted once.
    pub heads: u64,
    /// By the county in which a child is in the month, and its class then.
    pub cells: BTreeMap<(Division, Category), Cell>,
}

/// The change of one county and class, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// How many children it touches here.
    pub heads: u64,
    /// What the pay month costs for them by the rules of now.
    pub cost: Money,
    /// What the months before the pay month bring together, paid back at once; negative where less is due.
    pub arrears: Money,
    /// What the pay month costs more.
    pub monthly: Money,
    /// What the months from the pay month through December cost more.
    pub to_year_end: Money,
}

impl<'a, 'r> WhatIf<'a, 'r> {
    /// One that has seen nobody yet.
    #[must_use]
    pub fn new(proposal: &'a Proposal<'r>) -> Self {
        Self {
            proposal,
            timeline: Timeline::default(),
            effect: Effect::default(),
        }
    }

    /// What the children so far add up to.
    #[must_use]
    pub const fn effect(&self) -> &Effect {
        &self.effect
    }

    /// Adds a child: for each month the difference of what is due. A month without a rate counts as nothing due.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn child(&mut self, history: &History) -> Result<(), MoneyError> {
        self.child_since(history, Month::MIN)
    }

    /// The same for a child whose months before `since` are settled elsewhere.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn child_since(&mut self, history: &History, since: Month) -> Result<(), MoneyError> {
        let Proposal {
            now,
            then,
            pay_month,
        } = self.proposal;
        self.timeline.lay_out(history, now);
        let Some(first) = self.timeline.standing.first() else {
            return Ok(());
        };
        let mut month = first.max(since);
        let last = Month::new(pay_month.year(), 12).unwrap_or(*pay_month);
        let mut touched: BTreeMap<(Division, Category), Cell> = BTreeMap::new();
        while month <= last {
            let by = |rules| {
                let timeline = &self.timeline;
                let child = Child {
                    history,
                    timeline,
                    rules,
                };
                child.due_from(month)
            };
            let (now, then) = (by(now), by(then));
            let place = self.timeline.places.at(month);
            let through = now.through.min(then.through).min(place.through).min(last);
            let cost = amount(now.value.due);
            let more = amount(then.value.due).checked_sub(cost)?;
            if let Some(class) = then.value.due.class().filter(|_| more != Money::ZERO) {
                let place = place.value.map_or(history.place, |at| at.place);
                let key = (place.county().unwrap_or(place), class);
                let cell = touched.entry(key).or_default();
                cell.add_stretch(more, month, through, *pay_month)?;
                if month <= *pay_month && *pay_month <= through {
                    cell.cost = cell.cost.checked_add(cost)?;
                }
            }
            if through == last {
                break;
            }
            month = through.next();
        }
        self.effect.heads += u64::from(!touched.is_empty());
        for (key, cell) in touched {
            self.effect
                .cells
                .entry(key)
                .or_default()
                .add(&Cell { heads: 1, ..cell })?;
        }
        Ok(())
    }
}

fn amount(due: Due<'_>) -> Money {
    match due {
        Due::Amount { amount, .. } => amount,
        Due::Nothing | Due::NoRate(_) => Money::ZERO,
    }
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            heads: 0,
            cost: Money::ZERO,
            arrears: Money::ZERO,
            monthly: Money::ZERO,
            to_year_end: Money::ZERO,
        }
    }
}

impl Cell {
    /// Adds the same difference for each month of a stretch.
    fn add_stretch(
        &mut self,
        more: Money,
        from: Month,
        through: Month,
        pay_month: Month,
    ) -> Result<(), MoneyError> {
        let months = |from: Month, through: Month| i64::from((through.since(from) + 1).max(0));
        let times = |count: i64| more.fen().checked_mul(count).map(Money::from_fen);
        let sum = |sum: Money, count| sum.checked_add(times(count).ok_or(MoneyError::Overflow)?);
        let before = months(from, through.min(pay_month.prev()));
        self.arrears = sum(self.arrears, before)?;
        self.to_year_end = sum(self.to_year_end, months(from.max(pay_month), through))?;
        let is_paid_now = from <= pay_month && pay_month <= through;
        self.monthly = sum(self.monthly, i64::from(is_paid_now))?;
        Ok(())
    }

    fn add(&mut self, other: &Self) -> Result<(), MoneyError> {
        self.heads += other.heads;
        self.cost = self.cost.checked_add(other.cost)?;
        self.arrears = self.arrears.checked_add(other.arrears)?;
        self.monthly = self.monthly.checked_add(other.monthly)?;
        self.to_year_end = self.to_year_end.checked_add(other.to_year_end)?;
        Ok(())
    }
}

impl Effect {
    /// Adds what another part of the children adds up to.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn add(&mut self, other: &Self) -> Result<(), MoneyError> {
        self.heads += other.heads;
        for (key, cell) in &other.cells {
            self.cells.entry(*key).or_default().add(cell)?;
        }
        Ok(())
    }

    /// All counties and classes together.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn total(&self) -> Result<Cell, MoneyError> {
        let mut total = Cell::default();
        for cell in self.cells.values() {
            total.add(cell)?;
        }
        total.heads = self.heads;
        Ok(total)
    }
}
