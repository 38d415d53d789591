//! `GET /api/organisation/appointments`

use jiff::civil::Date;
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::accounts::{AppointmentFilter, AppointmentRow, appointments};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page;
use crate::operation::{Answer, Asked, Caller, Operation, Page};
use crate::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::get(
        "organisation.appointments",
        "/api/organisation/appointments",
    )
    .needs(Action::ViewOrganisation)
    .summary("List the appointments within reach")
    .handled_by(handle)
}

/// Which appointments.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppointmentsAsked {
    /// Those of this officer.
    officer: Option<Uuid>,
    /// Those in this unit.
    unit: Option<Uuid>,
    /// Those in force on this day.
    on: Option<Date>,
    cursor: Option<String>,
    limit: Option<u16>,
}

/// An appointment.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppointmentView {
    id: Uuid,
    officer: Uuid,
    /// The officer's name, unless the officer's own unit is beyond reach.
    name: Option<String>,
    unit: Uuid,
    role: String,
    from: Date,
    /// The last day.
    to: Option<Date>,
    /// The appointment it deputises for.
    deputy_for: Option<Uuid>,
}

async fn handle(
    caller: Caller,
    Asked(asked): Asked<AppointmentsAsked>,
) -> Result<Answer<Page<AppointmentView>>, Problem> {
    let mut work = caller.work().await?;
    let after = page::after(asked.cursor.as_deref())?.map(AppointmentId::from_uuid);
    let filter = AppointmentFilter {
        officer: asked.officer.map(OfficerId::from_uuid),
        unit: asked.unit.map(UnitId::from_uuid),
        on: asked.on,
    };
    let found = appointments(&mut work, filter, after).await?;
    let view = |row: AppointmentRow| AppointmentView {
        id: row.id.uuid(),
        officer: row.officer.uuid(),
        name: row.name,
        unit: row.unit.uuid(),
        role: row.role.code().into(),
        from: row.from,
        to: row.to,
        deputy_for: row.deputy_for.map(AppointmentId::uuid),
    };
    page::of(found, asked.limit, |row| row.id.uuid(), view).map(Answer)
}
