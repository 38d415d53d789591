//! `POST /api/organisation/appointments/{id}/end`

use app::organisation::end_appointment;
use jiff::civil::Date;
use kernel::ids::AppointmentId;
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::problem;
use crate::operation::{At, Caller, Done, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::post(
        "organisation.end_appointment",
        "/api/organisation/appointments/{id}/end",
    )
    .needs(Action::Appoint)
    .summary("End somebody's appointment on a day; it is never lengthened")
    .answers_problems(&[Kind::Conflict])
    .handled_by(handle)
}

/// When an appointment ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndBody {
    /// The last day; a day before the first takes back what has not begun, or what was a mistake.
    last_day: Date,
}

async fn handle(
    caller: Caller,
    At(appointment): At<AppointmentId>,
    Sent(body): Sent<EndBody>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    end_appointment(&mut work, appointment, body.last_day)
        .await
        .map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
