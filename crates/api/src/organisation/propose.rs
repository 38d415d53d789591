//! `POST /api/organisation/proposals`

use app::organisation::{Appointee, Appointing, propose_appointment};
use jiff::civil::Date;
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::roles::{Action, Role};
use serde::Deserialize;
use store::accounts::Term;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{Caller, Created, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::post(
        "organisation.propose_appointment",
        "/api/organisation/proposals",
    )
    .needs(Action::Appoint)
    .summary("Propose an appointment, which takes effect when a second person confirms it")
    .answers_problems(&[Kind::Conflict])
    .handled_by(handle)
}

/// An appointment to propose: of an officer on file, or of somebody new by name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposalBody {
    officer: Option<Uuid>,
    /// The name of somebody new.
    name: Option<String>,
    unit: Uuid,
    #[schema(value_type = String)]
    role: Role,
    from: Date,
    /// The last day.
    to: Option<Date>,
    /// The appointment it deputises for.
    deputy_for: Option<Uuid>,
}

/// What an officer's name may be long.
const NAME_LENGTH: usize = 100;

fn appointing(body: &ProposalBody) -> Result<Appointing, Problem> {
    let fault = |field: &str| Problem::from(Kind::Invalid).with("field", field);
    let appointee = match (body.officer, body.name.as_deref().map(str::trim)) {
        (Some(officer), None) => Appointee::Officer(OfficerId::from_uuid(officer)),
        (None, Some(name))
            if !name.is_empty()
                && name.chars().count() <= NAME_LENGTH
                && !name.chars().any(char::is_control) =>
        {
            Appointee::New(name.to_owned())
        }
        _ => return Err(fault("name")),
    };
    if body.to.is_some_and(|to| to < body.from) {
        return Err(fault("to"));
    }
    Ok(Appointing {
        appointee,
        unit: UnitId::from_uuid(body.unit),
        role: body.role,
        term: Term {
            from: body.from,
            to: body.to,
            deputy_for: body.deputy_for.map(AppointmentId::from_uuid),
        },
    })
}

async fn handle(
    caller: Caller,
    once: Once,
    Sent(body): Sent<ProposalBody>,
) -> Result<Created, Problem> {
    let appointing = appointing(&body)?;
    let work = caller.work().await?;
    once.create(work, async |work| {
        let taken = propose_appointment(work, &appointing)
            .await
            .map_err(problem)?;
        Ok(Created {
            id: taken.proposal.uuid(),
            version: 1,
        })
    })
    .await
}
