//! Proposing an appointment, which a second person confirms.

use domain::organisation::appointing::{Effect, Matter, Proposal, deputise, propose};
use kernel::ids::{AppointmentId, OfficerId, ProposalId, UnitId};
use kernel::journal::Subject;
use kernel::roles::{Action, Role, can};
use store::accounts::{ProposalConfirmed, ProposalMade, Proposed, Term, held, unit_kind};
use store::organisation::officer_name;
use store::work::Work;

use super::appointment_error::AppointmentError;

/// Whom to appoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appointee {
    /// An officer on file.
    Officer(OfficerId),
    /// Somebody new, by name.
    New(String),
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointing {
    /// Who.
    pub appointee: Appointee,
    /// Where.
    pub unit: UnitId,
    /// As what.
    pub role: Role,
    /// From when to when, and for whom.
    pub term: Term,
}

/// A proposal that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProposedAppointment {
    /// The proposal.
    pub proposal: ProposalId,
    /// The officer, made known by it if new.
    pub officer: OfficerId,
    /// The appointment, where the role takes effect at once.
    pub in_effect: Option<AppointmentId>,
}

/// Proposes an appointment; a role that may do nothing takes effect at once.
///
/// # Errors
/// [`AppointmentError::NotFound`] for a unit or officer beyond reach, [`AppointmentError::Propose`] for what may not be
/// proposed, such as oneself.
pub async fn propose_appointment(
    work: &mut Work,
    appointing: &Appointing,
) -> Result<ProposedAppointment, AppointmentError> {
    if !can(work.role(), Action::Appoint) {
        refused(work, appointing.unit).await?;
        return Err(AppointmentError::NotFound);
    }
    let (kind, division) = unit_kind(work, appointing.unit).await?;
    let (now, store) = (work.now(), work.store().clone());
    let (officer, name) = match &appointing.appointee {
        Appointee::Officer(id) => (*id, officer_name(work, *id).await?),
        Appointee::New(name) => (OfficerId::generate(now, store.entropy()), name.clone()),
    };
    let proposal = Proposal {
        matter: Matter::Appoint(appointing.role),
        unit: appointing.unit,
        appointee: officer,
        proposer: work.officer(),
    };
    let effect = propose(work.role(), kind, &proposal)?;
    if let Some(deputised) = appointing.term.deputy_for {
        deputise(&proposal, &held(work, deputised).await?)?;
    }
    let proposed = Proposed {
        id: ProposalId::generate(now, store.entropy()),
        proposal,
        name,
        proposer_name: None,
        term: Some(appointing.term),
        division,
        at: now,
    };
    work.apply(&ProposalMade(proposed.clone())).await?;
    let taken = ProposedAppointment {
        proposal: proposed.id,
        officer,
        in_effect: None,
    };
    match effect {
        Effect::OnConfirmation => Ok(taken),
        Effect::AtOnce => {
            let appointment = AppointmentId::generate(now, store.entropy());
            let confirmed = ProposalConfirmed {
                proposed,
                appointment,
                code: None,
            };
            work.apply(&confirmed).await?;
            Ok(ProposedAppointment {
                in_effect: Some(appointment),
                ..taken
            })
        }
    }
}

async fn refused(work: &Work, unit: UnitId) -> Result<(), AppointmentError> {
    let subject = Subject::new("unit", unit.uuid());
    Ok(work
        .refuse("organisation.proposal_not_allowed", subject)
        .await?)
}
