//! The rules about allowances as known at one moment, laid out for millions of look-ups a second.
//!
//! **Invariant.** Every answer is that of [`AllowanceRules`] for the same question; it also says through which month it
//! stays the same, so that a replay asks once for a stretch of months and not for each of them.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::month::Month;

use crate::allowance::{AllowanceRules, ClassRule, Rate};
use crate::series::Parameter;

/// An answer, and the last month for which it is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting<T> {
    /// The answer.
    pub value: T,
    /// The last month of the stretch in which it holds.
    pub through: Month,
}

/// The rules as known at one moment.
///
/// ```
/// use kernel::{category::Category::KeyHardship, division::Division, month::Month};
/// use policy::allowance::{AllowanceRules, KnownRules};
/// let rules = AllowanceRules::default();
/// let known = KnownRules::of(&rules, "2021-11-20T00:00:00+08:00".parse()?);
/// let rate = known.rate(KeyHardship, Division::COUNTRY, Month::MIN);
/// assert_eq!((rate.value, rate.through), (None, Month::MAX));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct KnownRules<'r> {
    known_at: Timestamp,
    classes: Vec<ClassTable<'r>>,
    month_before: Vec<&'r Parameter<Vec<String>>>,
}

/// What goes for one class, by month, and its rates, by place and month.
#[derive(Debug, Clone, Default)]
struct ClassTable<'r> {
    periods: Vec<&'r Parameter<ClassRule>>,
    rule: Vec<Step<Option<&'r Parameter<ClassRule>>>>,
    regions: Vec<Region<'r>>,
}

/// A stretch of division codes in which the same rates hold.
#[derive(Debug, Clone)]
struct Region<'r> {
    start: i64,
    rates: Vec<Step<Option<&'r Rate>>>,
}

/// A value from a month on, until the next step.
#[derive(Debug, Clone, Copy)]
struct Step<T> {
    from: Month,
    value: T,
}

impl<'r> KnownRules<'r> {
    /// Lays out what of `rules` was known at `known_at`.
    #[must_use]
    pub fn of(rules: &'r AllowanceRules, known_at: Timestamp) -> Self {
        let table = |class| ClassTable {
            periods: rules.class_periods(class).collect(),
            rule: class_steps(rules, class),
            regions: regions(rules, class, known_at),
        };
        Self {
            known_at,
            classes: Category::ALL.into_iter().map(table).collect(),
            month_before: rules.stop_periods().collect(),
        }
    }

    /// The moment.
    #[must_use]
    pub const fn known_at(&self) -> Timestamp {
        self.known_at
    }

    /// The rate of `class` for a child who is in `place` on the first day of `month`.
    #[must_use]
    pub fn rate(
        &self,
        class: Category,
        place: Division,
        month: Month,
    ) -> Lasting<Option<&'r Rate>> {
        let regions = &self.classes[class as usize].regions;
        let after = regions.partition_point(|region| region.start <= place.code());
        match after.checked_sub(1) {
            Some(at) => value_at(&regions[at].rates, month),
            None => NEVER,
        }
    }

    /// What goes for `class` on the first day of `month`.
    #[must_use]
    pub fn class(
        &self,
        class: Category,
        month: Month,
    ) -> Lasting<Option<&'r Parameter<ClassRule>>> {
        value_at(&self.classes[class as usize].rule, month)
    }

    /// The first month that a recognition decided on `day` entitles to: the month after, unless the class says
    /// otherwise.
    #[must_use]
    pub fn first_month(&self, class: Category, day: Date) -> Month {
        let rule = in_force(&self.classes[class as usize].periods, day);
        let after = rule.map_or(1, |rule| rule.value.start_months_after);
        Month::of(day).plus(i32::from(after))
    }

    /// The last month that a stop of `day` leaves.
    #[must_use]
    pub fn last_month(&self, reason: &str, day: Date) -> Month {
        match self.ends_month_before(reason, day) {
            Some(_) => Month::of(day).prev(),
            None => Month::of(day),
        }
    }

    /// As [`AllowanceRules::ends_month_before`].
    #[must_use]
    pub fn ends_month_before(&self, reason: &str, day: Date) -> Option<&'r Parameter<Vec<String>>> {
        let list = in_force(&self.month_before, day)?;
        let is_listed = list.value.iter().any(|listed| listed == reason);
        is_listed.then_some(list)
    }
}

/// Of the periods of a series that which is in force on `day`, the first for days before it.
fn in_force<'r, T>(periods: &[&'r Parameter<T>], day: Date) -> Option<&'r Parameter<T>> {
    let begun = periods.partition_point(|period| period.from <= day).max(1);
    let period = periods.get(begun - 1)?;
    let lasts = period.until.is_none_or(|until| day <= until);
    lasts.then_some(*period)
}

const NEVER: Lasting<Option<&Rate>> = Lasting {
    value: None,
    through: Month::MAX,
};

/// The step that `month` lies in. The first of them begins with the calendar.
fn value_at<T: Copy + Default>(steps: &[Step<T>], month: Month) -> Lasting<T> {
    let mut answer = Lasting {
        value: T::default(),
        through: Month::MAX,
    };
    // Few steps, most questions about the last of them.
    for step in steps.iter().rev() {
        if step.from <= month {
            answer.value = step.value;
            return answer;
        }
        answer.through = step.from.prev();
    }
    answer
}

/// The first month whose first day is `day` or later.
fn first_from(day: Date) -> Month {
    let month = Month::of(day);
    if month.first() < day {
        month.next()
    } else {
        month
    }
}

/// The months in which an answer about first days may change, for parameters with these days.
fn changes(days: impl Iterator<Item = (Date, Option<Date>)>) -> Vec<Month> {
    let mut months = vec![Month::MIN];
    for (from, until) in days {
        months.push(first_from(from));
        months.extend(
            until
                .and_then(|until| until.tomorrow().ok())
                .map(first_from),
        );
    }
    months.sort_unstable();
    months.dedup();
    months
}

/// One step for each of these months, those that change nothing left out.
fn steps<T: Copy + PartialEq>(months: Vec<Month>, value: impl Fn(Month) -> T) -> Vec<Step<T>> {
    let mut steps: Vec<Step<T>> = months
        .into_iter()
        .map(|from| Step {
            from,
            value: value(from),
        })
        .collect();
    steps.dedup_by(|later, earlier| later.value == earlier.value);
    steps
}

fn class_steps(
    rules: &AllowanceRules,
    class: Category,
) -> Vec<Step<Option<&Parameter<ClassRule>>>> {
    let days = rules.class_periods(class);
    let months = changes(days.map(|period| (period.from, period.until)));
    steps(months, |month| rules.class(class, month.first()))
}

/// The rates of `class` by stretches of codes: each place with a rate begins one stretch and ends another.
fn regions(rules: &AllowanceRules, class: Category, known_at: Timestamp) -> Vec<Region<'_>> {
    let known = || {
        rules
            .rates()
            .iter()
            .filter(move |rate| rate.class == class && rate.announced <= known_at)
    };
    let mut starts: Vec<i64> = known()
        .flat_map(|rate| [rate.place.range().start, rate.place.range().end])
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let region = |start: i64| {
        let here: Vec<&Rate> = known()
            .filter(|rate| rate.place.range().contains(&start))
            .collect();
        let months = changes(here.iter().map(|rate| (rate.from, rate.until)));
        let rates = steps(months, |month| {
            AllowanceRules::governing(here.iter().copied(), month)
        });
        Region { start, rates }
    };
    starts.into_iter().map(region).collect()
}
