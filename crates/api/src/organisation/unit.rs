//! `POST /api/organisation/units`

use app::organisation::found_unit;
use kernel::division::Division;
use kernel::ids::UnitId;
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{Caller, Created, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::post("organisation.found_unit", "/api/organisation/units")
        .needs(Action::ManageAccounts)
        .summary("Found the unit of a division under another unit")
        .handled_by(handle)
}

/// A unit to found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitBody {
    /// The unit above.
    parent: Uuid,
    /// The division's 12-digit code; the unit serves all of it.
    division: i64,
}

async fn handle(
    caller: Caller,
    once: Once,
    Sent(body): Sent<UnitBody>,
) -> Result<Created, Problem> {
    let work = caller.work().await?;
    let division = Division::new(body.division)
        .map_err(|_| Problem::from(Kind::Invalid).with("field", "division"))?;
    once.create(work, async |work| {
        let parent = UnitId::from_uuid(body.parent);
        let unit = found_unit(work, parent, division).await.map_err(problem)?;
        Ok(Created {
            id: unit.uuid(),
            version: 1,
        })
    })
    .await
}
