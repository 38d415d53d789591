//! What the rules set about allowances: rates, what a class brings and bars, reasons to stop, the share of a recovery.
//!
//! **Invariant.** No two rates of one class and place begin on one day and were announced at one moment with different
//! amounts, so that the rate of a month is always one.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::clock::start_of;
use kernel::division::Division;
use kernel::money::Money;
use kernel::month::Month;

pub use crate::allowance_known::{KnownRules, Lasting};
use crate::allowance_rows::{ClassRow, RateRow, ReviewRow, ShareRow, StopRow};
use crate::error::NotInForce;
use crate::finding::{Finding, Flaw};
use crate::keyed::{Key, Keyed};
use crate::reading::{Entry, Reading, Row};
use crate::series::Parameter;

/// A dated standard (保障标准): what a class brings in a place in a whole month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The class.
    pub class: Category,
    /// Where it holds; a more specific place goes before.
    pub place: Division,
    /// The amount of a month, 0 or more.
    pub monthly: Money,
    /// The first day on which it is in force.
    pub from: Date,
    /// The last such day, where it ends by itself; otherwise a later rate of the place takes over.
    pub until: Option<Date>,
    /// When it was announced: before this moment nobody could know it, whatever day it is in force from.
    pub announced: Timestamp,
    /// The document that sets it, as an officer would cite it.
    pub cite: String,
    /// Whether amount and document were checked against each other.
    pub verified: bool,
}

impl Rate {
    /// Whether it is in force on `day`.
    #[must_use]
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// The birthday that ends an allowance by age where a rule does not say: 《民法典》第十七条.
pub const MAJORITY: u8 = 18;

/// What goes for a class beside its rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassRule {
    /// How many months after that of the decision the first month lies; 1 is the month after (次月).
    pub start_months_after: u8,
    /// The benefits that are taken off (补差), by their codes.
    pub deducts: Vec<String>,
    /// Whether study on record carries the allowance past the age.
    pub study_extends: bool,
    /// The birthday in whose month the allowance ends by age.
    pub through_birthday: u8,
    /// Months beyond that one.
    pub extra_months: u16,
}

/// The rules about allowances of one set of rules.
///
/// Rates are no gapless series: several places have one, some are announced after they are in force, and where there is
/// none in force nothing can be paid. The other rules are series; for days before its first period the first period
/// holds, since older decisions have to be judged by something and amounts do not depend on it.
///
/// ```
/// use jiff::civil::date;
/// use kernel::{category::Category::ScatteredOrphan, division::Division, money::Money, month::Month};
///
/// let rulebook = policy::Rulebook::parse(r#"
///     [[allowance_rate]]
///     class = "scattered_orphan"
///     place = "3704"
///     monthly = "1600.00"
///     from = 2021-01-01
///     announced = 2021-08-25T00:00:00+08:00
///     cite = "《关于提高困难群众救助保障水平的通知》"
///     verified = false
/// "#)?;
/// let rules = rulebook.allowances();
/// let county = Division::parse("370481").unwrap();
/// let asked = |known_at: &str| {
///     let rate = rules.rate(ScatteredOrphan, county, "2021-03".parse().unwrap(), known_at.parse().unwrap());
///     rate.map(|rate| rate.monthly)
/// };
/// assert_eq!(asked("2021-08-24T00:00:00+08:00"), None);
/// assert_eq!(asked("2021-08-25T00:00:00+08:00"), Some(Money::from_yuan(1600)));
/// # Ok::<(), policy::Finding>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowanceRules {
    rates: Vec<Rate>,
    classes: Keyed<Category, ClassRule>,
    month_before: Keyed<(), Vec<String>>,
    recovery_share: Keyed<(), u8>,
    review: Keyed<(), bool>,
}

impl AllowanceRules {
    /// The rules about allowances among all that was read.
    pub(crate) fn read(reading: &mut Reading<'_>) -> Self {
        let rates = reading.dated::<RateRow>();
        Self {
            rates: distinct(rates, &mut reading.findings),
            classes: placeless(reading, ClassRow::split),
            month_before: placeless(reading, |row: StopRow| ((), row.ends_month_before)),
            recovery_share: placeless(reading, |row: ShareRow| ((), row.percent)),
            review: placeless(reading, |row: ReviewRow| ((), row.quarterly)),
        }
    }

    /// Every rate.
    #[must_use]
    pub fn rates(&self) -> &[Rate] {
        &self.rates
    }

    /// The same rules with one rate more, such as one that is only proposed. Where nothing decides between it and
    /// another, it goes before.
    #[must_use]
    pub fn with_rate(&self, rate: Rate) -> Self {
        self.with_rates([rate])
    }

    /// The same rules with these rates more, such as those an office published. Where nothing decides between one of them
    /// and another, the later one goes before.
    #[must_use]
    pub fn with_rates(&self, rates: impl IntoIterator<Item = Rate>) -> Self {
        let mut rules = self.clone();
        rules.rates.extend(rates);
        rules.rates.sort_by_key(key);
        rules
    }

    /// The rate of `class` for a child who is in `place` on the first day of `month`, as known at `known_at`: among
    /// the rates announced by then and in force that day, those of the most specific place that has one; of these the
    /// latest `from`, then the latest announced.
    #[must_use]
    pub fn rate(
        &self,
        class: Category,
        place: Division,
        month: Month,
        known_at: Timestamp,
    ) -> Option<&Rate> {
        let known = |rate: &&Rate| rate.class == class && rate.announced <= known_at;
        let here = |rate: &&Rate| rate.place.contains(place);
        Self::governing(self.rates.iter().filter(known).filter(here), month)
    }

    /// Of rates of one class for one place, that which governs on the first day of `month`.
    pub(crate) fn governing<'r>(
        rates: impl Iterator<Item = &'r Rate>,
        month: Month,
    ) -> Option<&'r Rate> {
        let first = month.first();
        rates
            .filter(|rate| rate.is_in_force(first))
            .max_by_key(|rate| (rate.place.level(), rate.from, rate.announced))
    }

    /// What goes for `class` on `day`; `None` where nothing does, or no longer.
    #[must_use]
    pub fn class(&self, class: Category, day: Date) -> Option<&Parameter<ClassRule>> {
        on(&self.classes, class, day)
    }

    /// How many months at most lie between a decision and the first month that it entitles to, whatever the class.
    #[must_use]
    pub fn longest_start(&self) -> u8 {
        let starts = self.every_class().map(|rule| rule.start_months_after);
        starts.fold(1, u8::max)
    }

    /// The first birthday with which an allowance ends by age, whatever the class.
    #[must_use]
    pub fn first_birthday(&self) -> u8 {
        let birthdays = self.every_class().map(|rule| rule.through_birthday);
        birthdays.fold(MAJORITY, u8::min)
    }

    /// What goes, or went, for any class.
    fn every_class(&self) -> impl Iterator<Item = &ClassRule> {
        let all = self.classes.all();
        all.flat_map(|(_, series)| series.parameters().map(|period| &period.value))
    }

    /// Every period of `class`, from the first on.
    pub(crate) fn class_periods(
        &self,
        class: Category,
    ) -> impl Iterator<Item = &Parameter<ClassRule>> {
        periods(&self.classes, class)
    }

    /// Every period of the list of reasons to stop, from the first on.
    pub(crate) fn stop_periods(&self) -> impl Iterator<Item = &Parameter<Vec<String>>> {
        periods(&self.month_before, ())
    }

    /// The period of the list that holds `reason` as one that ends an allowance with the month *before* a stop of
    /// `day`; `None` where it ends with the month of the stop, as for any other reason.
    #[must_use]
    pub fn ends_month_before(&self, reason: &str, day: Date) -> Option<&Parameter<Vec<String>>> {
        let list = on(&self.month_before, (), day)?;
        let is_listed = list.value.iter().any(|listed| listed == reason);
        is_listed.then_some(list)
    }

    /// How much of what is paid to a payee in `month` may be kept back for a debt, in per cent.
    ///
    /// # Errors
    /// [`NotInForce`] where the rules do not say.
    pub fn recovery_share(&self, month: Month) -> Result<&Parameter<u8>, NotInForce> {
        let missing = || NotInForce {
            series: ShareRow::KIND.to_owned(),
            on: month.first(),
            place: Division::COUNTRY,
        };
        on(&self.recovery_share, (), month.first()).ok_or_else(missing)
    }

    /// The rule by which every child who draws an allowance is confirmed once in the quarter of `day`; `None` where there
    /// is no such rule, or one that asks for none.
    #[must_use]
    pub fn quarterly_review(&self, day: Date) -> Option<&Parameter<bool>> {
        on(&self.review, (), day).filter(|rule| rule.value)
    }
}

/// The periods of one series, from the first on.
fn periods<K: Key, T>(keyed: &Keyed<K, T>, key: K) -> impl Iterator<Item = &Parameter<T>> {
    keyed
        .all()
        .filter(move |(of, _)| *of == key)
        .flat_map(|(_, series)| series.parameters())
}

/// What is in force for `key` on `day`, the first period for days before it.
fn on<K: Key, T>(keyed: &Keyed<K, T>, key: K, day: Date) -> Option<&Parameter<T>> {
    let first = periods(keyed, key).next()?;
    keyed.find(key, day.max(first.from), Division::COUNTRY)
}

/// The series of a kind that holds for the whole set of rules: an entry with a place is a fault.
fn placeless<R: Row, K: Key, T>(
    reading: &mut Reading<'_>,
    split: impl Fn(R) -> (K, T),
) -> Keyed<K, T> {
    let mut entries = reading.dated::<R>();
    entries.retain(|entry| {
        let is_placeless = entry.head.place == Division::COUNTRY;
        if !is_placeless {
            let what = format!("place: only an {} has one", RateRow::KIND);
            reading.findings.push(entry.finding(Flaw::Unreadable(what)));
        }
        is_placeless
    });
    Keyed::of(entries, split, &mut reading.findings)
}

/// What decides between two rates of one class that are both in force.
fn key(rate: &Rate) -> (Category, Division, Date, Timestamp) {
    (rate.class, rate.place, rate.from, rate.announced)
}

/// The rates, in an order that decides between any two of one place; one that says the same again is left out.
fn distinct(mut entries: Vec<Entry<RateRow>>, findings: &mut Vec<Finding>) -> Vec<Rate> {
    let series = |rate: &Rate| format!("{}.{}.{}", RateRow::KIND, rate.class, rate.place);
    entries.sort_by_key(|entry| key(&Rate::from(entry)));
    let mut rates: Vec<Rate> = Vec::with_capacity(entries.len());
    for entry in &entries {
        let rate = Rate::from(entry);
        if rate.until.is_some_and(|until| until < rate.from) {
            findings.push(entry.finding(Flaw::Backwards {
                series: series(&rate),
                from: rate.from,
            }));
        }
        match rates.last().filter(|last| key(last) == key(&rate)) {
            Some(last) if (last.monthly, last.until) == (rate.monthly, rate.until) => {}
            Some(_) => findings.push(entry.finding(Flaw::Overlap {
                series: series(&rate),
                day: rate.from,
            })),
            None => rates.push(rate),
        }
    }
    rates
}

impl From<&Entry<RateRow>> for Rate {
    fn from(entry: &Entry<RateRow>) -> Self {
        let Entry { row, head, .. } = entry;
        Self {
            class: row.class,
            place: head.place,
            monthly: row.monthly,
            from: head.from,
            until: head.until,
            announced: head.announced.unwrap_or_else(|| start_of(head.from)),
            cite: head.cite.clone(),
            verified: head.verified,
        }
    }
}

#[cfg(test)]
#[path = "allowance_tests.rs"]
mod tests;
