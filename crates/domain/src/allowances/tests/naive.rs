//! The rule a second time: straight from its sentences, month by month, fact by fact, with nothing laid out before.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::month::Month;
use policy::allowance::{AllowanceRules, ClassRule};

use crate::allowances::{Fact, History, Known, Payee, Struck};

/// A line as the model has it, in fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NaiveLine {
    pub(super) payee: &'static str,
    pub(super) for_month: Month,
    pub(super) kind: &'static str,
    pub(super) class: Option<Category>,
    pub(super) fen: i64,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct NaiveAnswer {
    pub(super) lines: Vec<NaiveLine>,
    pub(super) without_rate: Vec<Month>,
    /// Payee, transfer, owed.
    pub(super) transfers: Vec<(&'static str, i64, i64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NaiveDue {
    Nothing,
    NoRate(Category),
    Fen(Category, i64),
}

/// What a child's file says at a moment: the facts known by then, each with its place in the file.
pub(super) struct AsKnown<'h> {
    history: &'h History,
    facts: Vec<(usize, &'h Known)>,
    rules: &'h AllowanceRules,
    at: Timestamp,
}

impl<'h> AsKnown<'h> {
    pub(super) fn new(history: &'h History, rules: &'h AllowanceRules, at: Timestamp) -> Self {
        let facts = history
            .facts
            .iter()
            .enumerate()
            .filter(|(_, fact)| fact.at <= at)
            .collect();
        Self {
            history,
            facts,
            rules,
            at,
        }
    }

    fn rule(&self, class: Category, day: Date) -> Option<&ClassRule> {
        Some(&self.rules.class(class, day)?.value)
    }

    /// A `revoked` fact strikes out every fact of one kind and day whose `known` is strictly earlier.
    fn is_struck(&self, kind: Struck, day: Date, known: Timestamp) -> bool {
        self.facts.iter().any(|(_, by)| match by.fact {
            Fact::Revoked { of, on } => of == kind && on == day && known < by.at,
            _ => false,
        })
    }

    /// Recognitions and stops that stand, in order: by the day, by when they became known, by their place in the file.
    fn decisions(&self) -> Vec<&'h Fact> {
        let mut standing: Vec<(Date, Timestamp, usize, &Fact)> = Vec::new();
        for &(place, known) in &self.facts {
            match &known.fact {
                Fact::Recognised { on, .. }
                    if !self.is_struck(Struck::Recognised, *on, known.at) =>
                {
                    standing.push((*on, known.at, place, &known.fact));
                }
                Fact::Stopped { on, .. } if !self.is_struck(Struck::Stopped, *on, known.at) => {
                    standing.push((*on, known.at, place, &known.fact));
                }
                _ => {}
            }
        }
        standing.sort_by_key(|(on, known, place, _)| (*on, *known, *place));
        standing.into_iter().map(|(.., fact)| fact).collect()
    }

    /// The class entitled in `month`.
    pub(super) fn class(&self, month: Month) -> Option<Category> {
        let mut class = None;
        for fact in self.decisions() {
            match fact {
                Fact::Recognised { class: of, on } => {
                    let after = self
                        .rule(*of, *on)
                        .map_or(1, |rule| rule.start_months_after);
                    if month.since(Month::of(*on)) >= i32::from(after) {
                        class = Some(*of);
                    }
                }
                Fact::Stopped { on, reason } => {
                    let left = match self.rules.ends_month_before(reason, *on) {
                        Some(_) => -1,
                        None => 0,
                    };
                    if month.since(Month::of(*on)) > left {
                        class = None;
                    }
                }
                _ => {}
            }
        }
        class.filter(|class| self.is_of_age(*class, month))
    }

    fn is_of_age(&self, class: Category, month: Month) -> bool {
        let mut born = self.history.born;
        let mut latest = Timestamp::MIN;
        for (_, known) in &self.facts {
            if let Fact::BornCorrected { born: right } = known.fact
                && known.at >= latest
            {
                (latest, born) = (known.at, right);
            }
        }
        let rule = self.rule(class, month.first());
        let (years, extra) =
            rule.map_or((18, 0), |rule| (rule.through_birthday, rule.extra_months));
        let age_in_months = month.since(Month::of(born));
        if age_in_months <= i32::from(years) * 12 + i32::from(extra) {
            return true;
        }
        let extends = rule.is_some_and(|rule| rule.study_extends);
        extends
            && self
                .periods(|fact| match fact {
                    Fact::Study { from, to } => Some((*from, *to)),
                    _ => None,
                })
                .iter()
                .any(|(from, to)| *from <= month && to.is_none_or(|to| month <= to))
    }

    /// The periods of one kind; of those with one first month the latest known, then the last in the file.
    fn periods(
        &self,
        of: impl Fn(&Fact) -> Option<(Month, Option<Month>)>,
    ) -> Vec<(Month, Option<Month>)> {
        let mut kept: Vec<(Timestamp, Month, Option<Month>)> = Vec::new();
        for (_, known) in &self.facts {
            let Some((from, to)) = of(&known.fact) else {
                continue;
            };
            match kept.iter_mut().find(|(_, begun, _)| *begun == from) {
                Some(earlier) if known.at >= earlier.0 => *earlier = (known.at, from, to),
                Some(_) => {}
                None => kept.push((known.at, from, to)),
            }
        }
        kept.into_iter().map(|(_, from, to)| (from, to)).collect()
    }

    /// What of a benefit is drawn in `month`, in fen.
    fn drawn(&self, name: &str, month: Month) -> i64 {
        let mut governing: Option<(Month, Timestamp, Option<Month>, i64)> = None;
        for (_, known) in &self.facts {
            let Fact::Benefit {
                benefit,
                monthly,
                from,
                to,
            } = &known.fact
            else {
                continue;
            };
            if &**benefit != name || *from > month {
                continue;
            }
            if governing.is_none_or(|(since, at, ..)| (since, at) <= (*from, known.at)) {
                governing = Some((*from, known.at, *to, monthly.fen()));
            }
        }
        match governing {
            Some((.., to, fen)) if to.is_none_or(|to| month <= to) => fen,
            _ => 0,
        }
    }

    pub(super) fn due(&self, month: Month) -> NaiveDue {
        let Some(class) = self.class(month) else {
            return NaiveDue::Nothing;
        };
        let first = month.first();
        let mut place = (None, self.history.place);
        for (index, known) in &self.facts {
            if let Fact::Moved { place: to, on } = known.fact
                && on <= first
                && place.0.is_none_or(|key| key < (on, known.at, *index))
            {
                place = (Some((on, known.at, *index)), to);
            }
        }
        let mut best = None;
        for rate in self.rules.rates() {
            let fits = rate.class == class
                && rate.announced <= self.at
                && rate.from <= first
                && rate.until.is_none_or(|until| first <= until)
                && rate.place.contains(place.1);
            let key = (rate.place.level(), rate.from, rate.announced);
            if fits && best.is_none_or(|(so_far, _)| so_far < key) {
                best = Some((key, rate.monthly.fen()));
            }
        }
        let (Some((_, monthly)), Some(rule)) = (best, self.rule(class, first)) else {
            return NaiveDue::NoRate(class);
        };
        let drawn: i64 = rule
            .deducts
            .iter()
            .map(|name| self.drawn(name, month))
            .sum();
        NaiveDue::Fen(class, (monthly - drawn).max(0))
    }

    /// Whether a positive difference for `month` is withheld by a run of `pay_month`.
    pub(super) fn is_withheld(&self, month: Month, pay_month: Month) -> bool {
        self.periods(|fact| match fact {
            Fact::Suspended { from, to } => Some((*from, *to)),
            _ => None,
        })
        .iter()
        .any(|(from, to)| {
            let inside = *from <= month && to.is_none_or(|to| month <= to);
            inside && to.is_none_or(|to| pay_month <= to)
        })
    }

    /// What was committed to a payee for `month`, and whether anything was.
    pub(super) fn committed(&self, month: Month, to: Payee) -> (i64, bool) {
        let mut sum = (0, false);
        for (_, known) in &self.facts {
            if let Fact::Committed {
                from,
                through,
                payee,
                amount,
            } = known.fact
                && payee == to
                && from <= month
                && month <= through
            {
                sum = (sum.0 + amount.fen(), true);
            }
        }
        sum
    }

    fn owed(&self, by: Payee) -> i64 {
        let mut latest = (Timestamp::MIN, 0);
        for (_, known) in &self.facts {
            if let Fact::Owed { payee, amount } = known.fact
                && payee == by
                && known.at >= latest.0
            {
                latest = (known.at, amount.fen());
            }
        }
        latest.1
    }

    /// The first month that anything on file can bear on.
    fn first_month(&self, pay_month: Month) -> Month {
        let months = self.facts.iter().filter_map(|(_, known)| match known.fact {
            Fact::Recognised { on, .. } => Some(Month::of(on)),
            Fact::Committed { from, .. } => Some(from),
            _ => None,
        });
        months.min().unwrap_or(pay_month)
    }

    /// The run of `pay_month`.
    pub(super) fn run(&self, pay_month: Month) -> NaiveAnswer {
        let mut answer = NaiveAnswer::default();
        let mut positive = [0i64; 2];
        let mut negative = [0i64; 2];
        let mut month = self.first_month(pay_month);
        while month <= pay_month {
            let due = self.due(month);
            if let NaiveDue::NoRate(_) = due {
                answer.without_rate.push(month);
                month = month.next();
                continue;
            }
            for (at, payee) in [Payee::Guardian, Payee::Home].into_iter().enumerate() {
                let (class, owed) = match due {
                    NaiveDue::Fen(class, fen) => {
                        let home = class == Category::InstitutionOrphan;
                        (
                            Some(class),
                            if home == (payee == Payee::Home) {
                                fen
                            } else {
                                0
                            },
                        )
                    }
                    _ => (None, 0),
                };
                let (paid, is_committed) = self.committed(month, payee);
                let fen = owed - paid;
                if fen == 0 || (fen > 0 && self.is_withheld(month, pay_month)) {
                    continue;
                }
                let kind = match fen {
                    _ if month == pay_month && !is_committed => "regular",
                    1.. => "arrears",
                    _ => "recovery",
                };
                positive[at] += fen.max(0);
                negative[at] -= fen.min(0);
                answer.lines.push(NaiveLine {
                    payee: ["guardian", "home"][at],
                    for_month: month,
                    kind,
                    class,
                    fen,
                });
            }
            month = month.next();
        }
        let share = self.rules.recovery_share(pay_month).unwrap().value;
        for (at, payee) in [Payee::Guardian, Payee::Home].into_iter().enumerate() {
            let debt = negative[at] + self.owed(payee);
            let offset = debt.min(positive[at] * i64::from(share) / 100);
            if at == 0 || positive[at] > 0 || debt > 0 {
                let name = ["guardian", "home"][at];
                answer
                    .transfers
                    .push((name, positive[at] - offset, debt - offset));
            }
        }
        answer
    }
}
