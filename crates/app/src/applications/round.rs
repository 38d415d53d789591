//! 夜间清查: the round of each night, which notes the limits that children reach and counts provisional clocks again.
//!
//! **Invariant.** A round ends no status and stops no payment: it puts a child on a list, with the day and the rule, once.

use std::future::Future;
use std::time::Duration;

use domain::applications::{AgeRule, LimitKind, limits as reached, study_end};
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::calendar::WorkCalendar;
use kernel::category::{Category, Group};
use kernel::division::Division;
use kernel::ids::LimitId;
use policy::{Facts, ParentFacts, RuleName, Rulebook};
use store::applications::{LimitsNoted, NewLimit, Recognised, RoundMade, recognised, unnoted};
use store::work::{Store, Work};

use super::error::ApplicationError;
use super::recount::recount;
use super::terms::calendar;

/// How many days ahead a limit is noted, so that a family is asked in time.
const AHEAD: i32 = 30;
/// How many children are looked at in one statement.
const PAGE: i64 = 500;
/// How often it is looked whether a day has begun for a mandate.
const PAUSE: Duration = Duration::from_secs(60);
/// What the journal has for a purpose; screens say it in words.
const PURPOSE: &str = "round";

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Limits noted.
    pub noted: usize,
    /// Provisional due days that are settled now.
    pub recounted: usize,
}

/// Makes the rounds of every day, soon after it begins, until `stop` is ready.
pub async fn run_rounds(store: Store, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            match next_round(&store, calendar()).await {
                Ok(Some(Round { noted, recounted })) => {
                    tracing::info!(noted, recounted, "a nightly round is made");
                }
                Ok(None) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    tracing::warn!(%error, "a nightly round could not be made");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        };
        tokio::select! {
            () = &mut stop => return,
            () = next => (),
        }
    }
}

/// Makes the next round of today, under the mandate of one county officer; none where all are made. What a calendar that
/// came out since settles is counted again by it.
///
/// # Errors
/// When the database does not answer. Nothing is noted then, and another worker makes the round.
pub async fn next_round(
    store: &Store,
    calendar: &WorkCalendar,
) -> Result<Option<Round>, ApplicationError> {
    let Some(token) = store.take_round().await? else {
        return Ok(None);
    };
    let mut work = store.begin(&token, PURPOSE).await?;
    let mut recounted = 0;
    // Some at a time; those that come first are settled first.
    loop {
        match recount(&mut work, calendar).await? {
            0 => break,
            settled => recounted += settled,
        }
    }
    let noted = note_limits(&mut work).await?;
    let on = work.store().clock().today();
    work.apply(&RoundMade { on }).await?;
    work.commit().await?;
    Ok(Some(Round { noted, recounted }))
}

/// Notes the limits that children within reach come to within a month, or have come to, and are not noted yet; answers
/// how many.
///
/// # Errors
/// When the database does not answer.
pub async fn note_limits(work: &mut Work) -> Result<usize, ApplicationError> {
    let today = work.store().clock().today();
    let until = today.saturating_add(AHEAD.days());
    let born_until = until.saturating_sub(i32::from(lowest_age(today)).years());
    let mut noted = 0;
    let mut after = None;
    loop {
        let page = recognised(work, born_until, after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(noted);
        };
        after = Some((last.child, last.category));
        // Who is left behind or has moved is looked for every quarter anyway.
        let cash = page
            .iter()
            .filter(|child| child.category.group() == Group::Cash);
        let found = cash.flat_map(|child| of(work, child, today, until));
        let new = unnoted(work, found.collect()).await?;
        work.apply(&LimitsNoted(&new)).await?;
        noted += new.len();
    }
}

/// The lowest age that ends a cash class.
fn lowest_age(today: Date) -> u8 {
    let rules = Rulebook::builtin();
    let limits = Category::ALL
        .into_iter()
        .filter(|class| class.group() == Group::Cash)
        .filter_map(|class| rules.age_limit(class, today, Division::COUNTRY).ok());
    limits.map(|limit| limit.value).min().unwrap_or_default()
}

/// The limits of one child, each with the rule that says so.
fn of(work: &Work, child: &Recognised, today: Date, until: Date) -> Vec<NewLimit> {
    let rules = Rulebook::builtin();
    let (category, place) = (child.category, child.household);
    let age = rules.age_limit(category, today, place).ok();
    let age = age.map(|limit| AgeRule {
        under: limit.value,
        study_extends: rules.study_extends(category, today, place),
    });
    let facts: Option<Facts> = child.grounds.as_ref().and_then(|grounds| {
        let facts = serde_json::Value::Object(grounds.facts.clone());
        serde_json::from_value(facts).ok()
    });
    let mut found = reached(child.birth, age, facts.as_ref(), until);
    found.extend(study_end(child.birth, age, child.study_until, until));
    let noted = found.into_iter().filter_map(|(kind, on)| {
        let (rule, cite, verified) = rule(kind, category, facts.as_ref(), today, place)?;
        Some(NewLimit {
            id: LimitId::generate(work.now(), work.store().entropy()),
            child: child.child,
            household: place,
            sealed: child.sealed,
            category,
            kind,
            on,
            rule,
            cite,
            verified,
        })
    });
    noted.collect()
}

/// The rule by which somebody has to look: its name, its source, and whether that was checked.
fn rule(
    kind: LimitKind,
    category: Category,
    facts: Option<&Facts>,
    on: Date,
    place: Division,
) -> Option<(String, String, bool)> {
    let rules = Rulebook::builtin();
    let named = |series: String, from: Date| {
        RuleName {
            series: &series,
            from,
        }
        .to_string()
    };
    let term = |parent: &ParentFacts| {
        let situation = *parent.situation.known()?;
        let rule = rules.situation(situation, on, place).ok()?;
        let name = named(format!("situation.{situation}"), rule.from);
        Some((name, rule.cite.clone(), rule.verified))
    };
    match kind {
        LimitKind::Age => {
            let rule = rules.age_limit(category, on, place).ok()?;
            let name = named(format!("age_limit.{category}"), rule.from);
            Some((name, rule.cite.clone(), rule.verified))
        }
        LimitKind::Study | LimitKind::StudyEnd => {
            let rule = rules.study_extension(category, on, place)?;
            let name = named(format!("study_extension.{category}"), rule.from);
            Some((name, rule.cite.clone(), rule.verified))
        }
        LimitKind::FatherTerm => term(&facts?.father),
        LimitKind::MotherTerm => term(&facts?.mother),
    }
}
