//! Printing: the letter on a decision, and the form of an application.

use std::sync::Arc;

use domain::applications::{Filled, form};
use domain::document::Document;
use jiff::civil::Date;
use kernel::ids::{ApplicationId, DecisionId};
use kernel::roles::Action;
use press::{Press, PressError};
use store::applications::{Decision, PaperState, Printed, decisions, papers, stated};
use store::work::Work;

use super::error::{ApplicationError, Obstacle, seen};
use super::grounds::{Weighed, facts, papers as needed};
use super::letter::{compose, place_name, units};

/// Prints the letter on a decision, in the words that were kept with it; the journal has it before the officer does.
///
/// # Errors
/// [`Obstacle::NoSuchDecision`]; [`ApplicationError::Press`] where no font is there or none has a character.
pub async fn print_letter(
    work: &mut Work,
    press: &Arc<Press>,
    id: ApplicationId,
    decision: DecisionId,
) -> Result<Vec<u8>, ApplicationError> {
    let application = seen(work, Action::ViewApplications, id).await?;
    let mut decisions = decisions(work, id).await?.into_iter();
    let decision = decisions.find(|found| found.id == decision);
    let decision = decision.ok_or(Obstacle::NoSuchDecision)?;
    let letter = match &decision.grounds.letter {
        Some(letter) => letter.clone(),
        None => {
            let stated = stated(work, id).await?;
            let weighed = weighed(&decision)?;
            compose(work, &application, &stated, &decision, &weighed).await?
        }
    };
    let printed = Printed {
        application: &application,
        letter: Some(decision.id),
    };
    work.apply(&printed).await?;
    print(press, letter, decision.on).await
}

/// What the rulebook said when a decision was taken.
fn weighed(decision: &Decision) -> Result<Weighed, ApplicationError> {
    let kept = serde_json::from_value(decision.grounds.weighed.clone());
    kept.map_err(|_| Obstacle::NoSuchDecision.into())
}

/// Prints the form of an application as it stands, at any stage.
///
/// # Errors
/// [`ApplicationError::NotFound`], [`ApplicationError::Press`].
pub async fn print_form(
    work: &mut Work,
    press: &Arc<Press>,
    id: ApplicationId,
) -> Result<Vec<u8>, ApplicationError> {
    let application = seen(work, Action::ViewApplications, id).await?;
    let today = work.store().clock().today();
    let stated = stated(work, id).await?;
    let facts = facts(&stated)?;
    let noted = papers(work, id).await?;
    let listed = needed(application.matter, &stated, today)?;
    let listed = listed.into_iter().map(|paper| {
        let noted = noted.iter().find(|noted| noted.code == paper.code);
        let seen = match noted.map(|noted| noted.state) {
            Some(PaperState::Received) => "已收",
            Some(PaperState::Checked) => "已核",
            Some(PaperState::Missing) => "待补",
            None => "未交",
        };
        (paper.zh, seen)
    });
    let household = place_name(work, application.household).await?;
    let [accepting, verifying, deciding] = units(work, &application).await?;
    let filled = Filled {
        number: &application.number,
        matter: application.matter,
        stated: &stated,
        facts: &facts,
        household: &household,
        papers: listed.collect(),
        units: [&accepting, &verifying, &deciding],
    };
    let document = form(&filled);
    let printed = Printed {
        application: &application,
        letter: None,
    };
    work.apply(&printed).await?;
    print(press, document, today).await
}

/// Sets the type where it keeps no other request waiting.
async fn print(
    press: &Arc<Press>,
    document: Document,
    on: Date,
) -> Result<Vec<u8>, ApplicationError> {
    let press = Arc::clone(press);
    let printed = tokio::task::spawn_blocking(move || press.print(&document, on)).await;
    let printed = printed.map_err(|error| PressError::Unwritten(error.to_string()))?;
    Ok(printed?)
}
