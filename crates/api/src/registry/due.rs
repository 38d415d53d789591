//! `GET /api/registry/due`: what falls due on the children within reach.

use app::registry::{DueDate, DueKind};
use domain::registry::Standing;
use jiff::civil::Date;
use kernel::roles::Action;
use serde::Serialize;
use store::organisation::{PlaceNames, place_names};
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{Answer, Caller, Operation};
use crate::problem::Problem;

/// How many are told of one by one; all are counted.
const TOLD: usize = 50;

pub(super) fn operation() -> Operation {
    Operation::get("registry.due", "/api/registry/due")
        .needs(Action::SearchChildren)
        .summary("Tell what falls due within a month, or should have happened already")
        .handled_by(due)
}

/// Something that falls due.
#[derive(Serialize, ToSchema)]
struct DueRow {
    /// `age`: the child reaches the age that ends the status; `grant`: a unit's grant ends.
    kind: &'static str,
    /// The status that an age ends.
    category: Option<&'static str>,
    on: Date,
    /// `late`, `at_hand` (today or within two working days) or `coming`.
    standing: &'static str,
    child: Uuid,
    name: String,
    /// The household's town and village by name.
    household_name: String,
}

/// Doubtful facts that wait to be cleared.
#[derive(Serialize, ToSchema)]
struct WaitingView {
    /// Counted up to 500.
    count: i64,
    /// Since when the oldest waits.
    since: Option<jiff::Timestamp>,
}

/// What falls due, the first first.
#[derive(Serialize, ToSchema)]
struct DueView {
    /// The day of which this holds.
    today: Date,
    late: usize,
    at_hand: usize,
    coming: usize,
    /// Whether there are more than were counted.
    is_cut: bool,
    items: Vec<DueRow>,
    /// For those who clear them.
    waiting: Option<WaitingView>,
}

impl DueRow {
    fn of(due: DueDate, names: &PlaceNames) -> Self {
        let (kind, category) = match due.kind {
            DueKind::Age(category) => ("age", Some(category.code())),
            DueKind::Grant => ("grant", None),
        };
        Self {
            kind,
            category,
            on: due.on,
            standing: due.standing.code(),
            child: due.child.uuid(),
            name: due.name,
            household_name: names.of(due.household),
        }
    }
}

async fn due(caller: Caller) -> Result<Answer<DueView>, Problem> {
    let mut work = caller.work().await?;
    let due = app::registry::due(&mut work).await.map_err(problem)?;
    let told = due.dates.iter().take(TOLD);
    let places: Vec<_> = told.map(|one| one.household).collect();
    let names = place_names(&mut work, &places).await?;
    work.commit().await?;
    let stand = |standing| {
        due.dates
            .iter()
            .filter(|one| one.standing == standing)
            .count()
    };
    let (late, at_hand) = (stand(Standing::Late), stand(Standing::AtHand));
    let coming = stand(Standing::Coming);
    Ok(Answer(DueView {
        today: due.today,
        late,
        at_hand,
        coming,
        is_cut: due.is_cut,
        items: due
            .dates
            .into_iter()
            .take(TOLD)
            .map(|one| DueRow::of(one, &names))
            .collect(),
        waiting: due
            .waiting
            .map(|(count, since)| WaitingView { count, since }),
    }))
}
