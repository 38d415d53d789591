//! What is due for a month.

use kernel::category::Category;
use kernel::money::Money;
use kernel::month::Month;
use policy::allowance::{ClassRule, KnownRules, Lasting, Rate};

use super::because::{Because, Cause};
use super::entitled::Child;
use super::history::{Fact, History, Payee};
use super::timeline::Timeline;

/// What is due to a child for a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due<'r> {
    /// Nothing: the child is not entitled.
    Nothing,
    /// The child is entitled in this class, but no rate is in force: nothing can be said about the month.
    NoRate(Category),
    /// The rate of the class, less what is deducted.
    Amount {
        /// The class entitled.
        class: Category,
        /// The rate.
        rate: &'r Rate,
        /// What is left of it, 0 or more.
        amount: Money,
    },
}

impl Due<'_> {
    /// The class entitled.
    #[must_use]
    pub const fn class(&self) -> Option<Category> {
        match self {
            Self::Nothing => None,
            Self::NoRate(class) | Self::Amount { class, .. } => Some(*class),
        }
    }

    /// The amount due to a payee: the home for an institution orphan's month, the guardian for any other.
    #[must_use]
    pub fn to(&self, payee: Payee) -> Money {
        match self {
            Self::Amount { class, amount, .. } if Payee::of(*class) == payee => *amount,
            _ => Money::ZERO,
        }
    }
}

/// `due(child, month, known_at)`: what is due for a month by the facts and the rules known at the rules' moment.
///
/// ```
/// use domain::allowances::{Due, Fact, History, Known, due};
/// use jiff::civil::date;
/// use kernel::{category::Category, division::Division, money::Money};
/// use policy::allowance::KnownRules;
///
/// let rulebook = policy::Rulebook::parse(r#"
///     [[allowance_rate]]
///     class = "scattered_orphan"
///     place = "3704"
///     monthly = "1600.00"
///     from = 2021-01-01
///     cite = "《关于提高困难群众救助保障水平的通知》"
///     verified = false
///     [[allowance_class]]
///     class = "scattered_orphan"
///     start_months_after = 1
///     deducts = []
///     study_extends = true
///     from = 2011-01-01
///     cite = "国办发〔2010〕54号"
///     verified = false
/// "#)?;
/// let recognised = Fact::Recognised { class: Category::ScatteredOrphan, on: date(2021, 2, 10) };
/// let history = History {
///     place: Division::parse("370481").unwrap(),
///     born: date(2012, 3, 4),
///     facts: vec![Known { at: "2021-02-10T09:00:00+08:00".parse().unwrap(), fact: recognised }],
/// };
/// let known = KnownRules::of(rulebook.allowances(), "2021-11-20T00:00:00+08:00".parse().unwrap());
/// assert_eq!(due(&history, &known, "2021-02".parse().unwrap()), Due::Nothing);
/// let Due::Amount { amount, .. } = due(&history, &known, "2021-03".parse().unwrap()) else { panic!() };
/// assert_eq!(amount, Money::from_yuan(1600));
/// # Ok::<(), policy::Finding>(())
/// ```
#[must_use]
pub fn due<'r>(history: &History, rules: &KnownRules<'r>, month: Month) -> Due<'r> {
    let mut timeline = Timeline::default();
    timeline.lay_out(history, rules);
    let child = Child {
        history,
        timeline: &timeline,
        rules,
    };
    child.due_from(month).value.due
}

/// What is due, and why.
#[derive(Clone, Copy)]
pub(super) struct Reckoned<'r> {
    pub(super) due: Due<'r>,
    pub(super) cause: Cause<'r>,
    /// The document that the class's rule cites, where the child is or was in one.
    pub(super) class_cite: Option<&'r str>,
}

impl<'r> Child<'_, 'r> {
    /// What is due for `month` and for every month after it until something changes.
    pub(super) fn due_from(&self, month: Month) -> Lasting<Reckoned<'r>> {
        let entitled = self.entitled(month);
        let class_cite = entitled.value.rule.map(|rule| rule.cite.as_str());
        let mut reckoned = Reckoned {
            due: Due::Nothing,
            cause: entitled.value.cause,
            class_cite,
        };
        let mut through = entitled.through;
        if let Some(class) = entitled.value.class {
            let residence = self.timeline.places.at(month);
            let place = residence.value.map_or(self.history.place, |at| at.place);
            let rate = self.rules.rate(class, place, month);
            through = through.min(residence.through).min(rate.through);
            if let Some(fact) = residence.value.and_then(|at| at.fact) {
                reckoned.cause = reckoned.cause.or_later(self.caused_by(fact));
            }
            reckoned.due = Due::NoRate(class);
            if let (Some(rule), Some(rate)) = (entitled.value.rule, rate.value) {
                reckoned.cause = reckoned.cause.or_later(Cause {
                    at: rate.announced,
                    because: Because::Rate(rate),
                });
                let left = self.less_deductions(rate, &rule.value, month, &mut reckoned.cause);
                through = through.min(left.through);
                reckoned.due = Due::Amount {
                    class,
                    rate,
                    amount: left.value,
                };
            }
        }
        Lasting {
            value: reckoned,
            through,
        }
    }

    /// The rate minus the deductible benefits of the class drawn in `month`, never below zero.
    fn less_deductions(
        &self,
        rate: &Rate,
        rule: &ClassRule,
        month: Month,
        cause: &mut Cause<'r>,
    ) -> Lasting<Money> {
        let mut left = Lasting {
            value: rate.monthly,
            through: Month::MAX,
        };
        if !self.timeline.has_benefits() {
            return left;
        }
        for benefit in &rule.deducts {
            let drawn = self.timeline.benefit(self.history, benefit, month);
            left.through = left.through.min(drawn.through);
            let Some(period) = drawn.value else { continue };
            *cause = cause.or_later(self.caused_by(period.fact));
            if let Fact::Benefit { monthly, .. } = self.history.facts[period.fact].fact
                && period.covers(month)
            {
                // Neither is negative, so the difference of the two cannot overflow.
                left.value = Money::from_fen((left.value.fen() - monthly.fen()).max(0));
            }
        }
        left
    }
}
