//! The answer: the classes that hold, each with its reason, and what every other class lacks.

use jiff::civil::Date;
use kernel::category::{Category, Group};
use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use serde::Serialize;

use super::classes::{Case, is_born};
use super::standing::Standing;
use super::truth::Truth;
use crate::error::NotInForce;
use crate::facts::Facts;
use crate::point::{FactName, Point};
use crate::rulebook::{Definition, Rulebook};
use crate::series::{Parameter, RuleName};
use crate::situation::Situation;

/// What the rules of a day and a place say of a child.
///
/// ```
/// use jiff::civil::date;
/// use kernel::{category::Category, division::Division};
/// use policy::{Facts, Rulebook};
/// let facts: Facts = serde_json::from_str(
///     r#"{"child":{"born":"2012-03-04"},"father":{"situation":"dead"},
///         "mother":{"situation":"imprisoned","since":"2021-02-01","months":18}}"#,
/// )?;
/// let tengzhou = Division::parse("370481")?;
/// let decision = Rulebook::builtin().decide(&facts, date(2021, 11, 4), tengzhou)?;
/// assert_eq!(decision.categories, [Category::DeFactoUnattended]);
/// let facts: Vec<_> = decision.why[0].facts.iter().map(ToString::to_string).collect();
/// assert_eq!(facts, ["father.dead", "mother.imprisoned"]);
/// assert_eq!(decision.not[0].lacks[0].to_string(), "mother.dead_or_declared_missing");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision<'r> {
    /// The classes that hold: at most one that brings money, and care beside it.
    pub categories: Vec<Category>,
    /// Why, in the same order.
    pub why: Vec<Why<'r>>,
    /// Every other class.
    pub not: Vec<Not<'r>>,
    /// Every fact that is not known and could still bring a class.
    pub missing: Vec<Point>,
}

/// Why a class holds.
///
/// ```
/// # use jiff::civil::date;
/// # let facts = serde_json::from_str(r#"{"child":{"born":"2012-03-04","hiv_infected":true}}"#)?;
/// let rules = policy::Rulebook::builtin();
/// let decision = rules.decide(&facts, date(2021, 11, 4), kernel::division::Division::COUNTRY)?;
/// let why = &decision.why[0];
/// assert_eq!((&*why.rule.to_string(), why.cite), ("category.aids_affected@2012-01-01", "民发〔2012〕179号"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why<'r> {
    /// The class.
    pub category: Category,
    /// The facts it rests on.
    pub facts: Vec<Point>,
    /// The rule that defines it, with its first day: `category.de_facto_unattended@2020-01-01`.
    pub rule: RuleName<'r>,
    /// That rule's document.
    pub cite: &'r str,
    /// Whether every rule it rests on is verified.
    pub verified: bool,
    /// All of them: the definition, the age limit, the thresholds of the situations.
    pub rests_on: Vec<Rest<'r>>,
}

/// A rule that an answer rests on.
///
/// ```
/// let rule = policy::RuleName { series: "precedence", from: jiff::civil::date(1992, 1, 1) };
/// let rest = policy::Rest { rule, cite: "就高不就低", verified: false };
/// assert_eq!(serde_json::to_value(rest).unwrap()["rule"], "precedence@1992-01-01");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rest<'r> {
    /// Its series and first day.
    pub rule: RuleName<'r>,
    /// Its document.
    pub cite: &'r str,
    /// Whether it is verified, and how it is read.
    pub verified: bool,
}

impl<'r> Rest<'r> {
    fn on<T>((rule, parameter): (RuleName<'r>, &'r Parameter<T>)) -> Self {
        Self {
            rule,
            cite: &parameter.cite,
            verified: parameter.verified,
        }
    }
}

/// A class that does not hold, or of which that is not known.
///
/// ```
/// # use jiff::civil::date;
/// let facts = serde_json::from_str(r#"{"child":{"born":"2012-03-04"}}"#)?;
/// let rules = policy::Rulebook::builtin();
/// let decision = rules.decide(&facts, date(2021, 11, 4), kernel::division::Division::COUNTRY)?;
/// let aids = decision.not.iter().find(|not| not.category.code() == "aids_affected").unwrap();
/// assert_eq!(aids.missing, aids.lacks);
/// assert_eq!(aids.missing[0].to_string(), "child.hiv_infected");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Not<'r> {
    /// The class.
    pub category: Category,
    /// What it wants: the facts that are missing where it may still hold, else the conditions not met. Empty
    /// where only a higher class stands before it.
    pub lacks: Vec<Point>,
    /// The facts that are missing, where the class may still hold; empty where it is refused.
    pub missing: Vec<Point>,
    /// The higher class that stands before it, where it would hold by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded_by: Option<Category>,
    /// The rule that puts the other class before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rest<'r>>,
}

/// Why there is no decision.
///
/// ```
/// use jiff::civil::date;
/// use kernel::explain::Explain;
/// let facts = serde_json::from_str(r#"{"child":{"born":"2022-01-01"}}"#)?;
/// let rules = policy::Rulebook::builtin();
/// let undecided = rules.decide(&facts, date(2021, 11, 4), kernel::division::Division::COUNTRY);
/// assert_eq!(undecided.unwrap_err().code(), "facts.not_born");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    /// The rules lack something that the answer turns on.
    #[error(transparent)]
    NotInForce(#[from] NotInForce),
    /// The child is born after the day of the decision.
    #[error("not born on {on}")]
    NotBorn {
        /// The day of the decision.
        on: Date,
    },
}

impl Explain for Undecided {
    fn code(&self) -> &'static str {
        match self {
            Self::NotInForce(error) => error.code(),
            Self::NotBorn { .. } => "facts.not_born",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NotInForce(error), lang) => error.explain(lang),
            (Self::NotBorn { on }, Lang::Zh) => {
                format!("儿童的出生日期晚于认定日期{on}，请核对。")
            }
            (Self::NotBorn { on }, Lang::En) => {
                format!("The child is born after {on}, the day of the decision. Check both days.")
            }
        }
    }
}

impl Rulebook {
    /// What the rules in force on `on` in `place` say of a child. The place is that which decides, the county
    /// of the household.
    ///
    /// Migrant children are not decided on: the facts do not say where a child lives and since when.
    ///
    /// # Errors
    /// [`Undecided`] where the child is not born yet, or the rules lack what the answer turns on: they define
    /// no class at all, or a class without an age limit, or several cash classes hold and nothing says which
    /// comes first.
    pub fn decide(
        &self,
        facts: &Facts,
        on: Date,
        place: Division,
    ) -> Result<Decision<'_>, Undecided> {
        if !is_born(facts, on) {
            return Err(Undecided::NotBorn { on });
        }
        if self.categories.is_empty() {
            let series = "category".to_owned();
            return Err(NotInForce { series, on, place }.into());
        }
        let case = Case::new(self, facts, on, place);
        let mut decision = Decision {
            categories: Vec::new(),
            why: Vec::new(),
            not: Vec::new(),
            missing: Vec::new(),
        };
        for category in Category::ALL {
            if category != Category::Migrant {
                decision.weigh(&case, category)?;
            }
        }
        decision.keep_the_highest(&case)?;
        Ok(decision)
    }
}

impl<'r> Decision<'r> {
    fn weigh(&mut self, case: &Case<'r, '_>, category: Category) -> Result<(), NotInForce> {
        let Some(definition) = case.rules.categories.named(category, case.on, case.place) else {
            self.refuse(category, &[Point::ClassInForce]);
            return Ok(());
        };
        match case.is(category, &definition.1.value)? {
            Truth::Holds(facts) => {
                let facts = facts.as_slice().to_vec();
                self.why.push(why(case, category, definition, facts));
            }
            Truth::Fails(lacks) => self.refuse(category, lacks.as_slice()),
            Truth::Open(missing) => {
                let missing = missing.as_slice();
                for point in missing {
                    if !self.missing.contains(point) {
                        self.missing.push(*point);
                    }
                }
                self.not.push(Not {
                    missing: missing.to_vec(),
                    ..not(category, missing.to_vec())
                });
            }
        }
        Ok(())
    }

    fn refuse(&mut self, category: Category, lacks: &[Point]) {
        self.not.push(not(category, lacks.to_vec()));
    }

    /// One child, one cash class: of several that hold the rules' order keeps one.
    fn keep_the_highest(&mut self, case: &Case<'r, '_>) -> Result<(), NotInForce> {
        let is_cash = |why: &Why<'_>| why.category.group() == Group::Cash;
        let cash = self.why.iter().filter(|why| is_cash(why)).count();
        if cash > 1 {
            let Some(order) = case.rules.precedence.named((), case.on, case.place) else {
                return case.rules.precedence(case.on, case.place).map(|_| ());
            };
            let rank = |category: Category| {
                let named = order.1.value.iter().position(|named| *named == category);
                (named.unwrap_or(usize::MAX), category)
            };
            let highest = self.why.iter().filter(|why| is_cash(why));
            let highest = highest.map(|why| why.category).min_by_key(|it| rank(*it));
            let (kept, excluded) = std::mem::take(&mut self.why)
                .into_iter()
                .partition(|why| !is_cash(why) || Some(why.category) == highest);
            self.why = kept;
            let excluded: Vec<Why<'_>> = excluded;
            self.not.extend(excluded.into_iter().map(|why| Not {
                excluded_by: highest,
                rule: Some(Rest::on(order)),
                ..not(why.category, Vec::new())
            }));
            self.not.sort_by_key(|not| not.category);
        }
        self.categories = self.why.iter().map(|why| why.category).collect();
        Ok(())
    }
}

const fn not<'r>(category: Category, lacks: Vec<Point>) -> Not<'r> {
    Not {
        category,
        lacks,
        missing: Vec::new(),
        excluded_by: None,
        rule: None,
    }
}

fn why<'r>(
    case: &Case<'r, '_>,
    category: Category,
    definition: (RuleName<'r>, &'r Parameter<Definition>),
    facts: Vec<Point>,
) -> Why<'r> {
    let (rules, on, place) = (case.rules, case.on, case.place);
    let mut rests_on = Vec::with_capacity(4);
    rests_on.push(Rest::on(definition));
    rests_on.extend(rules.age_limits.named(category, on, place).map(Rest::on));
    if facts.contains(&Point::Fact(FactName::StudyingFullTime)) {
        let study = rules.study_extensions.named(category, on, place);
        rests_on.extend(study.map(Rest::on));
    }
    if facts.contains(&Point::Fact(FactName::ChildDisability)) {
        let severe = Situation::SevereDisability;
        let severe = rules.situations.named(severe, on, place);
        rests_on.extend(severe.map(Rest::on));
    }
    for parent in [&case.father, &case.mother] {
        if let Some(rest) = threshold(parent, &facts)
            && !rests_on.contains(&rest)
        {
            rests_on.push(rest);
        }
    }
    Why {
        category,
        facts,
        rule: definition.0,
        cite: &definition.1.cite,
        verified: rests_on.iter().all(|rest| rest.verified),
        rests_on,
    }
}

/// The rule on a parent's situation, where the answer tells of it. A reading that is not verified counts only
/// where the other reading would answer otherwise.
fn threshold<'r>(parent: &Standing<'r>, facts: &[Point]) -> Option<Rest<'r>> {
    parent.told(facts)?;
    let (rule, parameter) = parent.threshold?;
    let mut rest = Rest::on((rule, parameter));
    let basis_verified = parameter.value.basis_verified.unwrap_or(true);
    rest.verified &= basis_verified || !parent.turns_on_basis;
    Some(rest)
}
