//! Limits that recognised children reach: an age, the end of a parent's term, proof of study that is due again.
//!
//! **Invariant.** A limit ends nothing: it says on which day by which rule somebody has to look.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::month::Month;
use policy::{Facts, Parent, ParentFacts};

/// What a child reaches.
///
/// ```
/// use domain::applications::LimitKind;
/// assert_eq!(LimitKind::from_code("mother_term"), Some(LimitKind::MotherTerm));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitKind {
    /// 年满: the age up to which a child is one of the class.
    Age,
    /// 父亲期限届满: the end of the father's term.
    FatherTerm,
    /// 母亲期限届满: the end of the mother's term.
    MotherTerm,
    /// 就读复核: whoever stays beyond the age because of study shows it again each year.
    Study,
    /// 就读期满: the record of study by which a child beyond the age is paid on ends.
    StudyEnd,
}

impl LimitKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Age,
        Self::FatherTerm,
        Self::MotherTerm,
        Self::Study,
        Self::StudyEnd,
    ];

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::FatherTerm => "father_term",
            Self::MotherTerm => "mother_term",
            Self::Study => "study",
            Self::StudyEnd => "study_end",
        }
    }
}

/// The age that ends a class.
///
/// ```
/// let age = domain::applications::AgeRule { under: 18, study_extends: true };
/// assert_eq!(age.under, 18);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeRule {
    /// Full years on reaching which it ends.
    pub under: u8,
    /// Whether full-time study carries it on.
    pub study_extends: bool,
}

/// The limits of a child of a class up to a day, each with the day on which it is reached, however long ago: a class that
/// should have ended and has not is to be looked at. Of proof of study the last alone, which stands for the age as well.
///
/// `facts` are those of the decision that the class rests on, where there is one.
///
/// ```
/// use domain::applications::{AgeRule, LimitKind, limits};
/// use jiff::civil::date;
/// let age = AgeRule { under: 18, study_extends: false };
/// let found = limits(Some(date(2003, 12, 1)), Some(age), None, date(2021, 12, 4));
/// assert_eq!(found, [(LimitKind::Age, date(2021, 12, 1))]);
/// ```
#[must_use]
pub fn limits(
    birth: Option<Date>,
    age: Option<AgeRule>,
    facts: Option<&Facts>,
    until: Date,
) -> Vec<(LimitKind, Date)> {
    let mut found = Vec::new();
    if let (Some(birth), Some(age)) = (birth, age) {
        found.extend(ages(birth, age, until));
    }
    if let Some(facts) = facts {
        for (parent, kind) in [
            (Parent::Father, LimitKind::FatherTerm),
            (Parent::Mother, LimitKind::MotherTerm),
        ] {
            found.extend(term_end(of(facts, parent)).map(|end| (kind, end)));
        }
    }
    found.retain(|(_, on)| *on <= until);
    found.sort_by_key(|(kind, on)| (*on, *kind));
    found
}

/// The first day after the last month of study on record, where a child is beyond the age by then and is paid on because of
/// it; none where that lies after `until`.
///
/// ```
/// use domain::applications::{AgeRule, LimitKind, study_end};
/// use jiff::civil::date;
/// let age = AgeRule { under: 18, study_extends: true };
/// let june = "2022-06".parse()?;
/// let found = study_end(Some(date(2003, 9, 1)), Some(age), Some(june), date(2022, 7, 1));
/// assert_eq!(found, Some((LimitKind::StudyEnd, date(2022, 7, 1))));
/// # Ok::<(), kernel::month::PeriodError>(())
/// ```
#[must_use]
pub fn study_end(
    birth: Option<Date>,
    age: Option<AgeRule>,
    last_month: Option<Month>,
    until: Date,
) -> Option<(LimitKind, Date)> {
    let age = age.filter(|age| age.study_extends)?;
    let on = last_month?.next().first();
    let grown = birth?.saturating_add(i32::from(age.under).years());
    (grown <= on && on <= until).then_some((LimitKind::StudyEnd, on))
}

const fn of(facts: &Facts, parent: Parent) -> &ParentFacts {
    match parent {
        Parent::Father => &facts.father,
        Parent::Mother => &facts.mother,
    }
}

/// The birthday on which the age is reached, or where study carries on, the last one after it.
fn ages(birth: Date, age: AgeRule, until: Date) -> Option<(LimitKind, Date)> {
    // A birthday on 29 February falls on the 28th of common years (民法典 第二百零二条).
    let birthday = move |years: i32| birth.saturating_add(years.years());
    let limit = i32::from(age.under);
    let later = (limit + 1..limit + 12).filter(move |_| age.study_extends);
    std::iter::once((LimitKind::Age, birthday(limit)))
        .chain(later.map(move |years| (LimitKind::Study, birthday(years))))
        .take_while(move |(_, on)| *on <= until)
        .last()
}

/// The first day on which a term that was ordered no longer counts.
fn term_end(parent: &ParentFacts) -> Option<Date> {
    let situation = parent.situation.known()?;
    let (since, months) = (parent.since.known()?, parent.months.known()?);
    // Full on the same day of the last month, else on that month's last.
    let end = since.saturating_add(i32::from(*months).months());
    situation.has_term().then_some(end)
}

#[cfg(test)]
#[path = "limit_tests.rs"]
mod tests;
