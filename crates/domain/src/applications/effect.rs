//! What a granted application does to a child's statuses.

use jiff::civil::Date;
use kernel::category::Category;
use kernel::explain::{Explain, Lang};
use kernel::ids::SpanId;

/// What is applied for.
///
/// ```
/// use domain::applications::Matter;
/// use kernel::category::Category::KeyHardship;
/// assert_eq!(Matter::Change(KeyHardship).code(), "change");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// 认定: that a child be recognised under a class.
    Recognition(Category),
    /// 变更类别: that a recognised child go over to another class of the same group.
    Change(Category),
    /// 终止: that a class end, because what it rested on is no longer so since `on`.
    Termination {
        /// The class.
        category: Category,
        /// The first day on which it no longer holds.
        on: Date,
    },
}

impl Matter {
    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recognition(_) => "recognition",
            Self::Change(_) => "change",
            Self::Termination { .. } => "termination",
        }
    }

    /// The class it is about.
    #[must_use]
    pub const fn category(self) -> Category {
        match self {
            Self::Recognition(category)
            | Self::Change(category)
            | Self::Termination { category, .. } => category,
        }
    }
}

/// A status that a child holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Its id.
    pub span: SpanId,
    /// The class.
    pub category: Category,
    /// Its first day.
    pub from: Date,
}

/// A change of a child's statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Ends a status.
    Ends {
        /// Which.
        held: Held,
        /// The first day on which it no longer holds.
        on: Date,
    },
    /// Opens a status.
    Opens {
        /// Of which class.
        category: Category,
        /// Its first day.
        from: Date,
    },
}

/// Why a granted application cannot take effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EffectError {
    /// The child holds this class already.
    #[error("held already")]
    AlreadyHeld,
    /// The child holds another class of the group.
    #[error("{held} is held")]
    AnotherHeld {
        /// Which.
        held: Category,
    },
    /// The child does not hold what is to end or to change.
    #[error("not held")]
    NotHeld,
    /// The day lies ahead, or before the class began.
    #[error("the day does not fit the status")]
    Day,
}

impl Explain for EffectError {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyHeld => "application.already_held",
            Self::AnotherHeld { .. } => "application.another_held",
            Self::NotHeld => "application.not_held",
            Self::Day => "application.day",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::AlreadyHeld, Lang::Zh) => "该儿童已属于这一类别，不需再认定。".into(),
            (Self::AlreadyHeld, Lang::En) => {
                "The child holds this class already: there is nothing to recognise.".into()
            }
            (Self::AnotherHeld { held }, Lang::Zh) => format!(
                "该儿童现为{}，一名儿童只享一类，请改按“变更类别”办理。",
                held.zh()
            ),
            (Self::AnotherHeld { held }, Lang::En) => format!(
                "The child is recognised as: {}. One child holds one class: apply for a change of class instead.",
                held.en()
            ),
            (Self::NotHeld, Lang::Zh) => "该儿童现在没有可变更或终止的类别，请核对档案。".into(),
            (Self::NotHeld, Lang::En) => {
                "The child holds no class that could change or end: check the file.".into()
            }
            (Self::Day, Lang::Zh) => {
                "终止日期不能晚于今天，也不能早于该类别的起始日期，请更正。".into()
            }
            (Self::Day, Lang::En) => {
                "The last day lies ahead, or before the class began: correct it.".into()
            }
        }
    }
}

/// What granting `matter` on `today` changes, given the statuses open that day.
///
/// # Errors
/// [`EffectError`] where the statuses do not allow it.
///
/// ```
/// use domain::applications::{Effect, Matter, effects};
/// use jiff::civil::date;
/// use kernel::category::Category::DeFactoUnattended;
/// let today = date(2021, 11, 4);
/// let opened = effects(Matter::Recognition(DeFactoUnattended), &[], today)?;
/// assert_eq!(opened, [Effect::Opens { category: DeFactoUnattended, from: today }]);
/// # Ok::<(), domain::applications::EffectError>(())
/// ```
pub fn effects(matter: Matter, held: &[Held], today: Date) -> Result<Vec<Effect>, EffectError> {
    let category = matter.category();
    let standing = held
        .iter()
        .copied()
        .find(|held| shares_group(held.category, category));
    let opens = Effect::Opens {
        category,
        from: today,
    };
    match (matter, standing) {
        (Matter::Recognition(_), None) => Ok(vec![opens]),
        (Matter::Recognition(_) | Matter::Change(_), Some(held)) if held.category == category => {
            Err(EffectError::AlreadyHeld)
        }
        (Matter::Recognition(_), Some(held)) => Err(EffectError::AnotherHeld {
            held: held.category,
        }),
        (Matter::Change(_), Some(held)) if held.from <= today => {
            Ok(vec![Effect::Ends { held, on: today }, opens])
        }
        (Matter::Termination { on, .. }, Some(held)) if held.category == category => {
            match held.from <= on && on <= today {
                true => Ok(vec![Effect::Ends { held, on }]),
                false => Err(EffectError::Day),
            }
        }
        (Matter::Change(_), Some(_)) => Err(EffectError::Day),
        (Matter::Change(_) | Matter::Termination { .. }, _) => Err(EffectError::NotHeld),
    }
}

/// A sealed class has a group of its own: a clash with it would tell an officer who does not know of it.
fn shares_group(one: Category, other: Category) -> bool {
    one.group() == other.group() && one.is_sealed() == other.is_sealed()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::category::Category::{AidsAffected, KeyHardship, LeftBehind, ScatteredOrphan};
    use kernel::clock::SeededEntropy;

    use super::*;

    const TODAY: Date = date(2021, 11, 4);

    fn held(category: Category, from: Date) -> Held {
        Held {
            span: SpanId::generate(jiff::Timestamp::UNIX_EPOCH, &SeededEntropy::new(1)),
            category,
            from,
        }
    }

    #[test]
    fn a_child_in_another_class_needs_a_change_and_not_a_second_recognition() {
        let orphan = held(ScatteredOrphan, date(2020, 1, 1));
        let left_behind = held(LeftBehind, date(2020, 1, 1));
        let all = [left_behind, orphan];
        assert_eq!(
            effects(Matter::Recognition(KeyHardship), &all, TODAY),
            Err(EffectError::AnotherHeld {
                held: ScatteredOrphan
            })
        );
        assert_eq!(
            effects(Matter::Recognition(ScatteredOrphan), &all, TODAY),
            Err(EffectError::AlreadyHeld)
        );
        let opens = Effect::Opens {
            category: KeyHardship,
            from: TODAY,
        };
        assert_eq!(
            effects(Matter::Change(KeyHardship), &all, TODAY),
            Ok(vec![
                Effect::Ends {
                    held: orphan,
                    on: TODAY
                },
                opens
            ])
        );
        assert_eq!(
            effects(Matter::Recognition(KeyHardship), &[left_behind], TODAY),
            Ok(vec![opens])
        );
        assert_eq!(
            effects(Matter::Change(KeyHardship), &[left_behind], TODAY),
            Err(EffectError::NotHeld)
        );
    }

    #[test]
    fn a_class_ends_on_a_day_it_held_and_not_ahead() {
        let orphan = held(ScatteredOrphan, date(2020, 1, 1));
        let ends = |on| {
            let matter = Matter::Termination {
                category: ScatteredOrphan,
                on,
            };
            effects(matter, &[orphan], TODAY)
        };
        assert_eq!(
            ends(date(2021, 10, 8)),
            Ok(vec![Effect::Ends {
                held: orphan,
                on: date(2021, 10, 8)
            }])
        );
        assert_eq!(ends(date(2019, 12, 31)), Err(EffectError::Day));
        assert_eq!(ends(date(2021, 11, 5)), Err(EffectError::Day));
        let other = Matter::Termination {
            category: KeyHardship,
            on: TODAY,
        };
        assert_eq!(effects(other, &[orphan], TODAY), Err(EffectError::NotHeld));
    }

    #[test]
    fn the_sealed_class_neither_stands_in_the_way_nor_shows_itself() {
        let sealed = held(AidsAffected, date(2020, 1, 1));
        assert!(effects(Matter::Recognition(KeyHardship), &[sealed], TODAY).is_ok());
        let orphan = held(ScatteredOrphan, date(2020, 1, 1));
        assert!(effects(Matter::Recognition(AidsAffected), &[orphan], TODAY).is_ok());
    }
}
