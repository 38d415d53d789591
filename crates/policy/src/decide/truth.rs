//! Yes, no, or not known, each with the points it turns on.

use crate::point::{FactName, Point};

/// The answer to a question about the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Truth {
    /// It holds, for these facts.
    Holds(Vec<Point>),
    /// It does not, whatever is not known, for want of these.
    Fails(Vec<Point>),
    /// These facts, which are not known, may turn it either way.
    Open(Vec<Point>),
}

impl Truth {
    /// That a fact holds.
    pub(super) fn of(fact: Option<bool>, name: FactName) -> Self {
        match fact {
            Some(true) => Self::Holds(vec![Point::Fact(name)]),
            Some(false) => Self::Fails(vec![Point::Fact(name)]),
            None => Self::Open(vec![Point::Fact(name)]),
        }
    }

    /// That a fact does not hold.
    pub(super) fn not(fact: Option<bool>, name: FactName) -> Self {
        match fact {
            Some(false) => Self::Holds(vec![Point::Not(name)]),
            Some(true) => Self::Fails(vec![Point::Not(name)]),
            None => Self::Open(vec![Point::Fact(name)]),
        }
    }

    /// Both. What is not known does not matter where the other fails.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Fails(some), Self::Fails(more)) => Self::Fails(joined(some, more)),
            (Self::Fails(lacks), _) | (_, Self::Fails(lacks)) => Self::Fails(lacks),
            (Self::Open(some), Self::Open(more)) => Self::Open(joined(some, more)),
            (Self::Open(missing), _) | (_, Self::Open(missing)) => Self::Open(missing),
            (Self::Holds(some), Self::Holds(more)) => Self::Holds(joined(some, more)),
        }
    }

    /// Either; of two that hold the first is told.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Holds(facts), _) | (_, Self::Holds(facts)) => Self::Holds(facts),
            (Self::Open(some), Self::Open(more)) => Self::Open(joined(some, more)),
            (Self::Open(missing), _) | (_, Self::Open(missing)) => Self::Open(missing),
            (Self::Fails(some), Self::Fails(more)) => Self::Fails(joined(some, more)),
        }
    }

    /// The same, but where it fails for want of `lacks`.
    pub(super) fn or_lacks(self, lacks: Point) -> Self {
        match self {
            Self::Fails(_) => Self::Fails(vec![lacks]),
            other => other,
        }
    }
}

fn joined(mut some: Vec<Point>, more: Vec<Point>) -> Vec<Point> {
    for point in more {
        if !some.contains(&point) {
            some.push(point);
        }
    }
    some
}
