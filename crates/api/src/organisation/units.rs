//! `GET /api/organisation/units`

use kernel::ids::UnitId;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::accounts::{UnitRow, units};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page;
use crate::operation::{Answer, Asked, Caller, Operation, Page};
use crate::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::get("organisation.units", "/api/organisation/units")
        .needs(Action::ViewOrganisation)
        .summary("List the units of the organisation")
        .handled_by(handle)
}

/// Which page of the units.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitsAsked {
    cursor: Option<String>,
    limit: Option<u16>,
}

/// A unit.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnitView {
    id: Uuid,
    name: String,
    kind: String,
    parent: Option<Uuid>,
    division: i64,
}

async fn handle(
    caller: Caller,
    Asked(asked): Asked<UnitsAsked>,
) -> Result<Answer<Page<UnitView>>, Problem> {
    let mut work = caller.work().await?;
    let after = page::after(asked.cursor.as_deref())?.map(UnitId::from_uuid);
    let found = units(&mut work, after).await?;
    let view = |row: UnitRow| UnitView {
        id: row.id.uuid(),
        name: row.name,
        kind: row.kind,
        parent: row.parent.map(UnitId::uuid),
        division: row.division,
    };
    page::of(found, asked.limit, |row| row.id.uuid(), view).map(Answer)
}
