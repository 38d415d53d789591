//! The words of the letter that tells of a decision, taken from everything the decision rests on.

use domain::applications::{Act, Body, Cited, Leg, Remedied, Stated, Told, letter};
use domain::document::Document;
use jiff::civil::Date;
use kernel::clock::legal_day;
use kernel::division::Division;
use kernel::gazetteer::Gazetteer;
use policy::{Remedy, Rulebook};
use store::applications::{Application, Decision, steps, unit_name};
use store::organisation::divisions_around;
use store::work::Work;

use super::error::ApplicationError;
use super::grounds::{Said, Weighed};
use super::terms::term;

/// The letter on a decision; what it says is kept with the decision, so that a unit or a family renamed later changes
/// nothing of it.
pub(super) async fn compose(
    work: &mut Work,
    application: &Application,
    stated: &Stated,
    decision: &Decision,
    weighed: &Weighed,
) -> Result<Document, ApplicationError> {
    let household = place_name(work, application.household).await?;
    let [accepting, verifying, deciding] = units(work, application).await?;
    let words = |said: &[Said]| said.iter().map(|said| said.zh.clone()).collect();
    let told = Told {
        application: &application.number,
        number: decision.number.as_deref(),
        matter: application.matter,
        stated,
        household: &household,
        units: [&accepting, &verifying, &deciding],
        submitted: submitted(work, application).await?,
        outcome: decision.outcome,
        on: decision.on,
        met: words(&weighed.met),
        unmet: words(&weighed.unmet),
        missing: words(&weighed.missing),
        excluded_by: weighed.excluded_by,
        rules: weighed
            .rules
            .iter()
            .map(|rule| Cited {
                cite: rule.cite.clone(),
                verified: rule.verified,
            })
            .collect(),
        reasons: &decision.grounds.reasons,
        remedies: remedies(application, decision.on),
    };
    Ok(letter(&told))
}

/// A division by its names, those entered in this installation among them.
pub(super) async fn place_name(
    work: &mut Work,
    place: Division,
) -> Result<String, ApplicationError> {
    let mut names = Gazetteer::builtin().clone();
    names.extend(divisions_around(work, place).await?);
    Ok(names.path(place))
}

/// The names of the units that accept, verify and decide.
pub(super) async fn units(
    work: &mut Work,
    application: &Application,
) -> Result<[String; 3], ApplicationError> {
    let case = &application.case;
    Ok([
        unit_name(work, case.unit(Body::Accepting)).await?,
        unit_name(work, case.unit(Body::Verifying)).await?,
        unit_name(work, case.unit(Body::Deciding)).await?,
    ])
}

/// The legal day on which it was handed in.
async fn submitted(
    work: &mut Work,
    application: &Application,
) -> Result<Option<Date>, ApplicationError> {
    let steps = steps(work, application.id).await?;
    let step = steps.into_iter().find(|step| step.act == Act::Submit);
    Ok(step.map(|step| legal_day(step.at)))
}

/// What may be done against it, as far as rules are in force: it is told of no way that nobody knows of.
fn remedies(application: &Application, on: Date) -> [Option<Remedied>; 3] {
    let household = application.household;
    let category = application.matter.category();
    let objection = term(application.path, category, household, Leg::Object, on).ok();
    let objection = objection.map(|term| Remedied {
        term: term.days,
        cited: Cited {
            cite: term.cite,
            verified: term.verified,
        },
    });
    let remedy = |remedy| {
        let rule = Rulebook::builtin().remedy(remedy, on, household).ok()?;
        Some(Remedied {
            term: rule.value.into(),
            cited: Cited {
                cite: rule.cite.clone(),
                verified: rule.verified,
            },
        })
    };
    [
        objection,
        remedy(Remedy::AdministrativeReview),
        remedy(Remedy::Lawsuit),
    ]
}
