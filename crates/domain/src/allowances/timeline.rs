//! The facts known at a moment, each kind laid out over the months it bears on.
//!
//! **Invariant.** What replaces, strikes out or precedes what is settled here, once, and nowhere else: facts are ordered
//! by the day they are true, then by when they became known, then by their place in the file.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::money::Money;
use kernel::month::Month;
use policy::allowance::{KnownRules, Lasting};

use super::history::{Fact, History, Payee, Struck};
use super::steps::Steps;

/// The facts of one child, laid out; kept from child to child for its memory.
#[derive(Debug, Clone, Default)]
pub(super) struct Timeline {
    decisions: Vec<Decision>,
    revocations: Vec<Revocation>,
    pub(super) standing: Steps<Standing>,
    moves: Vec<Move>,
    pub(super) places: Steps<Residence>,
    births: Option<(Timestamp, Date, usize)>,
    studies: Vec<Period>,
    suspensions: Vec<Period>,
    benefits: Vec<Period>,
    pub(super) commitments: Vec<Commitment>,
    owed: [Option<(Timestamp, Money)>; 2],
}

/// A recognition or a stop.
#[derive(Debug, Clone, Copy)]
struct Decision {
    on: Date,
    known: Timestamp,
    fact: usize,
}

#[derive(Debug, Clone, Copy)]
struct Revocation {
    of: Struck,
    on: Date,
    known: Timestamp,
    fact: usize,
}

#[derive(Debug, Clone, Copy)]
struct Move {
    on: Date,
    known: Timestamp,
    fact: usize,
    place: Division,
}

/// How a child stands in a month by its recognitions and stops.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// The class of the last recognition.
    pub(super) class: Option<Category>,
    /// Whether no stop has ended it.
    pub(super) is_entitled: bool,
    /// The fact that makes it so: of the decision that governs and the revocations of those that would, the latest known.
    pub(super) fact: usize,
}

/// Where a child is, and the fact that says so if it was a move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Residence {
    pub(super) place: Division,
    pub(super) fact: Option<usize>,
}

/// The months that a fact of study, suspension or benefit speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from: Month,
    /// [`Month::MAX`] where it is open.
    pub(super) to: Month,
    pub(super) known: Timestamp,
    pub(super) fact: usize,
    /// The last month that it, or one that it replaces, speaks of: up to there it is a cause, if only of nothing.
    reached: Month,
}

impl Period {
    pub(super) fn covers(&self, month: Month) -> bool {
        self.from <= month && month <= self.to
    }

    /// From `month` on, what it says stays so through here.
    fn lasts(&self, month: Month) -> Month {
        match self.covers(month) {
            true => self.to,
            false => self.reached,
        }
    }
}

/// An amount committed for each month of a stretch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Commitment {
    pub(super) from: Month,
    pub(super) through: Month,
    pub(super) payee: Payee,
    pub(super) amount: Money,
}

impl Timeline {
    /// Lays out what of `history` was known at the rules' moment.
    pub(super) fn lay_out(&mut self, history: &History, rules: &KnownRules<'_>) {
        self.clear();
        let known = history.facts.iter().enumerate();
        for (index, known) in known.filter(|(_, known)| known.at <= rules.known_at()) {
            self.sort_in(index, known.at, &known.fact);
        }
        self.settle_standing(history, rules);
        self.settle_places(history.place);
        // A later-known fact of the same kind (and benefit) with the same `from` replaces the earlier one.
        keep_latest(&mut self.studies, |period| period.from);
        keep_latest(&mut self.suspensions, |period| period.from);
        keep_latest(&mut self.benefits, |period| {
            (benefit_of(history, period.fact), period.from)
        });
    }

    fn clear(&mut self) {
        self.decisions.clear();
        self.revocations.clear();
        self.standing.clear();
        self.moves.clear();
        self.places.clear();
        self.births = None;
        self.studies.clear();
        self.suspensions.clear();
        self.benefits.clear();
        self.commitments.clear();
        self.owed = [None; 2];
    }

    fn sort_in(&mut self, fact: usize, known: Timestamp, what: &Fact) {
        let period = |from, to: Option<Month>| Period {
            from,
            to: to.unwrap_or(Month::MAX),
            known,
            fact,
            reached: to.unwrap_or(Month::MAX),
        };
        match *what {
            Fact::Recognised { on, .. } | Fact::Stopped { on, .. } => {
                self.decisions.push(Decision { on, known, fact });
            }
            Fact::Revoked { of, on } => self.revocations.push(Revocation {
                of,
                on,
                known,
                fact,
            }),
            Fact::Benefit { from, to, .. } => self.benefits.push(period(from, to)),
            Fact::Study { from, to } => self.studies.push(period(from, to)),
            Fact::Suspended { from, to } => self.suspensions.push(period(from, to)),
            Fact::Moved { place, on } => self.moves.push(Move {
                on,
                known,
                fact,
                place,
            }),
            Fact::BornCorrected { born } => {
                if self.births.is_none_or(|(latest, ..)| latest <= known) {
                    self.births = Some((known, born, fact));
                }
            }
            Fact::Committed {
                from,
                through,
                payee,
                amount,
            } => self.commitments.push(Commitment {
                from,
                through,
                payee,
                amount,
            }),
            // Of what is owed the latest known counts.
            Fact::Owed { payee, amount } => {
                let owed = &mut self.owed[payee as usize];
                if owed.is_none_or(|(latest, _)| latest <= known) {
                    *owed = Some((known, amount));
                }
            }
        }
    }

    /// A recognition entitles from its first month, a later one replaces it from its own; a stop leaves its last month.
    fn settle_standing(&mut self, history: &History, rules: &KnownRules<'_>) {
        if self.decisions.len() > 1 {
            self.decisions
                .sort_unstable_by_key(|decision| (decision.on, decision.known, decision.fact));
        }
        // Of the revocations of one kind and day the latest known strikes most.
        self.revocations.sort_unstable_by_key(|revocation| {
            (revocation.of as u8, revocation.on, revocation.known)
        });
        for decision in &self.decisions {
            let (month, of, class) = match &history.facts[decision.fact].fact {
                Fact::Recognised { class, on } => (
                    rules.first_month(*class, *on),
                    Struck::Recognised,
                    Some(*class),
                ),
                Fact::Stopped { on, reason } => {
                    (rules.last_month(reason, *on).next(), Struck::Stopped, None)
                }
                _ => continue,
            };
            if let Some(by) = struck(&self.revocations, of, decision) {
                self.standing.change_from(month, |standing| {
                    standing_beside(standing, by.fact, history)
                });
                continue;
            }
            let standing = Standing {
                class: class.or_else(|| self.standing.at(month).value.and_then(|was| was.class)),
                is_entitled: class.is_some(),
                fact: decision.fact,
            };
            self.standing.replace_from(month, standing);
        }
    }

    /// Where the child is on the first day of each month.
    fn settle_places(&mut self, first: Division) {
        let residence = |place, fact| Residence { place, fact };
        self.places.replace_from(Month::MIN, residence(first, None));
        self.moves
            .sort_unstable_by_key(|step| (step.on, step.known, step.fact));
        for step in &self.moves {
            self.places.replace_from(
                first_month_there(step.on),
                residence(step.place, Some(step.fact)),
            );
        }
    }

    /// The day of birth that counts, and the fact that corrected it.
    pub(super) fn born(&self, history: &History) -> (Date, Option<usize>) {
        match self.births {
            Some((_, born, fact)) => (born, Some(fact)),
            None => (history.born, None),
        }
    }

    /// The study on record that covers `month`, and how long that stays so.
    pub(super) fn study(&self, month: Month) -> Lasting<Option<usize>> {
        let begun = self.studies.partition_point(|period| period.from <= month);
        let next = self
            .studies
            .get(begun)
            .map_or(Month::MAX, |period| period.from.prev());
        let longest = self.studies[..begun].iter().max_by_key(|period| period.to);
        match longest.filter(|period| period.covers(month)) {
            Some(period) => Lasting {
                value: Some(period.fact),
                through: period.to,
            },
            None => Lasting {
                value: None,
                through: self
                    .cut_short(month)
                    .map_or(next, |cut| next.min(cut.reached)),
            },
        }
    }

    /// Of the studies that do not reach `month` and replaced one that did, the latest known.
    pub(super) fn cut_short(&self, month: Month) -> Option<&Period> {
        let begun = self.studies.iter().filter(|period| period.from <= month);
        begun
            .filter(|period| !period.covers(month) && month <= period.reached)
            .max_by_key(|period| (period.known, period.fact))
    }

    /// The fact that says what of `benefit` is drawn in `month`, or that nothing is where one that it replaced said
    /// something; none where nothing was ever said of the month.
    pub(super) fn benefit(
        &self,
        history: &History,
        benefit: &str,
        month: Month,
    ) -> Lasting<Option<&Period>> {
        let of = |period: &Period| benefit_of(history, period.fact);
        let after = self
            .benefits
            .partition_point(|period| (of(period), period.from) <= (benefit, month));
        let next = self
            .benefits
            .get(after)
            .filter(|period| of(period) == benefit)
            .map_or(Month::MAX, |period| period.from.prev());
        let governing = after
            .checked_sub(1)
            .map(|at| &self.benefits[at])
            .filter(|period| of(period) == benefit);
        match governing {
            Some(period) if month <= period.reached => Lasting {
                value: Some(period),
                through: next.min(period.lasts(month)),
            },
            _ => Lasting {
                value: None,
                through: next,
            },
        }
    }

    /// Whether any benefit is on record at all.
    pub(super) fn has_benefits(&self) -> bool {
        !self.benefits.is_empty()
    }

    /// The first month that a run of `month` withholds: months inside a suspension, while `month` is not after its end.
    pub(super) fn withheld_from(&self, month: Month) -> Option<Month> {
        let lasting = self.suspensions.iter().filter(|period| month <= period.to);
        lasting.map(|period| period.from).min()
    }

    /// Of the suspensions over before `run` that `month` lay in, the latest known.
    pub(super) fn suspended(&self, month: Month, run: Month) -> Option<&Period> {
        let over = |period: &&Period| period.covers(month) && period.to < run;
        self.suspensions
            .iter()
            .filter(over)
            .max_by_key(|period| (period.known, period.fact))
    }

    /// What a payee owed when the last run was over.
    pub(super) fn owed(&self, payee: Payee) -> Money {
        self.owed[payee as usize].map_or(Money::ZERO, |(_, amount)| amount)
    }
}

/// The first month of a household where it moved on this day: who moves on a later day than the first of a month is on the
/// first still where he was.
#[must_use]
pub fn first_month_there(on: Date) -> Month {
    let month = Month::of(on);
    match on.day() {
        1 => month,
        _ => month.next(),
    }
}

/// The revocation that strikes a decision out, if there is one that became known strictly later.
fn struck<'t>(
    revocations: &'t [Revocation],
    of: Struck,
    decision: &Decision,
) -> Option<&'t Revocation> {
    let key = (of as u8, decision.on);
    let after =
        revocations.partition_point(|revocation| (revocation.of as u8, revocation.on) <= key);
    let latest = &revocations[after.checked_sub(1)?];
    let strikes = (latest.of as u8, latest.on) == key && decision.known < latest.known;
    strikes.then_some(latest)
}

/// The same standing, made so also by a revocation of what would have governed.
fn standing_beside(standing: Option<Standing>, revoked: usize, history: &History) -> Standing {
    match standing {
        Some(standing) => {
            let known = |fact: usize| (history.facts[fact].at, fact);
            let fact = if known(standing.fact) < known(revoked) {
                revoked
            } else {
                standing.fact
            };
            Standing { fact, ..standing }
        }
        None => Standing {
            class: None,
            is_entitled: false,
            fact: revoked,
        },
    }
}

fn benefit_of(history: &History, fact: usize) -> &str {
    match &history.facts[fact].fact {
        Fact::Benefit { benefit, .. } => benefit,
        _ => "",
    }
}

/// Sorts by `key` and keeps of those with one key the latest known, then the last in the file.
fn keep_latest<'h, K: Ord + 'h>(periods: &mut Vec<Period>, key: impl Fn(&Period) -> K) {
    if periods.len() < 2 {
        return;
    }
    let order = |one: &Period, other: &Period| {
        let known = |period: &Period| (period.known, period.fact);
        key(one)
            .cmp(&key(other))
            .then_with(|| known(other).cmp(&known(one)))
    };
    periods.sort_unstable_by(order);
    periods.dedup_by(|earlier, kept| {
        let is_replaced = key(earlier) == key(kept);
        if is_replaced {
            kept.reached = kept.reached.max(earlier.reached);
        }
        is_replaced
    });
}
