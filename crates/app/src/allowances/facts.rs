//! The facts of an allowance from what the registry holds.

use domain::allowances::{Fact, History, Known, StopReason};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::clock::start_of;
use kernel::division::Division;
use store::allowances::{FactRecord, SpanRecord};

/// Lays out a child's facts behind those that are there already: its statuses, ascending by their first days, as
/// recognitions and stops, and what else is on record.
pub(super) fn lay_out(
    history: &mut History,
    (born, place): (Date, Division),
    spans: &[SpanRecord],
    facts: &[FactRecord],
) {
    history.born = born;
    history.place = first_place(facts).unwrap_or(place);
    for span in spans {
        history.facts.push(Known {
            at: known(span.known, span.from),
            fact: Fact::Recognised {
                class: span.class,
                on: span.from,
            },
        });
        history.facts.extend(end(span, spans, facts));
    }
    let others = facts.iter().map(|record| Known {
        at: record.known,
        fact: record.fact.clone(),
    });
    history.facts.extend(others);
}

/// A status on file before moments were kept was known on its first day.
fn known(at: Option<Timestamp>, day: Date) -> Timestamp {
    at.unwrap_or_else(|| start_of(day))
}

/// Where the household was before it moved for the first time.
fn first_place(facts: &[FactRecord]) -> Option<Division> {
    let moves = facts.iter().filter_map(|record| match record.fact {
        Fact::Moved { on, .. } => Some((on, record.from_place?)),
        _ => None,
    });
    moves.min_by_key(|(on, _)| *on).map(|(_, place)| place)
}

/// What the end of a status means: a stop, unless another class goes on or begins on that day, or an officer recorded the
/// stop with its reason.
fn end(span: &SpanRecord, spans: &[SpanRecord], facts: &[FactRecord]) -> Option<Known> {
    let to = span.to?;
    let at = known(span.end_known, to);
    let holds = |other: &&SpanRecord| other.from <= to && other.to.is_none_or(|end| end > to);
    if let Some(other) = spans.iter().find(holds) {
        let (class, goes_on) = (other.class, other.from < to);
        let fact = Fact::Recognised { class, on: to };
        return goes_on.then_some(Known { at, fact });
    }
    let is_recorded = facts
        .iter()
        .any(|record| matches!(record.fact, Fact::Stopped { on, .. } if on == to));
    let reason = StopReason::Ended.code().into();
    (!is_recorded).then_some(Known {
        at,
        fact: Fact::Stopped { on: to, reason },
    })
}
