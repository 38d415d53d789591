//! What a run keeps of each child while it works: small records, read unsorted and sorted here.

use domain::allowances::{Fact, Payee};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ChildId, UnitId};
use kernel::month::Month;

/// A child that the unit pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payable {
    /// The child.
    pub child: ChildId,
    /// The day of birth, where it is known.
    pub born: Option<Date>,
    /// Where its household is.
    pub place: Division,
}

/// A record of a child.
pub trait Keyed {
    /// What records are sorted by: the child first.
    type Key: Ord;

    /// The child's id as a number, in the database's order.
    fn child(&self) -> u128;

    /// The key.
    fn key(&self) -> Self::Key;
}

/// A status in a cash class.
#[derive(Debug, Clone, Copy)]
pub struct SpanRecord {
    /// The class.
    pub class: Category,
    /// Its first day.
    pub from: Date,
    /// The first day on which it no longer holds.
    pub to: Option<Date>,
    /// When it became known, where that is on record.
    pub known: Option<Timestamp>,
    /// When its end became known.
    pub end_known: Option<Timestamp>,
}

/// Children in the order of their ids, each beside its statuses.
#[derive(Debug, Default)]
pub struct People {
    /// Each with where its statuses end.
    children: Vec<(Payable, usize)>,
    spans: Vec<SpanRecord>,
}

impl People {
    /// Whether a row of this child goes on with the last one.
    pub(super) fn ends_with(&self, child: ChildId) -> bool {
        self.children
            .last()
            .is_some_and(|(last, _)| last.child == child)
    }

    pub(super) fn len(&self) -> usize {
        self.children.len()
    }

    pub(super) fn push(&mut self, child: Payable) {
        self.children.push((child, self.spans.len()));
    }

    /// A status of the last child.
    pub(super) fn status(&mut self, span: SpanRecord) {
        let before = self.children.iter().rev().nth(1);
        let start = before.map_or(0, |(_, end)| *end);
        let at = self.spans[start..].partition_point(|other| other.from <= span.from);
        self.spans.insert(start + at, span);
        if let Some((_, end)) = self.children.last_mut() {
            *end = self.spans.len();
        }
    }

    /// Each child with its statuses in cash classes, ascending by their first days.
    pub fn each(&self) -> impl Iterator<Item = (Payable, &[SpanRecord])> {
        let mut start = 0;
        self.children.iter().map(move |(child, end)| {
            let spans = &self.spans[start..*end];
            start = *end;
            (*child, spans)
        })
    }
}

/// A fact that no other part of the file holds.
#[derive(Debug, Clone)]
pub struct FactRecord {
    pub(super) child: u128,
    /// Its id, which decides between two facts that are otherwise of one moment.
    pub(super) id: u128,
    /// When it became known.
    pub known: Timestamp,
    /// What became known.
    pub fact: Fact,
    /// Where the household was before it moved.
    pub from_place: Option<Division>,
    /// From which month on the series of that place pays here.
    pub paid_since: Option<Month>,
    /// Whether it was recorded of a double that was joined to the child.
    pub of_double: bool,
}

impl Keyed for FactRecord {
    type Key = (u128, Timestamp, u128);

    fn child(&self) -> u128 {
        self.child
    }

    fn key(&self) -> Self::Key {
        (self.child, self.known, self.id)
    }
}

/// From a month on, what runs up to a pay month had committed for each month.
#[derive(Debug, Clone, Copy)]
pub struct LevelRecord {
    pub(super) child: u128,
    /// Whom it was paid as: the child itself, or a double that was joined to it since.
    pub paid_as: u128,
    /// The fen of a month.
    pub fen: i64,
    pub(super) pay_month: u16,
    from: u16,
    /// Which of the [`super::Reading::series`].
    pub series: u16,
    /// To whom.
    pub payee: Payee,
}

impl LevelRecord {
    pub(super) fn new(
        (child, paid_as): (u128, u128),
        series: u16,
        payee: Payee,
        (pay_month, from): (Month, Month),
        fen: i64,
    ) -> Self {
        Self {
            child,
            paid_as,
            fen,
            pay_month: short(pay_month),
            from: short(from),
            series,
            payee,
        }
    }

    /// The first month.
    #[must_use]
    pub fn from(&self) -> Month {
        Month::MIN.plus(i32::from(self.from))
    }

    /// Whether the same run wrote both for the same child, payee and series.
    #[must_use]
    pub fn is_beside(&self, other: &Self) -> bool {
        self.is_of(other) && self.pay_month == other.pay_month
    }

    /// Whether both are of the same child, payee and series.
    #[must_use]
    pub fn is_of(&self, other: &Self) -> bool {
        (self.series, self.paid_as, self.payee) == (other.series, other.paid_as, other.payee)
    }
}

impl Keyed for LevelRecord {
    type Key = (u128, u16, u128, Payee, u16, u16);

    fn child(&self) -> u128 {
        self.child
    }

    fn key(&self) -> Self::Key {
        (
            self.child,
            self.series,
            self.paid_as,
            self.payee,
            self.pay_month,
            self.from,
        )
    }
}

/// What the lines of the own series add up to for one month.
#[derive(Debug, Clone, Copy)]
pub struct SumRecord {
    pub(super) child: u128,
    /// Whom it was paid as.
    pub paid_as: u128,
    /// To whom.
    pub payee: Payee,
    /// The month.
    pub month: Month,
    /// The fen.
    pub fen: i64,
}

impl Keyed for SumRecord {
    type Key = (u128, u128, Payee, Month);

    fn child(&self) -> u128 {
        self.child
    }

    fn key(&self) -> Self::Key {
        (self.child, self.paid_as, self.payee, self.month)
    }
}

/// A series that levels are of, and how far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesEnd {
    /// The unit that paid.
    pub unit: UnitId,
    /// Whether it is the sealed one.
    pub sealed: bool,
    /// Its last pay month.
    pub last: Month,
}

/// Months as numbers that fit into two bytes, to the year 5461.
fn short(month: Month) -> u16 {
    u16::try_from(month.since(Month::MIN)).unwrap_or(u16::MAX)
}

/// Records sorted by child, handed out as the children come by in the same order.
#[derive(Debug)]
pub struct Sorted<T> {
    records: Vec<T>,
    at: usize,
}

impl<T: Keyed> Sorted<T> {
    pub(super) fn new(mut records: Vec<T>) -> Self {
        records.sort_unstable_by_key(Keyed::key);
        Self { records, at: 0 }
    }

    /// Every record, wherever the walk is.
    #[must_use]
    pub fn all(&self) -> &[T] {
        &self.records
    }

    /// The child of the next record.
    #[must_use]
    pub fn next_child(&self) -> Option<u128> {
        self.records.get(self.at).map(Keyed::child)
    }

    /// The records of this child; those of children before it are passed over.
    pub fn of(&mut self, child: u128) -> &[T] {
        let rest = &self.records[self.at..];
        let start = self.at + rest.iter().take_while(|r| r.child() < child).count();
        let there = self.records[start..].iter();
        let end = start + there.take_while(|r| r.child() == child).count();
        self.at = end;
        &self.records[start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_stand_beside_their_children_in_the_order_of_their_days() {
        let payable = |number| Payable {
            child: ChildId::from_uuid(uuid::Uuid::from_u128(number)),
            born: None,
            place: Division::COUNTRY,
        };
        let span = |day: &str| SpanRecord {
            class: Category::KeyHardship,
            from: day.parse().unwrap(),
            to: None,
            known: None,
            end_known: None,
        };
        let mut people = People::default();
        people.push(payable(1));
        people.push(payable(2));
        people.status(span("2021-03-01"));
        people.status(span("2020-03-01"));
        people.push(payable(3));
        people.status(span("2019-03-01"));
        assert!(people.ends_with(payable(3).child) && !people.ends_with(payable(2).child));
        let years: Vec<Vec<i16>> = people
            .each()
            .map(|(_, spans)| spans.iter().map(|span| span.from.year()).collect())
            .collect();
        assert_eq!(years, [vec![], vec![2020, 2021], vec![2019]]);
    }

    #[test]
    fn records_of_children_are_handed_out_in_their_order() {
        let level = |child, from: i32| {
            let month = Month::new(2021, 1).unwrap();
            let months = (month, month.plus(from));
            LevelRecord::new((child, child), 0, Payee::Guardian, months, 1)
        };
        let mut sorted = Sorted::new(vec![level(7, 0), level(3, 1), level(3, 0), level(5, 0)]);
        assert_eq!(sorted.next_child(), Some(3));
        let of_three: Vec<_> = sorted.of(3).iter().map(LevelRecord::from).collect();
        assert_eq!(of_three.len(), 2);
        assert!(of_three[0] < of_three[1]);
        assert_eq!(sorted.of(4).len(), 0);
        assert_eq!(sorted.next_child(), Some(5));
        assert_eq!(sorted.of(7).len(), 1, "five is passed over");
        assert_eq!(sorted.next_child(), None);
    }
}
