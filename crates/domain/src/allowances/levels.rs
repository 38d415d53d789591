//! What is committed for each month, kept as the months in which it changes.
//!
//! **Invariant.** Levels are only added to: a run restates the end of a child's levels from the first month it changes, and
//! writes nothing where a month brings what the month before brought. Read back, they are the sums of all lines.

use kernel::money::{Money, MoneyError};
use kernel::month::Month;

/// From a month on, what is committed for each month, until the next level of the same child and payee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// The first month.
    pub from: Month,
    /// The amount of a month; negative where more was recovered than paid.
    pub amount: Money,
}

/// The levels of one child and payee, ascending, each as later runs restated it. Before the first nothing is committed.
///
/// ```
/// use domain::allowances::{Level, Levels};
/// use kernel::{money::Money, month::Month};
/// let month = |text: &str| text.parse::<Month>().unwrap();
/// let level = |from, yuan| Level { from: month(from), amount: Money::from_yuan(yuan) };
/// let mut levels = Levels::default();
/// levels.restate([level("2021-01", 1400)]);
/// // September's run paid a raise back to January.
/// levels.restate([level("2021-01", 1600)]);
/// levels.restate([level("2021-11", 0)]);
/// let stretches: Vec<_> = levels.stretches(month("2021-12")).collect();
/// assert_eq!(stretches, [(month("2021-01"), month("2021-10"), Money::from_yuan(1600))]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels(Vec<Level>);

impl Levels {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes in what a later run wrote: from its first month on nothing earlier holds.
    pub fn restate(&mut self, tail: impl IntoIterator<Item = Level>) {
        let mut first = true;
        for level in tail {
            if first {
                self.0.retain(|earlier| earlier.from < level.from);
                first = false;
            }
            self.0.push(level);
        }
    }

    /// The stretches of months with an amount, up to and including `through`, ascending.
    pub fn stretches(&self, through: Month) -> impl Iterator<Item = (Month, Month, Money)> + '_ {
        let ends = self.0.iter().skip(1).map(|next| Some(next.from));
        let pairs = self.0.iter().zip(ends.chain([None]));
        pairs.filter_map(move |(level, next)| {
            let last = next.map_or(through, |next| next.prev().min(through));
            let is_there = level.amount != Money::ZERO && level.from <= last;
            is_there.then_some((level.from, last, level.amount))
        })
    }

    /// The first month with a level.
    #[must_use]
    pub fn first(&self) -> Option<Month> {
        self.0.first().map(|level| level.from)
    }
}

/// What a run commits to one child and payee, beside what the levels on record would make of the pay month by themselves.
/// It keeps its memory from child to child.
#[derive(Debug, Clone, Default)]
pub struct Committing {
    first: Option<Month>,
    on_record: Vec<i64>,
    now: Vec<i64>,
}

impl Committing {
    /// Begins with the months from `first` to `pay_month`, with nothing on record and nothing committed.
    pub fn begin(&mut self, first: Month, pay_month: Month) {
        let months = usize::try_from(pay_month.since(first) + 1).unwrap_or_default();
        self.first = Some(first);
        for months_of in [&mut self.on_record, &mut self.now] {
            months_of.clear();
            months_of.resize(months, 0);
        }
    }

    /// The levels on record as they are read when nothing more is written.
    pub fn on_record(&mut self, levels: &Levels, pay_month: Month) {
        for (from, through, amount) in levels.stretches(pay_month) {
            let range = self.range(from, through);
            self.on_record[range].fill(amount.fen());
        }
    }

    /// An amount committed for each month of a stretch, by an earlier run or by this one.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn add(&mut self, from: Month, through: Month, amount: Money) -> Result<(), MoneyError> {
        let range = self.range(from, through);
        for month in &mut self.now[range] {
            *month = Money::from_fen(*month).checked_add(amount)?.fen();
        }
        Ok(())
    }

    /// What has to be written so that the levels read as what is committed: nothing, or the end of them from the first
    /// month that differs.
    pub fn restated(&self) -> impl Iterator<Item = Level> + '_ {
        let differs = |at: &usize| self.on_record[*at] != self.now[*at];
        let start = (0..self.now.len()).find(differs);
        let start = start.unwrap_or(self.now.len());
        (start..self.now.len())
            .filter(move |&at| at == start || self.now[at] != self.now[at - 1])
            .map(|at| Level {
                from: self.month(at),
                amount: Money::from_fen(self.now[at]),
            })
    }

    fn month(&self, at: usize) -> Month {
        let first = self.first.unwrap_or(Month::MIN);
        first.plus(i32::try_from(at).unwrap_or(i32::MAX))
    }

    fn range(&self, from: Month, through: Month) -> std::ops::Range<usize> {
        let first = self.first.unwrap_or(Month::MIN);
        let index = |month: Month| usize::try_from(month.since(first)).unwrap_or_default();
        let end = match through < first {
            true => 0,
            false => (index(through) + 1).min(self.now.len()),
        };
        index(from).min(end)..end
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn start() -> Month {
        Month::new(2021, 1).unwrap()
    }

    /// What the levels say of each month up to `through`.
    fn read(levels: &Levels, through: Month) -> BTreeMap<Month, i64> {
        let mut read = BTreeMap::new();
        for (from, last, amount) in levels.stretches(through) {
            let mut month = from;
            while month <= last {
                read.insert(month, amount.fen());
                month = month.next();
            }
        }
        read
    }

    #[test]
    fn the_same_amount_for_another_month_writes_nothing() {
        let mut levels = Levels::default();
        levels.restate([Level {
            from: start(),
            amount: Money::from_yuan(1600),
        }]);
        let mut committing = Committing::default();
        let (last, pay) = (start().plus(9), start().plus(10));
        committing.begin(start(), pay);
        committing.on_record(&levels, pay);
        for (from, through, amount) in levels.stretches(last) {
            committing.add(from, through, amount).unwrap();
        }
        committing.add(pay, pay, Money::from_yuan(1600)).unwrap();
        assert_eq!(committing.restated().count(), 0);
    }

    proptest! {
        /// Whatever runs commit, the levels read back as the sums of the lines, up to every pay month.
        #[test]
        fn levels_read_as_the_sums_of_the_lines(
            runs in prop::collection::vec(prop::collection::vec((0i32..14, -3i64..4), 0..5), 1..8),
            ahead in prop::collection::vec(1i32..3, 8),
        ) {
            let (mut levels, mut sums) = (Levels::default(), BTreeMap::<Month, i64>::new());
            let (mut pay, mut last) = (start().plus(5), None::<Month>);
            for (lines, ahead) in runs.iter().zip(ahead) {
                let mut committing = Committing::default();
                committing.begin(start(), pay);
                committing.on_record(&levels, pay);
                for (from, through, amount) in last.into_iter().flat_map(|last| levels.stretches(last)) {
                    committing.add(from, through, amount).unwrap();
                }
                for (month, fen) in lines {
                    let month = start().plus(*month).min(pay);
                    committing.add(month, month, Money::from_fen(*fen)).unwrap();
                    *sums.entry(month).or_default() += fen;
                }
                let tail: Vec<Level> = committing.restated().collect();
                levels.restate(tail);
                sums.retain(|_, fen| *fen != 0);
                prop_assert_eq!(&read(&levels, pay), &sums);
                last = Some(pay);
                pay = pay.plus(ahead);
            }
        }
    }
}
