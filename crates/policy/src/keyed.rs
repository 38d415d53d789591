//! The series of one kind of rule, by what they are about.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;

use crate::clock::{Interval, Path};
use crate::error::NotInForce;
use crate::finding::Finding;
use crate::reading::{Entry, Row};
use crate::remedy::Remedy;
use crate::series::{Parameter, RuleName, Series};
use crate::situation::Situation;

/// What a series is about: a class, a situation, a path of a class, or nothing further.
pub(crate) trait Key: Copy + Ord {
    /// The series' name after that of its kind, with a dot before it, or nothing.
    fn suffix(self) -> String;
}

impl Key for () {
    fn suffix(self) -> String {
        String::new()
    }
}

impl Key for Category {
    fn suffix(self) -> String {
        format!(".{self}")
    }
}

impl Key for Situation {
    fn suffix(self) -> String {
        format!(".{self}")
    }
}

impl Key for Interval {
    fn suffix(self) -> String {
        format!(".{}", self.code())
    }
}

impl Key for Remedy {
    fn suffix(self) -> String {
        format!(".{}", self.code())
    }
}

impl Key for (Path, Category) {
    fn suffix(self) -> String {
        format!(".{}.{}", self.0.code(), self.1)
    }
}

/// Every series of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Keyed<K, T> {
    kind: &'static str,
    series: BTreeMap<K, Series<T>>,
}

impl<K: Key, T> Keyed<K, T> {
    /// The series of these entries, each split into what it is about and its value; what is wrong with their
    /// periods goes to `findings`.
    pub(crate) fn of<R: Row>(
        entries: Vec<Entry<R>>,
        split: impl Fn(R) -> (K, T),
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut by_key: BTreeMap<K, Vec<Entry<T>>> = BTreeMap::new();
        for entry in entries {
            let Entry { row, head, at } = entry;
            let (key, row) = split(row);
            by_key.entry(key).or_default().push(Entry { row, head, at });
        }
        let series = by_key.into_iter().map(|(key, entries)| {
            let name = format!("{}{}", R::KIND, key.suffix());
            (key, Series::of(name, entries, findings))
        });
        Self {
            kind: R::KIND,
            series: series.collect(),
        }
    }

    /// What is in force for `key`.
    pub(crate) fn on(
        &self,
        key: K,
        day: Date,
        place: Division,
    ) -> Result<&Parameter<T>, NotInForce> {
        self.find(key, day, place).ok_or_else(|| NotInForce {
            series: format!("{}{}", self.kind, key.suffix()),
            on: day,
            place,
        })
    }

    /// As [`on`](Self::on), for where nothing in force is an answer too.
    pub(crate) fn find(&self, key: K, day: Date, place: Division) -> Option<&Parameter<T>> {
        self.series.get(&key)?.find(day, place)
    }

    /// As [`find`](Self::find), with the name of the rule.
    pub(crate) fn named(
        &self,
        key: K,
        day: Date,
        place: Division,
    ) -> Option<(RuleName<'_>, &Parameter<T>)> {
        let series = self.series.get(&key)?;
        let parameter = series.find(day, place)?;
        let name = RuleName {
            series: series.name(),
            from: parameter.from,
        };
        Some((name, parameter))
    }

    /// Whether there is no entry of the kind.
    pub(crate) fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// Every series with what it is about.
    pub(crate) fn all(&self) -> impl Iterator<Item = (K, &Series<T>)> {
        self.series.iter().map(|(key, series)| (*key, series))
    }
}

impl<K, T> Default for Keyed<K, T> {
    fn default() -> Self {
        Self {
            kind: "",
            series: BTreeMap::new(),
        }
    }
}
