//! `GET /api/organisation/proposals`

use domain::organisation::appointing::Matter;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::roles::{Action, Role};
use serde::Serialize;
use store::accounts::{Proposed, open_proposals};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::operation::{Answer, Caller, Operation};
use crate::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::get("organisation.proposals", "/api/organisation/proposals")
        .needs(Action::ViewOrganisation)
        .summary("List the open proposals within reach, the oldest first")
        .handled_by(handle)
}

/// Something one officer proposed for another, waiting for a second person.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProposalView {
    id: Uuid,
    /// `appoint`, `invite` or `reset_secrets`.
    matter: String,
    officer: Uuid,
    name: String,
    unit: Uuid,
    role: Option<String>,
    from: Option<Date>,
    to: Option<Date>,
    proposed_by: Uuid,
    /// The proposer's name, unless his own unit is beyond reach.
    proposer_name: Option<String>,
    proposed_at: Timestamp,
}

/// The open proposals, at most 500.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProposalsView {
    items: Vec<ProposalView>,
}

fn view(proposed: Proposed) -> ProposalView {
    let role = match proposed.proposal.matter {
        Matter::Appoint(role) => Some(role),
        Matter::Invite | Matter::ResetSecrets => None,
    };
    ProposalView {
        id: proposed.id.uuid(),
        matter: proposed.proposal.matter.code().into(),
        officer: proposed.proposal.appointee.uuid(),
        name: proposed.name,
        unit: proposed.proposal.unit.uuid(),
        role: role.map(Role::code).map(Into::into),
        from: proposed.term.map(|term| term.from),
        to: proposed.term.and_then(|term| term.to),
        proposed_by: proposed.proposal.proposer.uuid(),
        proposer_name: proposed.proposer_name,
        proposed_at: proposed.at,
    }
}

async fn handle(caller: Caller) -> Result<Answer<ProposalsView>, Problem> {
    let mut work = caller.work().await?;
    let found = open_proposals(&mut work, None).await?;
    Ok(Answer(ProposalsView {
        items: found.into_iter().map(view).collect(),
    }))
}
