//! Who is entitled in a month, and in which class.

use kernel::category::Category;
use kernel::month::Month;
use policy::Parameter;
use policy::allowance::{ClassRule, KnownRules, Lasting, MAJORITY};

use super::because::{Because, Cause};
use super::history::History;
use super::timeline::Timeline;

/// One child, seen through what is known.
#[derive(Clone, Copy)]
pub(super) struct Child<'a, 'r> {
    pub(super) history: &'a History,
    pub(super) timeline: &'a Timeline,
    pub(super) rules: &'a KnownRules<'r>,
}

/// Whether a month is entitled.
#[derive(Clone, Copy)]
pub(super) struct Entitlement<'r> {
    /// The class entitled, none where there is none.
    pub(super) class: Option<Category>,
    /// What goes for the last class, entitled or not.
    pub(super) rule: Option<&'r Parameter<ClassRule>>,
    /// Why.
    pub(super) cause: Cause<'r>,
}

impl<'r> Child<'_, 'r> {
    /// The class that `month` is entitled in: by recognitions and stops, and by age.
    pub(super) fn entitled(&self, month: Month) -> Lasting<Entitlement<'r>> {
        let standing = self.timeline.standing.at(month);
        let mut through = standing.through;
        let Some(standing) = standing.value else {
            let value = Entitlement {
                class: None,
                rule: None,
                cause: Cause::nothing(),
            };
            return Lasting { value, through };
        };
        let cause = self.caused_by(standing.fact);
        let rule = standing.class.and_then(|class| {
            let rule = self.rules.class(class, month);
            through = through.min(rule.through);
            rule.value
        });
        let class = standing.class.filter(|_| standing.is_entitled);
        let entitlement = Entitlement { class, rule, cause };
        if class.is_none() {
            let value = entitlement;
            return Lasting { value, through };
        }
        let aged = self.by_age(month, entitlement);
        Lasting {
            through: through.min(aged.through),
            ..aged
        }
    }

    /// By age the last month is that of the 18th birthday, plus the class's extra months, unless a study fact covers the
    /// month and the class allows it.
    fn by_age(&self, month: Month, entitled: Entitlement<'r>) -> Lasting<Entitlement<'r>> {
        let (born, corrected) = self.timeline.born(self.history);
        let rule = entitled.rule.map(|rule| &rule.value);
        let last = last_month_by_age(born, rule);
        let as_recorded = last_month_by_age(self.history.born, rule);
        // A correction counts among the causes where the day first recorded would have made a difference.
        let corrected = corrected.filter(|_| (month <= last) != (month <= as_recorded));
        let with = |cause| Entitlement { cause, ..entitled };
        let turn = |now: Month| match month.cmp(&as_recorded) {
            std::cmp::Ordering::Greater => now,
            _ => now.min(as_recorded),
        };
        if month <= last {
            let cause = corrected.map_or(entitled.cause, |fact| {
                entitled.cause.or_later(self.caused_by(fact))
            });
            return Lasting {
                value: with(cause),
                through: turn(last),
            };
        }
        let study = self.timeline.study(month);
        match study
            .value
            .filter(|_| rule.is_some_and(|rule| rule.study_extends))
        {
            Some(fact) => Lasting {
                value: with(entitled.cause.or_later(self.caused_by(fact))),
                through: study.through,
            },
            None => {
                let aged = corrected.map_or(Cause::age(last), |fact| self.caused_by(fact));
                let cut = self.timeline.cut_short(month);
                let cause = cut.map_or(aged, |cut| aged.or_later(self.caused_by(cut.fact)));
                Lasting {
                    value: Entitlement {
                        class: None,
                        cause,
                        ..entitled
                    },
                    through: turn(study.through),
                }
            }
        }
    }

    /// The cause that a fact is.
    pub(super) fn caused_by(&self, fact: usize) -> Cause<'r> {
        Cause {
            at: self.history.facts[fact].at,
            because: Because::Fact(fact),
        }
    }
}

/// The month of the birthday on which the allowance ends; who was born on 29 February has it in February too.
fn last_month_by_age(born: jiff::civil::Date, rule: Option<&ClassRule>) -> Month {
    let birthday = rule.map_or(MAJORITY, |rule| rule.through_birthday);
    let extra = rule.map_or(0, |rule| rule.extra_months);
    Month::of(born).plus(i32::from(birthday) * 12 + i32::from(extra))
}
