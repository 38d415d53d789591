//! What is committed for one child: read from its levels, or from its lines where the levels do not add up, and restated
//! when a run has added to it.

use domain::allowances::{Committing, Digest, Fact, History, Known, Level, Levels, Payee};
use jiff::Timestamp;
use kernel::money::{Money, MoneyError};
use kernel::month::Month;
use store::allowances::{LevelRecord, SeriesEnd, SumRecord};

/// An amount for each month of a stretch.
pub(super) type Stretch = (Month, Month, Money);

/// What the unit's own series committed to one payee, paid as the child or as a double that was joined to it.
#[derive(Debug)]
struct Own {
    paid_as: u128,
    payee: Payee,
    /// As it is on record: where nothing more is written, the last level goes on.
    levels: Levels,
    /// As it was committed, up to the last pay month.
    committed: Vec<Stretch>,
}

/// The committed side of a child. It keeps its memory from child to child.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// So many of them are this child's; the memory of the others waits for the next.
    used: usize,
    own: Vec<Own>,
    /// Levels of another series, while they are read.
    read: Levels,
    others: Vec<(Payee, Stretch)>,
    committing: Committing,
}

impl Books {
    /// Opens the books of the next child. `own` is the unit's own series; with `sums`, what that has committed is taken
    /// from the lines and not from the levels.
    pub(super) fn open(
        &mut self,
        levels: &[LevelRecord],
        sums: Option<&[SumRecord]>,
        series: &[SeriesEnd],
        own: Option<u16>,
    ) {
        self.used = 0;
        self.others.clear();
        for of_one in levels.chunk_by(LevelRecord::is_of) {
            let first = of_one[0];
            let last = series[usize::from(first.series)].last;
            let is_own = Some(first.series) == own;
            let at = is_own.then(|| self.add(first.paid_as, first.payee));
            let read = match at {
                Some(at) => &mut self.own[at].levels,
                None => &mut self.read,
            };
            read.clear();
            for of_run in of_one.chunk_by(LevelRecord::is_beside) {
                read.restate(of_run.iter().map(|record| Level {
                    from: record.from(),
                    amount: Money::from_fen(record.fen),
                }));
            }
            match at {
                Some(at) if sums.is_none() => {
                    let Own {
                        levels, committed, ..
                    } = &mut self.own[at];
                    committed.extend(levels.stretches(last));
                }
                Some(_) => {}
                None => {
                    let stretches = self.read.stretches(last);
                    self.others
                        .extend(stretches.map(|stretch| (first.payee, stretch)));
                }
            }
        }
        for sum in sums.unwrap_or_default() {
            let stretch = (sum.month, sum.month, Money::from_fen(sum.fen));
            self.of(sum.paid_as, sum.payee).committed.push(stretch);
        }
    }

    fn of(&mut self, paid_as: u128, payee: Payee) -> &mut Own {
        let is_it = |own: &Own| own.paid_as == paid_as && own.payee == payee;
        let found = self.all().iter().position(is_it);
        let at = found.unwrap_or_else(|| self.add(paid_as, payee));
        &mut self.own[at]
    }

    fn all(&self) -> &[Own] {
        &self.own[..self.used]
    }

    /// Adds one with nothing in it, and answers its place.
    fn add(&mut self, paid_as: u128, payee: Payee) -> usize {
        let at = self.used;
        self.used += 1;
        match self.own.get_mut(at) {
            Some(own) => {
                (own.paid_as, own.payee) = (paid_as, payee);
                own.levels.clear();
                own.committed.clear();
            }
            None => self.own.push(Own {
                paid_as,
                payee,
                levels: Levels::default(),
                committed: Vec::new(),
            }),
        }
        at
    }

    /// What the own series committed adds to its digest.
    pub(super) fn digest(&self, digest: &Digest) -> u64 {
        let stretches = self.all().iter().flat_map(|own| {
            let all = own.committed.iter();
            all.map(|(from, through, amount)| {
                digest.of(own.paid_as, own.payee, *from, *through, *amount)
            })
        });
        stretches.fold(0, u64::wrapping_add)
    }

    /// Tells the history what is committed, by whatever series. It is committed whenever it became known.
    pub(super) fn tell(&self, history: &mut History) {
        let own = self.all().iter().flat_map(|own| {
            let all = own.committed.iter();
            all.map(|stretch| (own.payee, *stretch))
        });
        let all = own.chain(self.others.iter().copied());
        history
            .facts
            .extend(all.map(|(payee, (from, through, amount))| Known {
                at: Timestamp::MIN,
                fact: Fact::Committed {
                    from,
                    through,
                    payee,
                    amount,
                },
            }));
    }

    /// Whether anything is committed for `month`, by whatever series: then it is paid here, whenever a series began.
    pub(super) fn has_committed(&self, month: Month) -> bool {
        let own = self.all().iter().flat_map(|own| own.committed.iter());
        let mut all = own.chain(self.others.iter().map(|(_, stretch)| stretch));
        all.any(|(from, through, amount)| {
            *from <= month && month <= *through && *amount != Money::ZERO
        })
    }

    /// Hands to `write` the levels that have to be written for the own series once this child's `lines` are added.
    pub(super) fn restate(
        &mut self,
        child: u128,
        lines: &[(Payee, Month, Money)],
        pay_month: Month,
        mut write: impl FnMut(u128, Payee, Level),
    ) -> Result<(), MoneyError> {
        for (payee, ..) in lines {
            self.of(child, *payee);
        }
        for own in &self.own[..self.used] {
            let here = |line: &&(Payee, Month, Money)| own.paid_as == child && line.0 == own.payee;
            let lines = || lines.iter().filter(here);
            let firsts = own.committed.iter().map(|(from, ..)| *from);
            let firsts = firsts.chain(own.levels.first());
            let Some(first) = firsts.chain(lines().map(|line| line.1)).min() else {
                continue;
            };
            if first > pay_month {
                continue;
            }
            self.committing.begin(first, pay_month);
            self.committing.on_record(&own.levels, pay_month);
            for (from, through, amount) in &own.committed {
                self.committing.add(*from, *through, *amount)?;
            }
            for (_, month, amount) in lines() {
                self.committing.add(*month, *month, *amount)?;
            }
            for level in self.committing.restated() {
                write(own.paid_as, own.payee, level);
            }
        }
        Ok(())
    }
}
