//! `GET /api/applications/limits` and `POST …/{id}/settlement`: children who reached a limit.

use app::applications::Reached;
use jiff::civil::Date;
use kernel::ids::LimitId;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::organisation::{PlaceNames, place_names};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{Answer, Asked, At, Caller, Cursor, Done, Operation, Page, PageSize, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("applications.limits", "/api/applications/limits")
            .needs(Action::ViewApplications)
            .summary("List the children who reached a limit and wait for an officer to look")
            .handled_by(list),
        Operation::post(
            "applications.settle_limit",
            "/api/applications/limits/{id}/settlement",
        )
        .needs(Action::HandleApplication)
        .summary("Say what was found about a child who reached a limit; no status is changed by it")
        .answers_problems(&[Kind::Conflict, Kind::Stale, Kind::Invalid])
        .handled_by(settle),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WantedLimits {
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200 [default: 50].
    limit: Option<u16>,
}

/// A child who reached a limit.
#[derive(Serialize, ToSchema)]
struct LimitRow {
    id: Uuid,
    child: Uuid,
    child_name: String,
    /// The household's division, as its code.
    household: i64,
    /// Its name, with the town's.
    household_name: String,
    /// Whether it is known to its named officers alone.
    sealed: bool,
    /// The category's code.
    category: &'static str,
    /// `age father_term mother_term study study_end`.
    kind: &'static str,
    /// When it is reached.
    on: Date,
    /// `late`, `at_hand` (today or within two working days) or `coming`.
    standing: &'static str,
    /// The rule's name in the rulebook, with its first day.
    rule: String,
    cite: String,
    /// Whether that was checked; if not, 待核实.
    verified: bool,
    noted_at: jiff::Timestamp,
}

impl LimitRow {
    fn of(reached: Reached, names: &PlaceNames) -> Self {
        let Reached { limit, standing } = reached;
        Self {
            id: limit.id.uuid(),
            child: limit.child.uuid(),
            child_name: limit.name,
            household: limit.household.code(),
            household_name: names.of(limit.household),
            sealed: limit.sealed,
            category: limit.category.code(),
            kind: limit.kind.code(),
            on: limit.on,
            standing: standing.code(),
            rule: limit.rule,
            cite: limit.cite,
            verified: limit.verified,
            noted_at: limit.noted_at,
        }
    }
}

async fn list(
    caller: Caller,
    Asked(wanted): Asked<WantedLimits>,
) -> Result<Answer<Page<LimitRow>>, Problem> {
    let size = PageSize::of(wanted.limit)?;
    let after = wanted
        .cursor
        .as_deref()
        .map(Cursor::read::<(Date, LimitId)>);
    let after = after.transpose()?;
    let mut work = caller.work().await?;
    let asked = u16::try_from(size).unwrap_or(u16::MAX);
    let found = app::applications::limits(&mut work, after, asked).await;
    let found = found.map_err(problem)?;
    let places: Vec<_> = found.iter().map(|one| one.limit.household).collect();
    let names = place_names(&mut work, &places).await?;
    work.commit().await?;
    let next = match found.last() {
        Some(last) if found.len() == size => Some(Cursor::write(&(last.limit.on, last.limit.id))),
        _ => None,
    };
    let items = found
        .into_iter()
        .map(|one| LimitRow::of(one, &names))
        .collect();
    Ok(Answer(Page { items, next }))
}

/// What was found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettlementEntry {
    /// 1 to 1000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    note: String,
}

async fn settle(
    caller: Caller,
    At(id): At<LimitId>,
    Sent(sent): Sent<SettlementEntry>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let settled = app::applications::settle_limit(&mut work, id, &sent.note).await;
    settled.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
