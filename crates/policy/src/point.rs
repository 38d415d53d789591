//! The points a decision turns on: facts it used, conditions that are not met, facts that are not known.

use std::fmt;

use kernel::explain::Lang;

use crate::situation::Situation;

/// Father or mother.
///
/// ```
/// assert_eq!(policy::Parent::Father.code(), "father");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parent {
    /// 父亲.
    Father,
    /// 母亲.
    Mother,
}

impl Parent {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Father, Self::Mother];

    /// The stable code: `father` or `mother`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Father => "father",
            Self::Mother => "mother",
        }
    }

    const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Father, Lang::Zh) => "父亲",
            (Self::Father, Lang::En) => "the father",
            (Self::Mother, Lang::Zh) => "母亲",
            (Self::Mother, Lang::En) => "the mother",
        }
    }
}

/// A fact, by its place among [`Facts`](crate::Facts).
///
/// ```
/// use policy::{FactName, Parent, Point};
/// assert_eq!(Point::Fact(FactName::Months(Parent::Father)).to_string(), "father.months");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactName {
    /// `child.born`
    Born,
    /// `child.in_institution`
    InInstitution,
    /// `child.studying_full_time`
    StudyingFullTime,
    /// `child.hiv_infected`
    HivInfected,
    /// `child.disability`
    ChildDisability,
    /// `child.disability.kind`
    ChildDisabilityKind,
    /// `child.disability.level`
    ChildDisabilityLevel,
    /// `child.major_illness`
    MajorIllness,
    /// `child.rare_illness`
    RareIllness,
    /// `father.situation`
    Situation(Parent),
    /// `father.disability`
    Disability(Parent),
    /// `father.disability.kind`
    DisabilityKind(Parent),
    /// `father.disability.level`
    DisabilityLevel(Parent),
    /// `father.since`
    Since(Parent),
    /// `father.months`
    Months(Parent),
    /// `household.poor`
    Poor,
    /// `household.minimum_living`
    MinimumLiving,
    /// `parents_unknown`
    ParentsUnknown,
    /// `rural`
    Rural,
    /// `lives_with_parents`
    LivesWithParents,
}

impl FactName {
    /// Its key among the facts, and whose it is.
    const fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::Born => ("child.", "born"),
            Self::InInstitution => ("child.", "in_institution"),
            Self::StudyingFullTime => ("child.", "studying_full_time"),
            Self::HivInfected => ("child.", "hiv_infected"),
            Self::ChildDisability => ("child.", "disability"),
            Self::ChildDisabilityKind => ("child.", "disability.kind"),
            Self::ChildDisabilityLevel => ("child.", "disability.level"),
            Self::MajorIllness => ("child.", "major_illness"),
            Self::RareIllness => ("child.", "rare_illness"),
            Self::Situation(parent) => (dotted(parent), "situation"),
            Self::Disability(parent) => (dotted(parent), "disability"),
            Self::DisabilityKind(parent) => (dotted(parent), "disability.kind"),
            Self::DisabilityLevel(parent) => (dotted(parent), "disability.level"),
            Self::Since(parent) => (dotted(parent), "since"),
            Self::Months(parent) => (dotted(parent), "months"),
            Self::Poor => ("household.", "poor"),
            Self::MinimumLiving => ("household.", "minimum_living"),
            Self::ParentsUnknown => ("", "parents_unknown"),
            Self::Rural => ("", "rural"),
            Self::LivesWithParents => ("", "lives_with_parents"),
        }
    }

    fn name(self, lang: Lang) -> String {
        let of = |parent: Parent, zh: &str, en: &str| match lang {
            Lang::Zh => format!("{}{zh}", parent.name(lang)),
            Lang::En => format!("{} of {}", en, parent.name(lang)),
        };
        let (zh, en) = match self {
            Self::Situation(parent) => return of(parent, "的情形", "the situation"),
            Self::Disability(parent) => return of(parent, "的残疾类别和等级", "the disability"),
            Self::DisabilityKind(parent) => {
                return of(parent, "的残疾类别", "the kind of disability");
            }
            Self::DisabilityLevel(parent) => {
                return of(parent, "的残疾等级", "the level of disability");
            }
            Self::Since(parent) => {
                return of(parent, "情形的起始日期", "the first day of the situation");
            }
            Self::Months(parent) => return of(parent, "的期限（月）", "the term in months"),
            Self::Born => ("儿童出生日期", "the child's day of birth"),
            Self::InInstitution => ("儿童由福利机构养育", "the child is raised in a home"),
            Self::StudyingFullTime => ("儿童在全日制学校就读", "the child studies full time"),
            Self::HivInfected => ("儿童感染艾滋病病毒", "the child is infected with HIV"),
            Self::ChildDisability => ("儿童重残", "the child is severely disabled"),
            Self::ChildDisabilityKind => ("儿童的残疾类别", "the kind of the child's disability"),
            Self::ChildDisabilityLevel => ("儿童的残疾等级", "the level of the child's disability"),
            Self::MajorIllness => ("儿童患重大疾病", "the child has a major illness"),
            Self::RareIllness => ("儿童患罕见病", "the child has a rare illness"),
            Self::Poor => ("家庭经济困难", "the household is poor"),
            Self::MinimumLiving => (
                "家庭享受低保",
                "the household draws the minimum living allowance",
            ),
            Self::ParentsUnknown => ("查找不到生父母", "the natural parents cannot be found"),
            Self::Rural => ("农村户籍", "the household is rural"),
            Self::LivesWithParents => ("儿童与父母共同生活", "the child lives with its parents"),
        };
        match lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }
}

const fn dotted(parent: Parent) -> &'static str {
    match parent {
        Parent::Father => "father.",
        Parent::Mother => "mother.",
    }
}

/// One thing that a decision turned on, or would.
///
/// ```
/// use kernel::explain::Lang;
/// use policy::{Parent, Point, Situation};
/// let dead = Point::Situation(Parent::Father, Situation::Dead);
/// assert_eq!((dead.to_string(), dead.name(Lang::Zh)), ("father.dead".to_owned(), "父亲死亡".to_owned()));
/// assert_eq!(Point::Lost(Parent::Mother).to_string(), "mother.dead_or_declared_missing");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// A fact: that it holds, or that it is not known.
    Fact(FactName),
    /// That a fact does not hold.
    Not(FactName),
    /// A parent is in this situation.
    Situation(Parent, Situation),
    /// A parent is dead or declared missing.
    Lost(Parent),
    /// A parent is in one of the eight situations.
    Unable(Parent),
    /// The situation of a parent reaches its threshold on the day of the decision.
    AtThreshold(Parent, Situation),
    /// The situation of a parent counts by the rules in force.
    Counts(Parent, Situation),
    /// A parent is away for work, or cannot care for the child.
    AwayOrUnable(Parent),
    /// A parent's situation is short of the eight.
    ShortOfUnable(Parent),
    /// One parent is dead or declared missing.
    OneLost,
    /// One parent is neither dead nor declared missing.
    OneLeft,
    /// One parent is away for work.
    OneAway,
    /// The child is severely disabled or has a major or rare illness.
    ChildAfflicted,
    /// The child is younger than so many years.
    Under(u8),
    /// There is such a class.
    ClassInForce,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact(fact) => {
                let (whose, key) = fact.code();
                write!(f, "{whose}{key}")
            }
            Self::Not(fact) => {
                let (whose, key) = fact.code();
                write!(f, "not {whose}{key}")
            }
            Self::Situation(parent, situation) => write!(f, "{}.{situation}", parent.code()),
            Self::Lost(parent) => write!(f, "{}.dead_or_declared_missing", parent.code()),
            Self::Unable(parent) => write!(f, "{}.unable", parent.code()),
            Self::AtThreshold(parent, situation) => {
                write!(f, "{}.{situation}_at_threshold", parent.code())
            }
            Self::Counts(parent, situation) => write!(f, "{}.{situation}_in_force", parent.code()),
            Self::AwayOrUnable(parent) => write!(f, "{}.working_away_or_unable", parent.code()),
            Self::ShortOfUnable(parent) => write!(f, "not {}.unable", parent.code()),
            Self::OneLost => f.write_str("one_parent.dead_or_declared_missing"),
            Self::OneLeft => f.write_str("one_parent.left"),
            Self::OneAway => f.write_str("one_parent.working_away"),
            Self::ChildAfflicted => f.write_str("child.severe_disability_or_illness"),
            Self::Under(years) => write!(f, "child.under_{years}"),
            Self::ClassInForce => f.write_str("rule.in_force"),
        }
    }
}

impl serde::Serialize for Point {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Point {
    /// What it says, for people.
    #[must_use]
    pub fn name(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.in_english(),
        }
    }

    fn in_chinese(&self) -> String {
        let of = |parent: &Parent| parent.name(Lang::Zh);
        match self {
            Self::Fact(fact) => fact.name(Lang::Zh),
            Self::Not(FactName::InInstitution) => "儿童不由福利机构养育".to_owned(),
            Self::Not(FactName::LivesWithParents) => "儿童无法与父母正常共同生活".to_owned(),
            Self::Not(fact) => format!("并非“{}”", fact.name(Lang::Zh)),
            Self::Situation(parent, situation) => {
                format!("{}{}", of(parent), situation.name(Lang::Zh))
            }
            Self::Lost(parent) => format!("{}死亡或被宣告失踪", of(parent)),
            Self::Unable(parent) => format!("{}符合重残、重病、服刑等八种情形之一", of(parent)),
            Self::AtThreshold(parent, situation) => {
                format!("{}{}达到规定标准", of(parent), situation.name(Lang::Zh))
            }
            Self::Counts(parent, situation) => {
                format!("{}{}属当时规定的情形", of(parent), situation.name(Lang::Zh))
            }
            Self::AwayOrUnable(parent) => format!("{}外出务工或无监护能力", of(parent)),
            Self::ShortOfUnable(parent) => {
                format!("{}不属八种情形（否则按事实无人抚养认定）", of(parent))
            }
            Self::OneLost => "父母一方死亡或被宣告失踪".to_owned(),
            Self::OneLeft => "父母一方仍在".to_owned(),
            Self::OneAway => "父母至少一方外出务工".to_owned(),
            Self::ChildAfflicted => "儿童重残、患重大疾病或罕见病".to_owned(),
            Self::Under(years) => format!("儿童未满{years}周岁"),
            Self::ClassInForce => "当地当时设有该保障类别".to_owned(),
        }
    }

    fn in_english(&self) -> String {
        let of = |parent: &Parent| parent.name(Lang::En);
        match self {
            Self::Fact(fact) => fact.name(Lang::En),
            Self::Not(FactName::InInstitution) => "the child is not raised in a home".to_owned(),
            Self::Not(FactName::LivesWithParents) => {
                "the child cannot normally live with its parents".to_owned()
            }
            Self::Not(fact) => format!("it is not so that {}", fact.name(Lang::En)),
            Self::Situation(parent, situation) => {
                format!("{} is {}", of(parent), situation.name(Lang::En))
            }
            Self::Lost(parent) => format!("{} is dead or declared missing", of(parent)),
            Self::Unable(parent) => format!("{} is in one of the eight situations", of(parent)),
            Self::AtThreshold(parent, situation) => format!(
                "{} is {} as long or as gravely as the rules ask",
                of(parent),
                situation.name(Lang::En)
            ),
            Self::Counts(parent, situation) => format!(
                "that {} is {} counts by the rules of the day",
                of(parent),
                situation.name(Lang::En)
            ),
            Self::AwayOrUnable(parent) => {
                format!("{} is away for work or unable to care", of(parent))
            }
            Self::ShortOfUnable(parent) => {
                format!("{} is in none of the eight situations", of(parent))
            }
            Self::OneLost => "one parent is dead or declared missing".to_owned(),
            Self::OneLeft => "one parent is neither dead nor declared missing".to_owned(),
            Self::OneAway => "one parent is away for work".to_owned(),
            Self::ChildAfflicted => {
                "the child is severely disabled or has a major or rare illness".to_owned()
            }
            Self::Under(years) => format!("the child is under {years}"),
            Self::ClassInForce => "there is such a class at that place and time".to_owned(),
        }
    }
}
