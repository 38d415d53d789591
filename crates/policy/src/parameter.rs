//! A value the law sets, for the time it is in force, and the values that followed one another.

use jiff::civil::Date;

use crate::error::{NotInForce, RulebookError};

/// One value and where it comes from.
///
/// ```
/// use jiff::civil::date;
/// use kernel::category::Category;
/// let limit = policy::Rulebook::builtin().age_limit(Category::LeftBehind, date(2021, 10, 31))?;
/// assert_eq!((limit.value, limit.from, limit.verified), (16, date(2016, 2, 4), true));
/// assert!(limit.cite.starts_with("国发〔2016〕13号"));
/// # Ok::<(), policy::NotInForce>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter<T> {
    /// The value.
    pub value: T,
    /// The first day on which it is in force.
    pub from: Date,
    /// The last such day, where the rule ends by itself; otherwise it stays until the next one begins.
    pub until: Option<Date>,
    /// The document that sets it, as an officer would cite it.
    pub cite: String,
    /// Whether value and document were checked against each other; if not, screens say 待核实.
    pub verified: bool,
}

/// The values of one rule through time.
///
/// **Invariant.** Ascending by first day; each period ends where the next begins. Only the last may be open.
///
/// ```
/// use jiff::civil::date;
/// use policy::{Parameter, Series};
/// let rate = |value, from| Parameter { value, from, until: None, cite: String::new(), verified: true };
/// let series = Series::new("rate", vec![rate(1600, date(2021, 1, 1)), rate(1400, date(2020, 1, 1))])?;
/// assert_eq!(series.on(date(2020, 12, 31)).unwrap().value, 1400);
/// assert_eq!(series.on(date(2021, 1, 1)).unwrap().value, 1600);
/// # Ok::<(), policy::RulebookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series<T> {
    name: String,
    periods: Vec<Parameter<T>>,
}

impl<T> Series<T> {
    /// A series of these periods, in any order.
    ///
    /// # Errors
    /// [`RulebookError`] where there is none, where one ends before it begins, or where two leave a gap or
    /// overlap.
    pub fn new(
        name: impl Into<String>,
        mut periods: Vec<Parameter<T>>,
    ) -> Result<Self, RulebookError> {
        let name = name.into();
        if periods.is_empty() {
            return Err(RulebookError::Missing { series: name });
        }
        periods.sort_by_key(|period| period.from);
        for period in &periods {
            if period.until.is_some_and(|until| until < period.from) {
                return Err(RulebookError::Backwards {
                    series: name,
                    from: period.from,
                });
            }
        }
        for pair in periods.windows(2) {
            check_neighbours(&name, &pair[0], &pair[1])?;
        }
        Ok(Self { name, periods })
    }

    /// What is in force on `day`.
    ///
    /// # Errors
    /// [`NotInForce`] before the first period and after the last where that has ended.
    pub fn on(&self, day: Date) -> Result<&Parameter<T>, NotInForce> {
        let begun = self.periods.partition_point(|period| period.from <= day);
        begun
            .checked_sub(1)
            .map(|at| &self.periods[at])
            .filter(|period| period.until.is_none_or(|until| day <= until))
            .ok_or_else(|| NotInForce {
                series: self.name.clone(),
                on: day,
            })
    }

    /// Every period, from the first on.
    #[must_use]
    pub fn periods(&self) -> &[Parameter<T>] {
        &self.periods
    }
}

fn check_neighbours<T>(
    name: &str,
    earlier: &Parameter<T>,
    later: &Parameter<T>,
) -> Result<(), RulebookError> {
    let series = name.to_owned();
    if earlier.from == later.from || earlier.until.is_some_and(|until| until >= later.from) {
        return Err(RulebookError::Overlap {
            series,
            day: later.from,
        });
    }
    match earlier.until.and_then(|until| until.tomorrow().ok()) {
        Some(day) if day < later.from => Err(RulebookError::Gap { series, day }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn period(value: u8, from: Date, until: Option<Date>) -> Parameter<u8> {
        Parameter {
            value,
            from,
            until,
            cite: "cite".to_owned(),
            verified: true,
        }
    }

    fn series(periods: Vec<Parameter<u8>>) -> Result<Series<u8>, RulebookError> {
        Series::new("age_limit.migrant", periods)
    }

    #[test]
    fn gaps_and_overlaps_are_refused() {
        let (first, second) = (date(2020, 1, 1), date(2021, 1, 1));
        let name = || "age_limit.migrant".to_owned();
        let cases = [
            (None, second, Ok(())),
            (Some(date(2020, 12, 31)), second, Ok(())),
            (
                Some(date(2020, 12, 30)),
                second,
                Err(RulebookError::Gap {
                    series: name(),
                    day: date(2020, 12, 31),
                }),
            ),
            (
                Some(second),
                second,
                Err(RulebookError::Overlap {
                    series: name(),
                    day: second,
                }),
            ),
            (
                None,
                first,
                Err(RulebookError::Overlap {
                    series: name(),
                    day: first,
                }),
            ),
            (
                Some(date(2019, 12, 31)),
                second,
                Err(RulebookError::Backwards {
                    series: name(),
                    from: first,
                }),
            ),
        ];
        for (until, next, expected) in cases {
            let made = series(vec![period(2, next, None), period(1, first, until)]);
            assert_eq!(made.map(|_| ()), expected);
        }
        assert_eq!(
            series(Vec::new()),
            Err(RulebookError::Missing { series: name() })
        );
    }

    #[test]
    fn outside_the_periods_nothing_is_in_force() {
        let made = series(vec![period(1, date(2020, 1, 1), Some(date(2020, 12, 31)))]).unwrap();
        assert!(made.on(date(2019, 12, 31)).is_err());
        assert_eq!(made.on(date(2020, 1, 1)).unwrap().value, 1);
        assert_eq!(made.on(date(2020, 12, 31)).unwrap().value, 1);
        assert!(made.on(date(2021, 1, 1)).is_err());
    }

    proptest! {
        #[test]
        fn exactly_the_latest_begun_period_is_in_force(
            starts in proptest::collection::btree_set(0i32..5000, 1..8), asked in 0i32..6000,
        ) {
            let day = |offset: i32| date(2010, 1, 1).checked_add(offset.days()).unwrap();
            let periods: Vec<_> = starts.iter().zip(0u8..).map(|(start, value)| period(value, day(*start), None)).collect();
            let made = series(periods.iter().rev().cloned().collect()).unwrap();
            let expected = starts.iter().filter(|start| **start <= asked).count().checked_sub(1);
            prop_assert_eq!(made.on(day(asked)).ok(), expected.map(|at| &periods[at]));
        }
    }
}
