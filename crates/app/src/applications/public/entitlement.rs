//! What a child is entitled to, by the same rules as a decision. Nothing is kept, and no database is asked.

use jiff::civil::Date;
use kernel::category::{Category, Group};
use kernel::division::Division;
use policy::{Decision, Fact, Point, Rulebook};
use serde_json::{Map, Value};

use super::super::error::ApplicationError;
use super::super::grounds::{Rule, Said, listed, read};
use super::error::PublicError;

/// What the rules say of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// The class.
    pub category: Category,
    /// Whether it holds.
    pub holds: bool,
    /// The facts it rests on, where it holds.
    pub met: Vec<Said>,
    /// The facts that are not known and could still bring it.
    pub missing: Vec<Said>,
    /// The conditions that are known not to be met.
    pub unmet: Vec<Said>,
    /// The class that comes before this one, where it would hold by itself.
    pub excluded_by: Option<Category>,
    /// The rules, with their sources.
    pub rules: Vec<Rule>,
    /// The papers an application needs with these facts, where it may still be applied for.
    pub papers: Vec<Said>,
}

/// What the rules say of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    /// The rulebook's version.
    pub rulebook: String,
    /// The day of the rules.
    pub on: Date,
    /// Every class that is decided on, those that hold first.
    pub classes: Vec<Class>,
}

/// Weighs facts by the rules of a place on a day.
///
/// # Errors
/// [`PublicError::Application`] for facts that are none, or where the rules lack what the answer turns on.
pub fn entitlement(
    facts: &Map<String, Value>,
    place: Division,
    on: Date,
) -> Result<Entitlement, PublicError> {
    let rules = Rulebook::builtin();
    let mut facts = read(facts)?;
    if facts.child.hukou.is_unknown() {
        facts.child.hukou = Fact::Known(place);
    }
    let place = place.county().unwrap_or(place);
    let decision = rules
        .decide(&facts, on, place)
        .map_err(ApplicationError::from)?;
    let mut classes = classes(&decision);
    for class in &mut classes {
        let open = class.holds || !class.missing.is_empty();
        if open && class.category.group() == Group::Cash && !class.category.is_sealed() {
            class.papers = listed(class.category, &facts, on, place);
        }
    }
    Ok(Entitlement {
        rulebook: rules.version().to_owned(),
        on,
        classes,
    })
}

fn said(points: &[Point]) -> Vec<Said> {
    points.iter().map(Said::of).collect()
}

fn classes(decision: &Decision<'_>) -> Vec<Class> {
    let rule = |rule: String, cite: &str, verified| Rule {
        rule,
        cite: cite.to_owned(),
        verified,
    };
    let holding = decision.why.iter().map(|why| {
        let rests = why.rests_on.iter();
        let rests = rests.map(|rest| rule(rest.rule.to_string(), rest.cite, rest.verified));
        Class {
            category: why.category,
            holds: true,
            met: said(&why.facts),
            missing: Vec::new(),
            unmet: Vec::new(),
            excluded_by: None,
            rules: [rule(why.rule.to_string(), why.cite, why.verified)]
                .into_iter()
                .chain(rests)
                .collect(),
            papers: Vec::new(),
        }
    });
    let others = decision.not.iter().map(|not| Class {
        category: not.category,
        holds: false,
        met: Vec::new(),
        missing: said(&not.missing),
        unmet: match not.missing.is_empty() {
            true => said(&not.lacks),
            false => Vec::new(),
        },
        excluded_by: not.excluded_by,
        rules: not
            .rule
            .iter()
            .map(|rest| rule(rest.rule.to_string(), rest.cite, rest.verified))
            .collect(),
        papers: Vec::new(),
    });
    holding.chain(others).collect()
}
