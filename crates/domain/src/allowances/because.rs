//! Why a line is written, in words that a guardian understands.

use std::fmt;

use jiff::Timestamp;
use kernel::clock::legal_day;
use kernel::division::Division;
use kernel::explain::Lang;
use kernel::gazetteer::Gazetteer;
use kernel::money::Money;
use kernel::month::Month;
use policy::allowance::{KnownRules, Rate};

use super::codes::{BenefitWords, StopWords};
use super::history::{Fact, History, Struck};
use super::run::Line;

/// What made a line: of all that what is due rests on, that which became known last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because<'r> {
    /// A rate.
    Rate(&'r Rate),
    /// The fact with this place in the history.
    Fact(usize),
    /// The age, by which this was the last month.
    Age(Month),
    /// Nothing on record entitles to the month.
    Nothing,
}

/// A candidate for what made a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause<'r> {
    pub(super) at: Timestamp,
    pub(super) because: Because<'r>,
}

impl<'r> Cause<'r> {
    /// Nothing on record.
    pub(super) const fn nothing() -> Self {
        Self {
            at: Timestamp::MIN,
            because: Because::Nothing,
        }
    }

    /// The age alone.
    pub(super) const fn age(last: Month) -> Self {
        Self {
            at: Timestamp::MIN,
            because: Because::Age(last),
        }
    }

    /// Of two causes that which became known later.
    pub(super) fn or_later(self, other: Self) -> Self {
        if other.at >= self.at { other } else { self }
    }
}

impl<'r> Because<'r> {
    /// The document to cite: that of the rate for what a rate or the facts of a payment made, that of the list for a stop
    /// it names, that of the class otherwise.
    pub(super) fn cite(
        &self,
        rules: &KnownRules<'r>,
        rate: Option<&'r Rate>,
        of_class: &'r str,
        history: &History,
    ) -> &'r str {
        let fact = match self {
            Self::Rate(rate) => return &rate.cite,
            Self::Age(_) | Self::Nothing => return of_class,
            Self::Fact(fact) => &history.facts[*fact].fact,
        };
        match fact {
            Fact::Stopped { on, reason } => rules
                .ends_month_before(reason, *on)
                .map_or(of_class, |list| &list.cite),
            Fact::Benefit { .. } | Fact::Study { .. } | Fact::BornCorrected { .. } => of_class,
            _ => rate.map_or(of_class, |rate| &rate.cite),
        }
    }
}

/// A line's reason as a sentence.
///
/// ```
/// use domain::allowances::{Because, History, Line, LineKind, Payee, Words};
/// use jiff::civil::date;
/// use kernel::{division::Division, explain::Lang, money::Money};
/// let history = History { place: Division::COUNTRY, born: date(2012, 3, 4), facts: Vec::new() };
/// let line = Line {
///     payee: Payee::Guardian,
///     for_month: "2021-03".parse().unwrap(),
///     kind: LineKind::Recovery,
///     class: None,
///     amount: Money::from_yuan(-1600),
///     due: Money::ZERO,
///     rate: None,
///     because: Because::Nothing,
///     cite: "",
/// };
/// let words = |lang| Words { line: &line, history: &history, lang }.to_string();
/// assert_eq!(words(Lang::Zh), "没有可据以发放的认定；当月不应发放，已发1600.00元。");
/// assert_eq!(words(Lang::En), "No recognition entitles to this month; nothing is due, 1600.00 was paid.");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The line.
    pub line: &'a Line<'a>,
    /// The history it is from.
    pub history: &'a History,
    /// The language.
    pub lang: Lang,
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = Reason {
            because: &self.line.because,
            history: self.history,
            lang: self.lang,
        };
        reason.fmt(f)?;
        match self.lang {
            Lang::Zh => self.amounts_in_chinese(f),
            Lang::En => self.amounts_in_english(f),
        }
    }
}

impl Words<'_> {
    /// What was committed, and what the benefits took off the rate.
    fn amounts(&self) -> (Money, Money) {
        let less = |one: Money, other: Money| one.checked_sub(other).unwrap_or(Money::ZERO);
        let rate = self.line.rate.map_or(Money::ZERO, |rate| rate.monthly);
        let deducted = match self.line.rate {
            Some(_) if self.line.class.map(super::Payee::of) == Some(self.line.payee) => {
                less(rate, self.line.due)
            }
            _ => Money::ZERO,
        };
        (less(self.line.due, self.line.amount), deducted)
    }

    fn amounts_in_chinese(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (paid, deducted) = self.amounts();
        match (self.line.rate, self.line.due) {
            (_, Money::ZERO) if deducted == Money::ZERO => write!(f, "；当月不应发放，")?,
            (Some(rate), due) if deducted > Money::ZERO => write!(
                f,
                "；当月标准{}元，抵扣{deducted}元，应发{due}元，",
                rate.monthly
            )?,
            (_, due) => write!(f, "；当月应发{due}元，")?,
        }
        write!(f, "已发{paid}元。")
    }

    fn amounts_in_english(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (paid, deducted) = self.amounts();
        match (self.line.rate, self.line.due) {
            (_, Money::ZERO) if deducted == Money::ZERO => write!(f, "; nothing is due, ")?,
            (Some(rate), due) if deducted > Money::ZERO => write!(
                f,
                "; of the rate of {} other benefits take {deducted}, so {due} is due, ",
                rate.monthly
            )?,
            (_, due) => write!(f, "; {due} is due, ")?,
        }
        write!(f, "{paid} was paid.")
    }
}

/// What made a line, as the beginning of a sentence: the amounts follow.
///
/// ```
/// use domain::allowances::{Because, History, Reason};
/// use jiff::civil::date;
/// use kernel::{division::Division, explain::Lang};
/// let history = History { place: Division::COUNTRY, born: date(2003, 3, 4), facts: Vec::new() };
/// let because = Because::Age("2021-03".parse().unwrap());
/// let reason = Reason { because: &because, history: &history, lang: Lang::En };
/// assert_eq!(reason.to_string(), "By age 2021-03 is the last month");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Reason<'a> {
    /// What made the line.
    pub because: &'a Because<'a>,
    /// The history it is from.
    pub history: &'a History,
    /// The language.
    pub lang: Lang,
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lang {
            Lang::Zh => self.in_chinese(f),
            Lang::En => self.in_english(f),
        }
    }
}

impl Reason<'_> {
    fn in_chinese(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fact = match *self.because {
            Because::Rate(rate) => {
                let (from, monthly) = (rate.from, rate.monthly);
                let announced = legal_day(rate.announced);
                return write!(f, "{from}起每月{monthly}元的标准（{announced}公布）");
            }
            Because::Age(last) => return write!(f, "按年龄发至{last}为止"),
            Because::Nothing => return write!(f, "没有可据以发放的认定"),
            Because::Fact(fact) => &self.history.facts[fact].fact,
        };
        match fact {
            Fact::Recognised { class, on } => write!(f, "{on}认定为{}", class.zh()),
            Fact::Stopped { on, reason } => {
                write!(f, "{on}停发（{}）", StopWords(reason, self.lang))
            }
            Fact::Revoked { of, on } => {
                let what = match of {
                    Struck::Recognised => "认定",
                    Struck::Stopped => "停发",
                };
                write!(f, "{on}的{what}已撤销")
            }
            Fact::Benefit {
                benefit,
                monthly,
                from,
                to,
            } => write!(
                f,
                "{}领取{}每月{monthly}元",
                Through(*from, *to, self.lang),
                BenefitWords(benefit, self.lang)
            ),
            Fact::Study { from, to } => write!(f, "{}在读", Through(*from, *to, self.lang)),
            Fact::Suspended { from, to } => {
                write!(f, "{}的暂缓期已满", Through(*from, *to, self.lang))
            }
            Fact::Moved { place, on } => write!(f, "{on}迁至{}", named(*place)),
            Fact::BornCorrected { born } => write!(f, "出生日期更正为{born}"),
            Fact::Committed { .. } | Fact::Owed { .. } => Ok(()),
        }
    }

    fn in_english(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fact = match *self.because {
            Because::Rate(rate) => {
                let (from, monthly) = (rate.from, rate.monthly);
                let announced = legal_day(rate.announced);
                return write!(
                    f,
                    "Rate of {monthly} a month from {from}, announced on {announced}"
                );
            }
            Because::Age(last) => return write!(f, "By age {last} is the last month"),
            Because::Nothing => return write!(f, "No recognition entitles to this month"),
            Because::Fact(fact) => &self.history.facts[fact].fact,
        };
        match fact {
            Fact::Recognised { class, on } => write!(f, "Recognised on {on} as {}", class.en()),
            Fact::Stopped { on, reason } => {
                write!(f, "Stopped on {on} ({})", StopWords(reason, self.lang))
            }
            Fact::Revoked { of, on } => {
                let what = match of {
                    Struck::Recognised => "recognition",
                    Struck::Stopped => "stop",
                };
                write!(f, "The {what} of {on} is revoked")
            }
            Fact::Benefit {
                benefit,
                monthly,
                from,
                to,
            } => write!(
                f,
                "Draws {} of {monthly} a month {}",
                BenefitWords(benefit, self.lang),
                Through(*from, *to, self.lang)
            ),
            Fact::Study { from, to } => write!(f, "At school {}", Through(*from, *to, self.lang)),
            Fact::Suspended { from, to } => {
                write!(
                    f,
                    "The suspension {} is over",
                    Through(*from, *to, self.lang)
                )
            }
            Fact::Moved { place, on } => write!(f, "Moved to {} on {on}", named(*place)),
            Fact::BornCorrected { born } => write!(f, "Day of birth corrected to {born}"),
            Fact::Committed { .. } | Fact::Owed { .. } => Ok(()),
        }
    }
}

/// A place by its full name; one that the gazetteer does not know by the name of what it lies in.
fn named(place: Division) -> String {
    let names = Gazetteer::builtin();
    let above = std::iter::successors(Some(place), |place| place.parent());
    let mut paths = above.map(|place| names.path(place));
    paths
        .find(|path| !path.is_empty())
        .unwrap_or_else(|| place.to_string())
}

/// A period in words.
struct Through(Month, Option<Month>, Lang);

impl fmt::Display for Through {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.2, self.0, self.1) {
            (Lang::Zh, from, Some(to)) => write!(f, "{from}至{to}"),
            (Lang::Zh, from, None) => write!(f, "自{from}起"),
            (Lang::En, from, Some(to)) => write!(f, "from {from} to {to}"),
            (Lang::En, from, None) => write!(f, "from {from} on"),
        }
    }
}
