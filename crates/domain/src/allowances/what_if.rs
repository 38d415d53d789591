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
/// // September to December: four months at 1400 yuan, or at 1600.
/// let outlook = &what_if.effect().outlook;
/// assert_eq!(outlook.to_year_end().unwrap(), (Money::from_yuan(5600), Money::from_yuan(6400)));
/// # Ok::<(), policy::Finding>(())
/// ```
#[derive(Debug, Clone)]
pub struct WhatIf<'a, 'r> {
    proposal: &'a Proposal<'r>,
    timeline: Timeline,
    effect: Effect,
}

/// What changes, by county and class, and what is paid at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// How many children it touches, each counted once.
    pub heads: u64,
    /// By the county in which a child is in the month, and its class then.
    pub cells: BTreeMap<(Division, Category), Cell>,
    /// What is paid to all children, touched or not.
    pub outlook: Outlook,
}

/// What all children are paid from the pay month through December.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlook {
    /// How many children are paid for the pay month, by the one rules or the others.
    pub heads: u64,
    /// Month by month.
    pub months: Vec<Spent>,
}

/// What a month costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// The month.
    pub month: Month,
    /// By the rules of now.
    pub before: Money,
    /// By those proposed.
    pub after: Money,
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
        let effect = Effect {
            outlook: Outlook::from(proposal.pay_month),
            ..Effect::default()
        };
        Self {
            proposal,
            timeline: Timeline::default(),
            effect,
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
        self.children_since(history, since, 1)
    }

    /// The same for so many children who all have this history.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn children_since(
        &mut self,
        history: &History,
        since: Month,
        children: u64,
    ) -> Result<(), MoneyError> {
        let pay_month = self.proposal.pay_month;
        self.timeline.lay_out(history, &self.proposal.now);
        let Some(first) = self.timeline.standing.first() else {
            return Ok(());
        };
        let (mut month, last) = (first.max(since), december(pay_month));
        let mut touched: BTreeMap<(Division, Category), Cell> = BTreeMap::new();
        while month <= last {
            let stretch = self.stretch(history, month, last);
            self.effect.outlook.add_stretch(&stretch, children)?;
            let more = stretch.after.checked_sub(stretch.before)?;
            if let Some(class) = stretch.class.filter(|_| more != Money::ZERO) {
                let place = stretch.place;
                let key = (place.county().unwrap_or(place), class);
                let cell = touched.entry(key).or_default();
                cell.add_stretch(more, month, stretch.through, pay_month)?;
                if month <= pay_month && pay_month <= stretch.through {
                    cell.cost = cell.cost.checked_add(stretch.before)?;
                }
            }
            if stretch.through == last {
                break;
            }
            month = stretch.through.next();
        }
        self.effect.heads += if touched.is_empty() { 0 } else { children };
        for (key, cell) in touched {
            let of_all = cell.of(children)?;
            self.effect.cells.entry(key).or_default().add(&of_all)?;
        }
        Ok(())
    }

    /// The months from `month` on, none after `last`, in which the child is due the same by either rules in the same place.
    fn stretch(&self, history: &History, month: Month, last: Month) -> Stretch {
        let by = |rules| {
            let timeline = &self.timeline;
            let child = Child {
                history,
                timeline,
                rules,
            };
            child.due_from(month)
        };
        let (now, then) = (by(&self.proposal.now), by(&self.proposal.then));
        let place = self.timeline.places.at(month);
        Stretch {
            from: month,
            through: now.through.min(then.through).min(place.through).min(last),
            place: place.value.map_or(history.place, |at| at.place),
            class: then.value.due.class(),
            before: amount(now.value.due),
            after: amount(then.value.due),
        }
    }
}

/// Months in which a child is due the same.
struct Stretch {
    from: Month,
    through: Month,
    place: Division,
    class: Option<Category>,
    before: Money,
    after: Money,
}

/// The last month of a month's year.
fn december(month: Month) -> Month {
    Month::new(month.year(), 12).unwrap_or(month)
}

/// So many times an amount.
fn times(amount: Money, count: u64) -> Result<Money, MoneyError> {
    let count = i64::try_from(count).map_err(|_| MoneyError::Overflow)?;
    let fen = amount.fen().checked_mul(count);
    fen.map(Money::from_fen).ok_or(MoneyError::Overflow)
}

impl Outlook {
    /// Nothing yet of the months from this one through December.
    fn from(pay_month: Month) -> Self {
        let months = std::iter::successors(Some(pay_month), |month| Some(month.next()));
        let months = months.take_while(|month| *month <= december(pay_month));
        let spent = |month| Spent {
            month,
            before: Money::ZERO,
            after: Money::ZERO,
        };
        Self {
            heads: 0,
            months: months.map(spent).collect(),
        }
    }

    fn add_stretch(&mut self, stretch: &Stretch, children: u64) -> Result<(), MoneyError> {
        if stretch.before == Money::ZERO && stretch.after == Money::ZERO {
            return Ok(());
        }
        let (before, after) = (
            times(stretch.before, children)?,
            times(stretch.after, children)?,
        );
        for (at, spent) in self.months.iter_mut().enumerate() {
            if stretch.from <= spent.month && spent.month <= stretch.through {
                spent.before = spent.before.checked_add(before)?;
                spent.after = spent.after.checked_add(after)?;
                self.heads += if at == 0 { children } else { 0 };
            }
        }
        Ok(())
    }

    /// What the months from the pay month through December cost together, by the rules of now and by those proposed.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn to_year_end(&self) -> Result<(Money, Money), MoneyError> {
        let before = Money::sum(self.months.iter().map(|spent| spent.before))?;
        Ok((
            before,
            Money::sum(self.months.iter().map(|spent| spent.after))?,
        ))
    }

    fn add(&mut self, other: &Self) -> Result<(), MoneyError> {
        if self.months.is_empty() {
            *self = other.clone();
            return Ok(());
        }
        self.heads += other.heads;
        for (spent, others) in self.months.iter_mut().zip(&other.months) {
            spent.before = spent.before.checked_add(others.before)?;
            spent.after = spent.after.checked_add(others.after)?;
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

    /// The same for so many children, of one of whom this is.
    fn of(&self, children: u64) -> Result<Self, MoneyError> {
        Ok(Self {
            heads: children,
            cost: times(self.cost, children)?,
            arrears: times(self.arrears, children)?,
            monthly: times(self.monthly, children)?,
            to_year_end: times(self.to_year_end, children)?,
        })
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
        self.outlook.add(&other.outlook)
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
