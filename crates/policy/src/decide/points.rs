//! A handful of points, kept without the heap: a decision weighs six classes, and most of what it gathers for
//! them is thrown away.

use crate::point::Point;

/// More than any class turns on: two for each parent, and what is asked of child, household and age.
const MOST: usize = 16;

/// Points in the order in which they were met, each once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Points {
    of: [Point; MOST],
    len: usize,
}

impl Points {
    /// None.
    pub(super) const NONE: Self = Self {
        of: [Point::ClassInForce; MOST],
        len: 0,
    };

    /// One.
    pub(super) const fn one(point: Point) -> Self {
        let mut points = Self::NONE;
        points.of[0] = point;
        points.len = 1;
        points
    }

    /// Those of both.
    pub(super) fn and(mut self, more: &Self) -> Self {
        for point in more.as_slice() {
            if !self.as_slice().contains(point)
                && let Some(free) = self.of.get_mut(self.len)
            {
                *free = *point;
                self.len += 1;
            }
        }
        self
    }

    pub(super) fn as_slice(&self) -> &[Point] {
        &self.of[..self.len]
    }
}

impl PartialEq for Points {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Points {}
