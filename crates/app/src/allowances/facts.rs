//! The facts of an allowance from what the registry holds.

use domain::allowances::{Fact, History, Known, StopReason, Struck};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::clock::start_of;
use kernel::division::Division;
use store::allowances::{FactRecord, SpanRecord};

use super::moves::Move;

/// Lays out a child's facts behind those that are there already: its statuses, ascending by their first days, as
/// recognitions and stops, where its household moved, and what else is on record.
pub(super) fn lay_out(
    history: &mut History,
    (born, place): (Date, Division),
    spans: &[SpanRecord],
    facts: &[FactRecord],
    moves: &[Move],
) {
    history.born = born;
    history.place = moves.first().map_or(place, |first| first.from);
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
    let others = facts.iter().filter(|record| is_the_childs(record, spans));
    history.facts.extend(others.map(|record| Known {
        at: record.known,
        fact: record.fact.clone(),
    }));
    history.facts.extend(moves.iter().map(|step| Known {
        at: step.known,
        fact: Fact::Moved {
            place: step.to,
            on: step.on,
        },
    }));
}

/// What was known of a double is known of the child, but that a stop is one only where a status ended with it: whoever finds
/// a double stops it, and the child is paid on. Moves are told apart.
fn is_the_childs(record: &FactRecord, spans: &[SpanRecord]) -> bool {
    match record.fact {
        Fact::Moved { .. } => false,
        Fact::Stopped { on, .. } | Fact::Revoked { on, .. } if record.of_double => {
            spans.iter().any(|span| span.to == Some(on))
        }
        _ => true,
    }
}

/// A status on file before moments were kept was known on its first day.
fn known(at: Option<Timestamp>, day: Date) -> Timestamp {
    at.unwrap_or_else(|| start_of(day))
}

/// What the end of a status means: a stop, unless another class goes on or begins on that day, or an officer recorded the
/// stop with its reason and did not revoke it.
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
        .any(|record| stops(&record.fact, to) && !is_revoked(record, to, facts));
    let reason = StopReason::Ended.code().into();
    (!is_recorded).then_some(Known {
        at,
        fact: Fact::Stopped { on: to, reason },
    })
}

fn stops(fact: &Fact, day: Date) -> bool {
    matches!(fact, Fact::Stopped { on, .. } if *on == day)
}

/// Whether the stop of this day was revoked since.
fn is_revoked(stop: &FactRecord, day: Date, facts: &[FactRecord]) -> bool {
    let strikes =
        |fact: &Fact| matches!(fact, Fact::Revoked { of: Struck::Stopped, on } if *on == day);
    facts
        .iter()
        .any(|record| strikes(&record.fact) && record.known > stop.known)
}
