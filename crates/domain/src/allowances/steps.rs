//! Step functions over months: a value from a month on, until the next step.

use kernel::month::Month;
use policy::allowance::Lasting;

/// A step function, built in the order in which facts are true: a later one replaces all before it from its month on.
#[derive(Debug, Clone)]
pub(super) struct Steps<T>(Vec<(Month, T)>);

impl<T> Default for Steps<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> Steps<T> {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// `value` replaces what there is from `month` on.
    pub(super) fn replace_from(&mut self, month: Month, value: T) {
        while self.0.last().is_some_and(|(from, _)| *from >= month) {
            self.0.pop();
        }
        self.0.push((month, value));
    }

    /// Changes the value of every month from `month` on, which becomes a step of its own.
    pub(super) fn change_from(&mut self, month: Month, change: impl Fn(Option<T>) -> T) {
        let at = self.0.partition_point(|(from, _)| *from < month);
        for (_, value) in &mut self.0[at..] {
            *value = change(Some(*value));
        }
        if self.0.get(at).is_none_or(|(from, _)| *from > month) {
            let before = at.checked_sub(1).map(|before| self.0[before].1);
            self.0.insert(at, (month, change(before)));
        }
    }

    /// The first month that has a value.
    pub(super) fn first(&self) -> Option<Month> {
        self.0.first().map(|(from, _)| *from)
    }

    /// The value of `month`, none before the first step.
    pub(super) fn at(&self, month: Month) -> Lasting<Option<T>> {
        let after = self.0.partition_point(|(from, _)| *from <= month);
        Lasting {
            value: after.checked_sub(1).map(|at| self.0[at].1),
            through: self
                .0
                .get(after)
                .map_or(Month::MAX, |(from, _)| from.prev()),
        }
    }
}
