//! What the rulebook says of the facts an application states.

use domain::applications::{Matter, Stated};
use domain::registry::EditError;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::explain::Lang;
use policy::{Decision, Fact, Facts, Point, RuleName, Rulebook};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::{ApplicationError, Obstacle};

/// A fact, or a condition over facts, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Its code, such as `mother.since`.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Said {
    pub(super) fn of(point: &Point) -> Self {
        Self {
            code: point.to_string(),
            zh: point.name(Lang::Zh),
            en: point.name(Lang::En),
        }
    }
}

/// A rule that the answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its name in the rulebook, with its first day.
    pub rule: String,
    /// Where it comes from.
    pub cite: String,
    /// Whether that was checked; if not, screens say 待核实.
    pub verified: bool,
}

/// What the rulebook says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// The rulebook's version.
    pub rulebook: String,
    /// The category asked about.
    pub category: Category,
    /// Whether the facts make the child one of it.
    pub fits: bool,
    /// The facts it rests on.
    pub met: Vec<Said>,
    /// The conditions that are known not to be met.
    pub unmet: Vec<Said>,
    /// The facts that are not known, and could still turn the answer.
    pub missing: Vec<Said>,
    /// A class that comes before this one.
    pub excluded_by: Option<Category>,
    /// What the facts make the child, whatever was applied for.
    pub categories: Vec<Category>,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// Weighs what is stated for the category that is applied for, by the rules in force on `on`.
///
/// # Errors
/// [`ApplicationError::Undecided`] where the rules lack what the answer turns on; [`ApplicationError::Edit`] for facts
/// that are none.
pub fn weigh(matter: Matter, stated: &Stated, on: Date) -> Result<Weighed, ApplicationError> {
    let rules = Rulebook::builtin();
    let category = matter.category();
    let facts = facts(stated)?;
    let household = stated.child.household;
    let place = household.county().unwrap_or(household);
    let decision = rules.decide(&facts, on, place)?;
    let mut weighed = Weighed {
        rulebook: rules.version().to_owned(),
        category,
        // What ends a class is an event, which the town verifies and the county weighs: no rule takes it away by itself.
        fits: matches!(matter, Matter::Termination { .. })
            || decision.categories.contains(&category),
        met: Vec::new(),
        unmet: Vec::new(),
        missing: Vec::new(),
        excluded_by: None,
        categories: decision.categories.clone(),
        rules: Vec::new(),
    };
    weighed.read(&decision);
    Ok(weighed)
}

impl Weighed {
    fn read(&mut self, decision: &Decision<'_>) {
        let category = self.category;
        let said = |points: &[Point]| points.iter().map(Said::of).collect();
        if let Some(why) = decision.why.iter().find(|why| why.category == category) {
            self.met = said(&why.facts);
            let first = (why.rule, why.cite, why.verified);
            let rests = why.rests_on.iter();
            let rests = rests.map(|rest| (rest.rule, rest.cite, rest.verified));
            self.rules = [first].into_iter().chain(rests).map(rule).collect();
        }
        if let Some(not) = decision.not.iter().find(|not| not.category == category) {
            self.missing = said(&not.missing);
            // What is not known yet is not unmet.
            if self.missing.is_empty() {
                self.unmet = said(&not.lacks);
            }
            self.excluded_by = not.excluded_by;
            let of = not.rule.iter();
            self.rules = of
                .map(|rest| rule((rest.rule, rest.cite, rest.verified)))
                .collect();
        }
    }
}

fn rule((rule, cite, verified): (RuleName<'_>, &str, bool)) -> Rule {
    Rule {
        rule: rule.to_string(),
        cite: cite.to_owned(),
        verified,
    }
}

/// The facts as the rulebook reads them; birth, sex and household are those of the child, unless stated otherwise.
pub(super) fn facts(stated: &Stated) -> Result<Facts, ApplicationError> {
    let mut facts = read(&stated.facts)?;
    if let (Fact::Unknown, Some(birth)) = (&facts.child.born, stated.child.birth) {
        facts.child.born = Fact::Known(birth);
    }
    if let (Fact::Unknown, Some(sex)) = (&facts.child.sex, stated.child.sex) {
        facts.child.sex = Fact::Known(sex);
    }
    if facts.child.hukou.is_unknown() {
        facts.child.hukou = Fact::Known(stated.child.household);
    }
    Ok(facts)
}

/// Reads facts as they are sent for a class: of an infection with HIV the named officers of a county alone may know.
pub(super) fn read_for(
    matter: Matter,
    facts: &Map<String, Value>,
) -> Result<Facts, ApplicationError> {
    let facts = read(facts)?;
    let infected = facts.child.hiv_infected == Fact::Known(true);
    match infected && !matter.category().is_sealed() {
        true => Err(Obstacle::CountyAlone.into()),
        false => Ok(facts),
    }
}

/// Reads facts as they are sent.
pub(crate) fn read(facts: &Map<String, Value>) -> Result<Facts, ApplicationError> {
    serde_json::from_value(Value::Object(facts.clone()))
        .map_err(|_| EditError::Misfit("facts").into())
}

/// The papers that an application needs with the facts stated; where one of several does, they stand as one.
pub(super) fn papers(
    matter: Matter,
    stated: &Stated,
    on: Date,
) -> Result<Vec<Said>, ApplicationError> {
    Ok(listed(
        matter.category(),
        &facts(stated)?,
        on,
        stated.child.household,
    ))
}

/// As [`papers`], of facts by themselves. A class without a list is applied for all the same: the window asks for what it
/// needs.
pub(super) fn listed(category: Category, facts: &Facts, on: Date, place: Division) -> Vec<Said> {
    let rules = Rulebook::builtin();
    let needed = rules
        .required_papers(category, facts, on, place)
        .unwrap_or_default();
    let named = |codes: &[&str], lang, or: &str| {
        let names: Vec<&str> = codes
            .iter()
            .map(|code| rules.paper_name(code, lang))
            .collect();
        names.join(or)
    };
    let said = needed.iter().filter_map(|paper| {
        Some(Said {
            code: (*paper.any_of.first()?).to_owned(),
            zh: named(&paper.any_of, Lang::Zh, "或"),
            en: named(&paper.any_of, Lang::En, " or "),
        })
    });
    let mut listed: Vec<Said> = Vec::new();
    for paper in said {
        if !listed.iter().any(|other| other.code == paper.code) {
            listed.push(paper);
        }
    }
    listed
}
