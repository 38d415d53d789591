//! Yes, no, or not known, each with the points it turns on.

use super::points::Points;
use crate::point::{FactName, Point};

/// The answer to a question about the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    /// It holds, for these facts.
    Holds(Points),
    /// It does not, whatever is not known, for want of these.
    Fails(Points),
    /// These facts, which are not known, may turn it either way.
    Open(Points),
}

impl Truth {
    /// That a fact holds.
    pub(super) fn of(fact: Option<bool>, name: FactName) -> Self {
        match fact {
            Some(true) => Self::Holds(Points::one(Point::Fact(name))),
            Some(false) => Self::Fails(Points::one(Point::Fact(name))),
            None => Self::Open(Points::one(Point::Fact(name))),
        }
    }

    /// That a fact does not hold.
    pub(super) fn not(fact: Option<bool>, name: FactName) -> Self {
        match fact {
            Some(false) => Self::Holds(Points::one(Point::Not(name))),
            Some(true) => Self::Fails(Points::one(Point::Not(name))),
            None => Self::Open(Points::one(Point::Fact(name))),
        }
    }

    /// Both. What is not known does not matter where the other fails.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Fails(some), Self::Fails(more)) => Self::Fails(some.and(&more)),
            (Self::Fails(lacks), _) | (_, Self::Fails(lacks)) => Self::Fails(lacks),
            (Self::Open(some), Self::Open(more)) => Self::Open(some.and(&more)),
            (Self::Open(missing), _) | (_, Self::Open(missing)) => Self::Open(missing),
            (Self::Holds(some), Self::Holds(more)) => Self::Holds(some.and(&more)),
        }
    }

    /// Either; of two that hold the first is told.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Holds(facts), _) | (_, Self::Holds(facts)) => Self::Holds(facts),
            (Self::Open(some), Self::Open(more)) => Self::Open(some.and(&more)),
            (Self::Open(missing), _) | (_, Self::Open(missing)) => Self::Open(missing),
            (Self::Fails(some), Self::Fails(more)) => Self::Fails(some.and(&more)),
        }
    }

    /// The same, but where it fails for want of `lacks`.
    pub(super) fn or_lacks(self, lacks: Point) -> Self {
        match self {
            Self::Fails(_) => Self::Fails(Points::one(lacks)),
            other => other,
        }
    }
}
