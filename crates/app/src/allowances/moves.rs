//! Households that move: from where to where, day by day, and which months of theirs are paid here.

use domain::allowances::{Fact, first_month_there};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::division::Division;
use kernel::month::Month;
use store::allowances::FactRecord;

/// A day's moves of one household as one: from where it was in the morning to where it was in the evening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) on: Date,
    pub(super) known: Timestamp,
    pub(super) from: Division,
    pub(super) to: Division,
    /// From which month on the series of the place that was left pays here.
    paid_since: Option<Month>,
}

impl Move {
    /// The last month that the household is counted where it was.
    fn through(&self) -> Month {
        first_month_there(self.on).prev()
    }
}

/// A child's moves, ascending.
pub(super) fn moves(facts: &[FactRecord]) -> Vec<Move> {
    let mut all: Vec<Move> = facts.iter().filter_map(on_record).collect();
    all.sort_by_key(|step| (step.on, step.known));
    all.chunk_by(|one, other| (one.on, one.known) == (other.on, other.known))
        .filter_map(as_one)
        .collect()
}

fn on_record(record: &FactRecord) -> Option<Move> {
    let Fact::Moved { place, on } = record.fact else {
        return None;
    };
    Some(Move {
        on,
        known: record.known,
        from: record.from_place?,
        to: place,
        paid_since: record.paid_since,
    })
}

/// Those of one day are on record in no order. They lead from the one place that was left more often than reached to the one
/// that was reached more often than left; whoever was put back has not moved.
fn as_one(day: &[Move]) -> Option<Move> {
    let left_more_often = |place: Division| {
        let left = day.iter().filter(|step| step.from == place).count();
        let reached = day.iter().filter(|step| step.to == place).count();
        left.cmp(&reached)
    };
    let first = day.iter().find(|step| left_more_often(step.from).is_gt())?;
    let last = day.iter().find(|step| left_more_often(step.to).is_lt())?;
    Some(Move {
        to: last.to,
        ..*first
    })
}

/// Whether a month of a household lies before its last move, in the time of a series that paid here where it then was. What
/// that series left open is for whoever pays the household now.
pub(super) fn was_paid_here(moves: &[Move], month: Month) -> bool {
    let left = moves.iter().find(|step| month <= step.through());
    left.and_then(|step| step.paid_since)
        .is_some_and(|since| since <= month)
}

#[cfg(test)]
mod tests {
    //! A household of invented children moves about.

    use super::*;
    use jiff::civil::date;

    fn step(on: Date, from: i64, to: i64) -> Move {
        let place = |town: i64| Division::new(370_481_000_000 + town * 1000).unwrap();
        Move {
            on,
            known: Timestamp::MIN,
            from: place(from),
            to: place(to),
            paid_since: (from == 1).then(|| "2021-03".parse().unwrap()),
        }
    }

    #[test]
    fn a_days_moves_are_one_in_whatever_order_they_are_on_record() {
        let day = date(2021, 6, 9);
        let steps = [
            step(day, 1, 2),
            step(day, 2, 1),
            step(day, 1, 3),
            step(day, 3, 4),
        ];
        for first in 0..4 {
            for second in 0..4 {
                let mut mixed = steps;
                mixed.swap(0, first);
                mixed.swap(1, second);
                let one = as_one(&mixed).unwrap();
                assert_eq!((one.from, one.to), (steps[0].from, steps[3].to));
            }
        }
        assert_eq!(as_one(&steps[..2]), None);
    }

    #[test]
    fn months_before_a_move_are_of_the_series_that_paid_there() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        // From the first town, which pays since March, to the second on 9 June, on to the third on 1 September.
        let moves = [step(date(2021, 6, 9), 1, 2), step(date(2021, 9, 1), 2, 3)];
        let paid = |text| was_paid_here(&moves, month(text));
        assert!(!paid("2021-02"), "settled elsewhere");
        assert!(paid("2021-03") && paid("2021-06"));
        assert!(!paid("2021-07"), "the second town pays nothing here");
        assert!(!paid("2021-09"), "the third pays by its own series");
    }
}
