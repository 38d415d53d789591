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
pub(super) struct Own {
    paid_as: u128,
    payee: Payee,
    /// As it is on record: where nothing more is written, the last level goes on.
    levels: Levels,
    /// As it was committed, up to the last pay month.
    committed: Vec<Stretch>,
}

/// The committed side of a child.
#[derive(Debug, Default)]
pub(super) struct Books {
    own: Vec<Own>,
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
        self.own.clear();
        self.others.clear();
        for of_one in levels.chunk_by(LevelRecord::is_of) {
            let (first, mut read) = (of_one[0], Levels::default());
            for of_run in of_one.chunk_by(LevelRecord::is_beside) {
                read.restate(of_run.iter().map(|record| Level {
                    from: record.from(),
                    amount: Money::from_fen(record.fen),
                }));
            }
            let last = series[usize::from(first.series)].last;
            if Some(first.series) == own {
                let committed = match sums {
                    Some(_) => Vec::new(),
                    None => read.stretches(last).collect(),
                };
                self.own.push(Own {
                    paid_as: first.paid_as,
                    payee: first.payee,
                    levels: read,
                    committed,
                });
            } else {
                let stretches = read.stretches(last);
                self.others
                    .extend(stretches.map(|stretch| (first.payee, stretch)));
            }
        }
        for sum in sums.unwrap_or_default() {
            let stretch = (sum.month, sum.month, Money::from_fen(sum.fen));
            self.of(sum.paid_as, sum.payee).committed.push(stretch);
        }
    }

    fn of(&mut self, paid_as: u128, payee: Payee) -> &mut Own {
        let found = self
            .own
            .iter()
            .position(|own| own.paid_as == paid_as && own.payee == payee);
        let at = found.unwrap_or_else(|| {
            self.own.push(Own {
                paid_as,
                payee,
                levels: Levels::default(),
                committed: Vec::new(),
            });
            self.own.len() - 1
        });
        &mut self.own[at]
    }

    /// What the own series committed adds to its digest.
    pub(super) fn digest(&self, digest: &Digest) -> u64 {
        let stretches = self.own.iter().flat_map(|own| {
            let all = own.committed.iter();
            all.map(|(from, through, amount)| {
                digest.of(own.paid_as, own.payee, *from, *through, *amount)
            })
        });
        stretches.fold(0, u64::wrapping_add)
    }

    /// Tells the history what is committed, by whatever series. It is committed whenever it became known.
    pub(super) fn tell(&self, history: &mut History) {
        let own = self.own.iter().flat_map(|own| {
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
        for own in &self.own {
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
