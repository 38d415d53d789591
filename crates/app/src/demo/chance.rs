//! Drawing from tables and intervals, repeatably.

use jiff::Span;
use jiff::civil::Date;
use kernel::clock::{Entropy, SeededEntropy};

/// A stream of draws that the seed and the stream's name determine, so that a change to one part of the city leaves
/// the draws of the others as they were.
#[derive(Debug)]
pub(super) struct Chance(SeededEntropy);

impl Chance {
    pub(super) fn stream(seed: u64, name: &str) -> Self {
        // FNV-1a: the streams only have to differ.
        let mixed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        // The seed is whitened first: neighbouring seeds must not give neighbouring states.
        let mut whitened = [0; 8];
        SeededEntropy::new(seed).fill(&mut whitened);
        Self(SeededEntropy::new(u64::from_le_bytes(whitened) ^ mixed))
    }

    /// Evenly from `0..end`; 0 for an empty range.
    pub(super) fn below(&self, end: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        let product = u128::from(u64::from_le_bytes(bytes)) * end as u128;
        (product >> 64) as usize
    }

    /// Evenly from `low..=high`.
    pub(super) fn between(&self, low: i64, high: i64) -> i64 {
        let width = usize::try_from(high - low + 1).unwrap_or_default();
        low + i64::try_from(self.below(width)).unwrap_or_default()
    }

    /// True in this many of a hundred cases.
    pub(super) fn percent(&self, share: usize) -> bool {
        self.below(100) < share
    }

    /// Evenly one of a table, which must not be empty.
    pub(super) fn pick<'a, T: ?Sized>(&self, table: &[&'a T]) -> &'a T {
        table[self.below(table.len())]
    }

    /// One of a table of values and weights, whose weights must not all be zero.
    pub(super) fn weighted<T: Copy>(&self, table: &[(T, usize)]) -> T {
        let total = table.iter().map(|(_, weight)| weight).sum();
        let mut left = self.below(total);
        let mut at = 0;
        while left >= table[at].1 {
            left -= table[at].1;
            at += 1;
        }
        table[at].0
    }

    /// Evenly a day from `first..=last`; `first` where the two are out of order.
    pub(super) fn day(&self, first: Date, last: Date) -> Date {
        let width = first.duration_until(last).as_hours() / 24;
        days_after(first, self.between(0, width.max(0)))
    }
}

/// So many days later, or earlier where negative.
pub(super) fn days_after(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

/// So many years later, or earlier where negative; of 29 February in other years the 28th.
pub(super) fn years_after(day: Date, years: i16) -> Date {
    day.saturating_add(Span::new().years(years))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn streams_repeat_themselves_and_differ_from_each_other() {
        let draws = |seed, name| {
            let chance = Chance::stream(seed, name);
            (0..20).map(|_| chance.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draws(7, "units"), draws(7, "units"));
        assert_ne!(draws(7, "units"), draws(7, "children"));
        assert_ne!(draws(7, "units"), draws(8, "units"));
    }

    #[test]
    fn draws_stay_within_their_bounds_and_reach_both_ends() {
        let chance = Chance::stream(1, "bounds");
        let draws: Vec<_> = (0..500).map(|_| chance.between(-2, 2)).collect();
        assert_eq!(draws.iter().min(), Some(&-2));
        assert_eq!(draws.iter().max(), Some(&2));
        assert!((0..200).all(|_| chance.weighted(&[('a', 0), ('b', 1), ('c', 0)]) == 'b'));
    }

    #[test]
    fn a_day_out_of_order_is_the_first() {
        let chance = Chance::stream(1, "days");
        assert_eq!(
            chance.day(date(2021, 3, 1), date(2021, 2, 1)),
            date(2021, 3, 1)
        );
        let day = chance.day(date(2021, 2, 27), date(2021, 3, 1));
        assert!((date(2021, 2, 27)..=date(2021, 3, 1)).contains(&day));
    }
}
