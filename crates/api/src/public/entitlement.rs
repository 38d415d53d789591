//! `POST /api/public/entitlement`: what a child is entitled to, by the rules of today. Nothing is kept.

use app::applications::public::{Class, entitlement};
use app::applications::{Rule, Said};
use axum::extract::State;
use jiff::civil::Date;
use kernel::division::Division;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::problem::problem;
use crate::operation::{Answer, Operation, Sent};
use crate::problem::{Kind, Problem};
use crate::state::ApiState;

pub(super) fn operation() -> Operation {
    Operation::post("public.entitlement", "/api/public/entitlement")
        .public()
        .summary("What the rules of today say of a child's facts; nothing is kept")
        .body_limit(16 * 1024)
        .answers_problems(&[Kind::Conflict])
        .handled_by(handle)
}

/// A child's facts, without a name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EntitlementQuestion {
    /// The division whose rules hold: the child's household, as its code.
    place: i64,
    /// The facts as the rulebook reads them: null is known to be absent, a missing key is not known.
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
}

/// A fact, a condition or a paper, in words.
#[derive(Serialize, ToSchema)]
struct PublicWords {
    code: String,
    zh: String,
    en: String,
}

impl PublicWords {
    fn of(said: Said) -> Self {
        Self {
            code: said.code,
            zh: said.zh,
            en: said.en,
        }
    }
}

/// A rule with its source.
#[derive(Serialize, ToSchema)]
pub(super) struct PublicRule {
    rule: String,
    cite: String,
    /// Whether the source was checked; if not, screens say 待核实.
    verified: bool,
}

impl PublicRule {
    pub(super) fn of(rule: Rule) -> Self {
        Self {
            rule: rule.rule,
            cite: rule.cite,
            verified: rule.verified,
        }
    }
}

/// What the rules say of one class.
#[derive(Serialize, ToSchema)]
struct PublicClass {
    /// The class's code.
    category: String,
    zh: String,
    en: String,
    /// Whether it is applied for here; a sealed class is not.
    sealed: bool,
    holds: bool,
    /// The facts it rests on.
    met: Vec<PublicWords>,
    /// The facts that are not known and could still bring it.
    missing: Vec<PublicWords>,
    /// The conditions that are known not to be met.
    unmet: Vec<PublicWords>,
    /// The code of the class that comes before it.
    excluded_by: Option<String>,
    rules: Vec<PublicRule>,
    /// The papers an application needs.
    papers: Vec<PublicWords>,
}

impl PublicClass {
    fn of(class: Class) -> Self {
        let words = |said: Vec<Said>| said.into_iter().map(PublicWords::of).collect();
        Self {
            category: class.category.code().to_owned(),
            zh: class.category.zh().to_owned(),
            en: class.category.en().to_owned(),
            sealed: class.category.is_sealed(),
            holds: class.holds,
            met: words(class.met),
            missing: words(class.missing),
            unmet: words(class.unmet),
            excluded_by: class.excluded_by.map(|by| by.code().to_owned()),
            rules: class.rules.into_iter().map(PublicRule::of).collect(),
            papers: words(class.papers),
        }
    }
}

/// What the rules say of a child.
#[derive(Serialize, ToSchema)]
struct EntitlementAnswer {
    /// The rulebook's version.
    rulebook: String,
    /// The day of the rules.
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// Every class that is decided on, those that hold first.
    classes: Vec<PublicClass>,
}

async fn handle(
    State(state): State<ApiState>,
    Sent(sent): Sent<EntitlementQuestion>,
) -> Result<Answer<EntitlementAnswer>, Problem> {
    let place = Division::new(sent.place)
        .map_err(|_| Problem::from(Kind::Invalid).with("field", "place"))?;
    let found = entitlement(&sent.facts, place, state.today());
    let found = found.map_err(|error| problem(state.now(), error))?;
    Ok(Answer(EntitlementAnswer {
        rulebook: found.rulebook,
        on: found.on,
        classes: found.classes.into_iter().map(PublicClass::of).collect(),
    }))
}
