//! The walk of a run: child after child in the order of their ids, what is due and what is committed side by side.

use domain::allowances::{Digest, History, Payee, Replay, Run};
use jiff::civil::Date;
use kernel::division::Division;
use kernel::ids::ChildId;
use kernel::money::Money;
use kernel::month::Month;
use store::allowances::{
    LineRow, Payable, Reading, SeriesEnd, Sorted, SpanRecord, Stage, SumRecord, Unsaid, Unspoken,
};

use super::child::Books;
use super::error::MonthError;
use super::facts::lay_out;
use super::moves::{Move, moves, was_paid_here};
use super::reasons::Reasons;

/// What a walk came to.
#[derive(Debug)]
pub(super) struct Totals<'r> {
    pub(super) lines: i32,
    pub(super) levels: i32,
    pub(super) children: i32,
    pub(super) paid: Money,
    pub(super) recovered: Money,
    /// What the lines add to the digest of the series.
    pub(super) digest: u64,
    pub(super) reasons: Reasons<'r>,
    pub(super) exceptions: Vec<Unsaid>,
}

/// What a walk goes by.
pub(super) struct Plan<'a> {
    /// From which month on the series pays.
    pub(super) from: Month,
    pub(super) month: Month,
    /// The series that levels are of, and which of them is the unit's own.
    pub(super) series: &'a [SeriesEnd],
    pub(super) own: Option<u16>,
    pub(super) digest: &'a Digest,
}

/// The digest of all that the levels say the own series has committed.
pub(super) fn digest_of_levels(reading: &Reading, plan: &Plan<'_>) -> u64 {
    let mut books = Books::default();
    let children = reading.levels.all().chunk_by(|one, other| {
        store::allowances::Keyed::child(one) == store::allowances::Keyed::child(other)
    });
    children.fold(0_u64, |sum, levels| {
        books.open(levels, None, plan.series, plan.own);
        sum.wrapping_add(books.digest(plan.digest))
    })
}

/// The digest of all that the lines of the own series add up to.
pub(super) fn digest_of_sums(sums: &Sorted<SumRecord>, digest: &Digest) -> u64 {
    let all = sums.all().iter().map(|sum| {
        let amount = Money::from_fen(sum.fen);
        digest.of(sum.paid_as, sum.payee, sum.month, sum.month, amount)
    });
    all.fold(0, u64::wrapping_add)
}

/// Walks through all children of a reading.
pub(super) struct Walk<'a, 'r> {
    plan: &'a Plan<'a>,
    replay: Replay<'a, 'r>,
    stage: &'a mut Stage,
    books: Books,
    history: History,
    lines: Vec<(Payee, Month, Money)>,
    pub(super) totals: Totals<'r>,
}

impl<'a, 'r> Walk<'a, 'r> {
    pub(super) fn new(plan: &'a Plan<'a>, run: &'a Run<'r>, stage: &'a mut Stage) -> Self {
        Self {
            plan,
            replay: Replay::new(run),
            stage,
            books: Books::default(),
            history: History {
                place: Division::COUNTRY,
                born: Date::MIN,
                facts: Vec::new(),
            },
            lines: Vec::new(),
            totals: Totals {
                lines: 0,
                levels: 0,
                children: 0,
                paid: Money::ZERO,
                recovered: Money::ZERO,
                digest: 0,
                reasons: Reasons::default(),
                exceptions: Vec::new(),
            },
        }
    }

    /// To the end: every child that is paid, and every one that was paid and is no longer the unit's to pay.
    pub(super) async fn through(
        &mut self,
        mut reading: Reading,
        mut sums: Option<Sorted<SumRecord>>,
    ) -> Result<(), MonthError> {
        while let Some(people) = reading.people().await? {
            for paid in people.each() {
                let child = paid.0.child.uuid().as_u128();
                self.those_gone(Some(child), &mut reading, &mut sums)?;
                self.child(child, Some(paid), &mut reading, &mut sums)?;
            }
            self.stage.flush().await?;
        }
        self.those_gone(None, &mut reading, &mut sums)
    }

    /// Children with something committed who come before the next that is paid.
    fn those_gone(
        &mut self,
        next: Option<u128>,
        reading: &mut Reading,
        sums: &mut Option<Sorted<SumRecord>>,
    ) -> Result<(), MonthError> {
        loop {
            let with_sums = sums.as_ref().and_then(Sorted::next_child);
            let gone = reading
                .levels
                .next_child()
                .into_iter()
                .chain(with_sums)
                .min();
            match gone.filter(|gone| next.is_none_or(|next| *gone < next)) {
                Some(gone) => self.child(gone, None, reading, sums)?,
                None => return Ok(()),
            }
        }
    }

    fn child(
        &mut self,
        child: u128,
        paid: Option<(Payable, &[SpanRecord])>,
        reading: &mut Reading,
        sums: &mut Option<Sorted<SumRecord>>,
    ) -> Result<(), MonthError> {
        let levels = reading.levels.of(child);
        let sums = sums.as_mut().map(|sums| sums.of(child));
        let (series, own) = (self.plan.series, self.plan.own);
        self.books.open(levels, sums, series, own);
        self.lines.clear();
        if let Some((payable, spans)) = paid {
            let facts = reading.facts.of(child);
            match payable.born {
                Some(born) => {
                    self.history.facts.clear();
                    self.books.tell(&mut self.history);
                    let moves = moves(facts);
                    let place = (born, payable.place);
                    lay_out(&mut self.history, place, spans, facts, &moves);
                    self.reckon(&payable, &moves)?;
                }
                None if spans.is_empty() => {}
                None => self.unsaid(
                    payable.child,
                    Unspoken::NoBirth,
                    self.plan.from,
                    self.plan.month,
                ),
            }
        }
        let (stage, levels) = (&mut *self.stage, &mut self.totals.levels);
        let write = |paid_as, payee, level: domain::allowances::Level| {
            stage.level(paid_as, payee, level.from, level.amount.fen());
            *levels += 1;
        };
        Ok(self
            .books
            .restate(child, &self.lines, self.plan.month, write)?)
    }

    /// Writes a child's lines, as far as they are this installation's to pay.
    fn reckon(&mut self, payable: &Payable, moves: &[Move]) -> Result<(), MonthError> {
        let (child, key) = (payable.child, payable.child.uuid().as_u128());
        let answer = self.replay.child(&self.history)?;
        let (totals, books, from) = (&mut self.totals, &self.books, self.plan.from);
        let is_paid_here = |month: Month| {
            month >= from || books.has_committed(month) || was_paid_here(moves, month)
        };
        let lines = answer.lines.iter();
        for line in lines.filter(|line| is_paid_here(line.for_month)) {
            self.stage.line(&LineRow {
                child,
                payee: line.payee,
                for_month: line.for_month,
                kind: line.kind,
                class: line.class,
                place: payable.place,
                amount: line.amount,
                due: line.due,
                reason: totals.reasons.number(line, &self.history),
            });
            let (month, amount) = (line.for_month, line.amount);
            let sum = match amount > Money::ZERO {
                true => &mut totals.paid,
                false => &mut totals.recovered,
            };
            *sum = sum.checked_add(amount)?;
            let digest = self.plan.digest.of(key, line.payee, month, month, amount);
            totals.digest = totals.digest.wrapping_add(digest);
            totals.lines += 1;
            self.lines.push((line.payee, month, amount));
        }
        totals.children += i32::from(!self.lines.is_empty());
        let mut without = Vec::new();
        let months = answer.without_rate.iter();
        for month in months.filter(|month| is_paid_here(**month)) {
            match without.last_mut() {
                Some((_, last)) if Month::next(*last) == *month => *last = *month,
                _ => without.push((*month, *month)),
            }
        }
        for (from, through) in without {
            self.unsaid(child, Unspoken::NoRate, from, through);
        }
        Ok(())
    }

    fn unsaid(&mut self, child: ChildId, code: Unspoken, from: Month, through: Month) {
        self.totals.exceptions.push(Unsaid {
            child,
            code,
            from,
            through,
        });
    }
}
