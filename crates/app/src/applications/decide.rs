//! What a decision does: the statuses it opens or ends, and what is kept of it.

use domain::applications::{Effect, Held, Outcome, effects, letter_number};
use kernel::ids::{ChildId, DecisionId, OfficerId, SpanId};
use store::applications::{
    Application, Decision, DecisionTaken, Grounds, Linked, application as load, next_letter,
    stated, steps,
};
use store::registry::{
    ChildFile, Registered, Registration, Span, SpanEnded, SpanEntered, files, hold, spans,
};
use store::work::Work;

use super::error::ApplicationError;
use super::grounds::weigh;
use super::letter::compose;

/// Grants: changes the child's statuses and keeps the decision, in the work's own transaction. Answers the application,
/// which by this may have been linked to a file.
///
/// # Errors
/// [`ApplicationError::Effect`] where the child's statuses do not allow it.
pub(super) async fn granted(
    work: &mut Work,
    application: Application,
    reason: Option<&str>,
) -> Result<Application, ApplicationError> {
    let today = work.store().clock().today();
    let (child, effects) = match application.child {
        Some(child) => (child, on_file(work, &application, child).await?),
        None => {
            let child = first_entered(work, &application).await?;
            let opens = Effect::Opens {
                category: application.matter.category(),
                from: today,
            };
            (child, vec![opens])
        }
    };
    let application = match application.child {
        Some(_) => application,
        None => linked(work, application, child).await?,
    };
    taken(
        work,
        &application,
        Outcome::Grant,
        reason,
        Some((child, &effects)),
    )
    .await?;
    Ok(application)
}

/// Refuses: nothing changes but that it is kept.
pub(super) async fn refused(
    work: &mut Work,
    application: &Application,
    reason: Option<&str>,
) -> Result<(), ApplicationError> {
    taken(work, application, Outcome::Refuse, reason, None).await
}

/// The statuses of a child on file, changed.
async fn on_file(
    work: &mut Work,
    application: &Application,
    child: ChildId,
) -> Result<Vec<Effect>, ApplicationError> {
    hold(work, &[child]).await?;
    let today = work.store().clock().today();
    let file = files(work, &[child]).await?.pop();
    let file = file.ok_or(ApplicationError::NotFound)?;
    let mut lasting = spans(work, child).await?;
    lasting.retain(|span| span.lasts(today));
    let held: Vec<Held> = lasting
        .iter()
        .map(|span| Held {
            span: span.id,
            category: span.category,
            from: span.from,
        })
        .collect();
    let effects = effects(application.matter, &held, today)?;
    for effect in &effects {
        write(work, &file, &lasting, effect).await?;
    }
    Ok(effects)
}

async fn write(
    work: &mut Work,
    file: &ChildFile,
    lasting: &[Span],
    effect: &Effect,
) -> Result<(), ApplicationError> {
    match *effect {
        Effect::Ends { held, on } => {
            let span = lasting.iter().find(|span| span.id == held.span);
            let span = *span.ok_or(ApplicationError::Stale)?;
            let ended = SpanEnded { file, span, to: on };
            Ok(work.apply(&ended).await?)
        }
        Effect::Opens { category, from } => {
            let span = Span {
                id: SpanId::generate(work.now(), work.store().entropy()),
                category,
                from,
                to: None,
            };
            Ok(work.apply(&SpanEntered { file, span }).await?)
        }
    }
}

/// A sealed child comes on file with its class, so that nobody ever sees it without.
async fn first_entered(
    work: &mut Work,
    application: &Application,
) -> Result<ChildId, ApplicationError> {
    let stated = stated(work, application.id).await?;
    let today = work.store().clock().today();
    let registration = Registration {
        child: ChildId::generate(work.now(), work.store().entropy()),
        facts: stated.child,
        statuses: vec![(application.matter.category(), today, None)],
        placement: None,
        opened_on: today,
        row: None,
    };
    let child = registration.child;
    work.apply(&Registered(&[registration])).await?;
    Ok(child)
}

async fn linked(
    work: &mut Work,
    application: Application,
    child: ChildId,
) -> Result<Application, ApplicationError> {
    let linked = Linked {
        application: &application,
        child,
        grant: None,
    };
    work.apply(&linked).await?;
    let found = load(work, application.id).await?;
    found.ok_or(ApplicationError::NotFound)
}

/// Keeps the decision with its facts, rules, citations and reasons.
async fn taken(
    work: &mut Work,
    application: &Application,
    outcome: Outcome,
    reason: Option<&str>,
    effects: Option<(ChildId, &[Effect])>,
) -> Result<(), ApplicationError> {
    let today = work.store().clock().today();
    let stated = stated(work, application.id).await?;
    let weighed = weigh(application.matter, &stated, today)?;
    let proposal = steps(work, application.id).await?;
    let proposal = proposal.into_iter().rev();
    let proposed = proposal
        .filter(|step| step.act == domain::applications::Act::Propose)
        .find_map(|step| step.reason);
    let count = next_letter(work, application.id, today.year()).await?;
    let mut decision = Decision {
        id: DecisionId::generate(work.now(), work.store().entropy()),
        number: Some(letter_number(today.year(), count, application.is_sealed())),
        outcome,
        on: today,
        rulebook: weighed.rulebook.clone(),
        grounds: Grounds {
            facts: stated.facts.clone(),
            weighed: serde_json::to_value(&weighed).unwrap_or_default(),
            reasons: proposed
                .into_iter()
                .chain(reason.map(str::to_owned))
                .collect(),
            letter: None,
        },
        entered_on: None,
    };
    let letter = compose(work, application, &stated, &decision, &weighed).await?;
    decision.grounds.letter = Some(letter);
    let change = DecisionTaken {
        application,
        decision: &decision,
        hands: hands(application)?,
        effects,
    };
    Ok(work.apply(&change).await?)
}

/// Whoever decides finds that it was verified and proposed: the stages led through both.
fn hands(application: &Application) -> Result<(OfficerId, OfficerId), ApplicationError> {
    let hands = &application.case.hands;
    let proposer = hands.proposed.map(|(proposer, _)| proposer);
    match (hands.verifier, proposer) {
        (Some(verifier), Some(proposer)) => Ok((verifier, proposer)),
        _ => Err(ApplicationError::NotFound),
    }
}
