//! How a parent stands on the day of the decision: lost, unable, away for work, or not known.

use jiff::civil::Date;
use kernel::division::Division;

use super::points::Points;
use super::truth::Truth;
use crate::fact::Fact;
use crate::facts::{Disability, ParentFacts};
use crate::point::{FactName, Parent, Point};
use crate::rulebook::Rulebook;
use crate::series::{Parameter, RuleName};
use crate::situation::{Basis, DisabilityKind, Situation, Threshold};

/// What the facts and the rules in force say of one parent.
#[derive(Debug)]
pub(super) struct Standing<'r> {
    pub(super) parent: Parent,
    /// Dead or declared missing.
    pub(super) lost: Truth,
    /// In one of the eight situations, at its threshold.
    pub(super) unable: Truth,
    /// Away for work.
    pub(super) away: Truth,
    /// Cannot be found, as far as this parent goes: lost, or nothing is said of who it is.
    pub(super) may_be_unfindable: bool,
    /// The rule on the situation, where there is one.
    pub(super) threshold: Option<(RuleName<'r>, &'r Parameter<Threshold>)>,
    /// Whether the other reading of the term would answer otherwise.
    pub(super) turns_on_basis: bool,
    /// What is said of the parent.
    situation: Option<Situation>,
}

impl<'r> Standing<'r> {
    /// Looks at one parent. `unfindable` is whether the natural parents cannot be found.
    pub(super) fn of(
        parent: Parent,
        facts: &ParentFacts,
        unfindable: Option<bool>,
        rules: &'r Rulebook,
        on: Date,
        place: Division,
    ) -> Self {
        let situation = match facts.situation {
            Fact::Known(Situation::Unknown) | Fact::Unknown if unfindable == Some(true) => None,
            Fact::Known(Situation::Unknown) | Fact::Unknown => return Self::not_known(parent),
            Fact::Absent => None,
            Fact::Known(situation) => Some(situation),
        };
        let threshold = situation.and_then(|it| rules.situations.named(it, on, place));
        let mut standing = Self {
            parent,
            lost: Truth::Fails(Points::one(Point::Lost(parent))),
            unable: Truth::Fails(Points::one(Point::Unable(parent))),
            away: Truth::Fails(Points::one(Point::OneAway)),
            may_be_unfindable: situation.is_none_or(Situation::is_loss),
            threshold,
            turns_on_basis: false,
            situation,
        };
        let Some(situation) = situation else {
            return standing;
        };
        let reached = Reached {
            parent,
            situation,
            facts,
            on,
        };
        let holds = || Truth::Holds(Points::one(Point::Situation(parent, situation)));
        if situation.is_loss() {
            standing.lost = holds();
        } else if situation == Situation::WorkingAway {
            let lasts =
                threshold.map_or_else(holds, |(_, rule)| reached.duration(rule.value.months));
            standing.away = lasts;
        } else if situation.is_incapacity() {
            let Some((_, rule)) = threshold else {
                standing.unable = Truth::Fails(Points::one(Point::Counts(parent, situation)));
                return standing;
            };
            standing.unable = reached.by(&rule.value, rule.value.basis);
            standing.turns_on_basis = situation.has_term()
                && standing.unable != reached.by(&rule.value, other(rule.value.basis));
        }
        standing
    }

    /// A parent of whom nobody has said what the matter is, or who it is.
    fn not_known(parent: Parent) -> Self {
        let open = || Truth::Open(Points::one(Point::Fact(FactName::Situation(parent))));
        Self {
            parent,
            lost: open(),
            unable: open(),
            away: open(),
            may_be_unfindable: true,
            threshold: None,
            turns_on_basis: false,
            situation: None,
        }
    }

    /// Not lost: what is said of the parent, or that it is not known.
    pub(super) fn left(&self) -> Truth {
        match self.lost {
            Truth::Holds(_) => Truth::Fails(Points::one(Point::OneLeft)),
            Truth::Fails(_) => Truth::Holds(self.said()),
            Truth::Open(missing) => Truth::Open(missing),
        }
    }

    /// In none of the eight situations, or short of the threshold.
    pub(super) fn short_of_unable(&self) -> Truth {
        match self.unable {
            Truth::Holds(_) => Truth::Fails(Points::one(Point::ShortOfUnable(self.parent))),
            Truth::Fails(_) => Truth::Holds(self.said()),
            Truth::Open(missing) => Truth::Open(missing),
        }
    }

    /// The parent's situation, where these facts tell of it.
    pub(super) fn told(&self, facts: &[Point]) -> Option<Situation> {
        let of = self.situation?;
        let told = Point::Situation(self.parent, of);
        facts.contains(&told).then_some(of)
    }

    fn said(&self) -> Points {
        self.situation.map_or(Points::NONE, |situation| {
            Points::one(Point::Situation(self.parent, situation))
        })
    }
}

const fn other(basis: Basis) -> Basis {
    match basis {
        Basis::Total => Basis::Remaining,
        Basis::Remaining => Basis::Total,
    }
}

/// A situation held against its threshold.
struct Reached<'f> {
    parent: Parent,
    situation: Situation,
    facts: &'f ParentFacts,
    on: Date,
}

impl Reached<'_> {
    fn by(&self, threshold: &Threshold, basis: Basis) -> Truth {
        match self.situation {
            Situation::SevereDisability => {
                let parent = self.parent;
                let names = Names {
                    whole: FactName::Disability(parent),
                    kind: FactName::DisabilityKind(parent),
                    level: FactName::DisabilityLevel(parent),
                };
                self.told(is_severe(self.facts.disability, threshold, &names))
            }
            situation if situation.has_term() => match threshold.months {
                Some(months) => self.term(months, basis),
                None => self.unended(),
            },
            _ => self.duration(threshold.months),
        }
    }

    /// The term ordered is long enough, has begun and has not ended.
    fn term(&self, threshold: u16, basis: Basis) -> Truth {
        let (since, months) = (self.facts.since, self.facts.months);
        if since == Fact::Absent || months == Fact::Absent {
            return self.short();
        }
        let since_open = self.open(FactName::Since(self.parent));
        let (Fact::Known(months), since) = (months, since.known().copied()) else {
            let open = self.open(FactName::Months(self.parent));
            return match since {
                Fact::Known(since) if since > self.on => self.short(),
                Fact::Known(_) => open,
                _ => open.and(since_open),
            };
        };
        // No remainder is longer than the whole, whenever the term began.
        if months < threshold {
            return self.short();
        }
        let Some(since) = since else {
            return since_open;
        };
        let end = after(since, months);
        let enough = match basis {
            Basis::Total => true,
            Basis::Remaining => after(self.on, threshold) <= end,
        };
        if since <= self.on && self.on < end && enough {
            self.holds()
        } else {
            self.short()
        }
    }

    /// Where no length is asked for, a term only has to have begun and not to have ended.
    fn unended(&self) -> Truth {
        let (since, months) = (self.facts.since, self.facts.months);
        if since == Fact::Absent || months == Fact::Absent {
            return self.holds();
        }
        self.term(0, Basis::Total)
    }

    /// So many full months have passed since the first day; where no duration is asked for, the day does not
    /// matter.
    fn duration(&self, months: Option<u16>) -> Truth {
        let Some(months) = months else {
            return self.holds();
        };
        match self.facts.since {
            Fact::Unknown => self.open(FactName::Since(self.parent)),
            Fact::Known(since) if after(since, months) <= self.on => self.holds(),
            Fact::Known(_) | Fact::Absent => self.short(),
        }
    }

    fn holds(&self) -> Truth {
        Truth::Holds(Points::one(Point::Situation(self.parent, self.situation)))
    }

    fn short(&self) -> Truth {
        Truth::Fails(Points::one(Point::AtThreshold(self.parent, self.situation)))
    }

    fn open(&self, name: FactName) -> Truth {
        Truth::Open(Points::one(Point::Fact(name)))
    }

    fn told(&self, severe: Truth) -> Truth {
        match severe {
            Truth::Holds(_) => self.holds(),
            Truth::Fails(_) => self.short(),
            open @ Truth::Open(_) => open,
        }
    }
}

/// What the facts about a disability are called.
pub(super) struct Names {
    pub(super) whole: FactName,
    pub(super) kind: FactName,
    pub(super) level: FactName,
}

/// Whether a disability is severe. Kind or level may be wanting where the other alone decides.
pub(super) fn is_severe(
    disability: Fact<Disability>,
    threshold: &Threshold,
    names: &Names,
) -> Truth {
    let whole = Point::Fact(names.whole);
    let disability = match disability {
        Fact::Unknown => return Truth::Open(Points::one(whole)),
        Fact::Absent => return Truth::Fails(Points::one(whole)),
        Fact::Known(disability) => disability,
    };
    let kinds = match &disability.kind {
        Fact::Known(kind) => std::slice::from_ref(kind),
        _ => &DisabilityKind::ALL[..],
    };
    let levels = match disability.level {
        Fact::Known(level) => level.get()..=level.get(),
        _ => 1..=4,
    };
    let mut each = kinds.iter().flat_map(|kind| {
        let least = threshold.level_for(*kind);
        levels.clone().map(move |level| level <= least)
    });
    let first = each.next().unwrap_or(false);
    if each.all(|answer| answer == first) {
        let told = Points::one(whole);
        return if first {
            Truth::Holds(told)
        } else {
            Truth::Fails(told)
        };
    }
    let missing = |is_unknown: bool, name| {
        if is_unknown {
            Points::one(Point::Fact(name))
        } else {
            Points::NONE
        }
    };
    let kind = missing(disability.kind.is_unknown(), names.kind);
    let missing = kind.and(&missing(disability.level.is_unknown(), names.level));
    // A certificate known to state no kind or no level shows nothing that turns on it.
    if missing == Points::NONE {
        Truth::Fails(Points::one(whole))
    } else {
        Truth::Open(missing)
    }
}

/// The day on which so many months after `day` are full: the same day of that month, else its last. Past the
/// end of all dates, that end.
pub(super) fn after(day: Date, months: u16) -> Date {
    let months = i32::from(day.year()) * 12 + i32::from(day.month()) - 1 + i32::from(months);
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let first = i16::try_from(year).ok().zip(i8::try_from(month).ok());
    let first = first.and_then(|(year, month)| Date::new(year, month, 1).ok());
    first.map_or(Date::MAX, |first| {
        let number = day.day().min(first.days_in_month());
        Date::new(first.year(), first.month(), number).unwrap_or(first)
    })
}
