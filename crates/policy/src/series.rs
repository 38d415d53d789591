//! A value the law sets, for the time and the place it is in force, and the values that followed one another.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::division::Division;

use crate::error::NotInForce;
use crate::finding::{Finding, Flaw};
use crate::reading::Entry;

/// One value and where it comes from.
///
/// ```
/// use jiff::civil::date;
/// use kernel::{category::Category, division::Division};
/// let rules = policy::Rulebook::builtin();
/// let limit = rules.age_limit(Category::LeftBehind, date(2021, 10, 31), Division::COUNTRY)?;
/// assert_eq!((limit.value, limit.from, limit.verified), (16, date(2016, 2, 4), true));
/// assert!(limit.cite.starts_with("国发〔2016〕13号"));
/// # Ok::<(), policy::NotInForce>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter<T> {
    /// The value.
    pub value: T,
    /// The place it is for, and all that lies in it.
    pub place: Division,
    /// The first day on which it is in force.
    pub from: Date,
    /// The last such day, where the rule ends by itself; otherwise it stays until the next one begins.
    pub until: Option<Date>,
    /// The moment it was made known, where that is not the start of its first day.
    pub announced: Option<Timestamp>,
    /// The document that sets it, as an officer would cite it.
    pub cite: String,
    /// Whether value and document were checked against each other; if not, screens say 待核实.
    pub verified: bool,
}

/// A rule's name in decisions: its series and its first day.
///
/// ```
/// let rule = policy::RuleName { series: "age_limit.migrant", from: jiff::civil::date(2024, 9, 3) };
/// assert_eq!(rule.to_string(), "age_limit.migrant@2024-09-03");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleName<'r> {
    /// What the series is called.
    pub series: &'r str,
    /// The first day of the period.
    pub from: Date,
}

impl fmt::Display for RuleName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.series, self.from)
    }
}

impl serde::Serialize for RuleName<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The values of one rule through time, for each place that has values of its own.
///
/// **Invariant.** The most specific places come first; of each the periods ascend and do not overlap, where
/// the files they were read from had no finding that refuses them.
///
/// ```
/// use jiff::civil::date;
/// use kernel::division::Division;
/// let rules = policy::Rulebook::parse(
///     "[[precedence]]\norder = [\"key_hardship\"]\nfrom = 2020-01-01\n\
///      [[precedence]]\nplace = \"37\"\norder = [\"aids_affected\"]\nfrom = 2021-01-01\n",
/// )?;
/// let first = |on, place: &str| {
///     let place = Division::parse(place).unwrap();
///     rules.precedence(on, place).map(|order| order.value[0].code())
/// };
/// assert_eq!(first(date(2021, 5, 1), "370481"), Ok("aids_affected"));
/// assert_eq!(first(date(2020, 5, 1), "370481"), Ok("key_hardship"));
/// assert_eq!(first(date(2021, 5, 1), "110101"), Ok("key_hardship"));
/// # Ok::<(), policy::Finding>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series<T> {
    name: String,
    places: Vec<(Division, Vec<Parameter<T>>)>,
}

impl<T> Series<T> {
    /// The series that these entries make, in any order; what is wrong with their periods goes to `findings`.
    pub(crate) fn of(name: String, entries: Vec<Entry<T>>, findings: &mut Vec<Finding>) -> Self {
        let mut by_place: BTreeMap<Division, Vec<Entry<T>>> = BTreeMap::new();
        for entry in entries {
            by_place.entry(entry.head.place).or_default().push(entry);
        }
        let mut places: Vec<_> = by_place
            .into_iter()
            .map(|(place, mut entries)| {
                entries.sort_by_key(|entry| entry.head.from);
                find_faults(&name, &entries, findings);
                let periods: Vec<_> = entries.into_iter().map(Parameter::from).collect();
                (place, periods)
            })
            .collect();
        places.sort_by_key(|(place, _)| std::cmp::Reverse(place.level()));
        Self { name, places }
    }

    /// What is in force on `day` in `place`: of the places that contain it and have a value for the day, the
    /// most specific one's.
    ///
    /// # Errors
    /// [`NotInForce`] where there is none.
    pub fn on(&self, day: Date, place: Division) -> Result<&Parameter<T>, NotInForce> {
        self.find(day, place).ok_or_else(|| NotInForce {
            series: self.name.clone(),
            on: day,
            place,
        })
    }

    /// As [`on`](Self::on), for where nothing in force is an answer too.
    #[must_use]
    pub fn find(&self, day: Date, place: Division) -> Option<&Parameter<T>> {
        self.places
            .iter()
            .filter(|(of, _)| of.contains(place))
            .find_map(|(_, periods)| in_force(periods, day))
    }

    /// What the series is called, such as `age_limit.migrant`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every value, the most specific place's first, in the order of their first days.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter<T>> {
        self.places.iter().flat_map(|(_, periods)| periods)
    }
}

impl<T> From<Entry<T>> for Parameter<T> {
    fn from(entry: Entry<T>) -> Self {
        let head = entry.head;
        Self {
            value: entry.row,
            place: head.place,
            from: head.from,
            until: head.until,
            announced: head.announced,
            cite: head.cite,
            verified: head.verified,
        }
    }
}

fn in_force<T>(periods: &[Parameter<T>], day: Date) -> Option<&Parameter<T>> {
    let begun = periods.partition_point(|period| period.from <= day);
    let period = periods.get(begun.checked_sub(1)?)?;
    period
        .until
        .is_none_or(|until| day <= until)
        .then_some(period)
}

/// Periods that end before they begin, overlap or leave a gap; `entries` ascend by first day.
fn find_faults<T>(name: &str, entries: &[Entry<T>], findings: &mut Vec<Finding>) {
    let series = || name.to_owned();
    for entry in entries {
        let from = entry.head.from;
        if entry.head.until.is_some_and(|until| until < from) {
            findings.push(entry.finding(Flaw::Backwards {
                series: series(),
                from,
            }));
        }
    }
    for pair in entries.windows(2) {
        let (earlier, later) = (&pair[0].head, &pair[1].head);
        let day = later.from;
        if earlier.from == day || earlier.until.is_some_and(|until| until >= day) {
            findings.push(pair[1].finding(Flaw::Overlap {
                series: series(),
                day,
            }));
        } else if let Some(free) = earlier.until.and_then(|until| until.tomorrow().ok())
            && free < day
        {
            findings.push(pair[1].finding(Flaw::Gap {
                series: series(),
                day: free,
            }));
        }
    }
}

#[cfg(test)]
#[path = "series_tests.rs"]
mod tests;
