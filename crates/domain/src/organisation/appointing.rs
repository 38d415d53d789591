//! Appointing: who may propose what, and who must confirm it before it takes effect.
//!
//! **Invariant.** Nobody appoints himself; proposer, confirmer and appointee are three people. What was proposed takes
//! effect, and a one-time code is shown, only by the hand of the confirmer.

use kernel::explain::{Explain, Lang};
use kernel::ids::{OfficerId, UnitId};
use kernel::roles::{Action, Role, can};

use super::UnitKind;

/// What is proposed for an officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// That he or she serves in this role.
    Appoint(Role),
    /// A one-time code for an officer without an account.
    Invite,
    /// A one-time code to replace password and second factor, which end at once.
    ResetSecrets,
}

impl Matter {
    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Appoint(_) => "appoint",
            Self::Invite => "invite",
            Self::ResetSecrets => "reset_secrets",
        }
    }
}

/// A proposal: what, for whom, in which unit, by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Proposal {
    /// What is proposed.
    pub matter: Matter,
    /// The unit of the post, or of the officer.
    pub unit: UnitId,
    /// Whom it is about.
    pub appointee: OfficerId,
    /// Who proposes it.
    pub proposer: OfficerId,
}

/// When a proposal takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// At once: the role may do nothing that needs a second person.
    AtOnce,
    /// When a second person confirms it.
    OnConfirmation,
}

/// Whether a role takes effect only when a second person confirms: any that may do anything with children, money,
/// accounts, appointments or the journal, so in effect any that may do anything.
#[must_use]
pub fn is_guarded(role: Role) -> bool {
    Action::ALL.into_iter().any(|action| can(role, action))
}

/// Whether a role belongs in a unit of this kind.
///
/// ```
/// use domain::organisation::{UnitKind, appointing::belongs};
/// use kernel::roles::Role;
/// assert!(belongs(Role::ChildDirector, UnitKind::Village));
/// assert!(!belongs(Role::CityApprover, UnitKind::CountyBureau));
/// ```
#[must_use]
pub const fn belongs(role: Role, kind: UnitKind) -> bool {
    match role {
        Role::ChildDirector => matches!(kind, UnitKind::Village),
        Role::ChildSupervisor => matches!(kind, UnitKind::Town),
        Role::CountyOfficer | Role::CountyApprover => matches!(kind, UnitKind::CountyBureau),
        Role::CityOfficer | Role::CityApprover => matches!(kind, UnitKind::CityBureau),
        Role::HomeStaff => matches!(kind, UnitKind::Home),
        Role::RescueStaff => matches!(kind, UnitKind::RescueCentre),
        Role::FinanceOfficer | Role::Auditor | Role::Admin => {
            matches!(kind, UnitKind::CityBureau | UnitKind::CountyBureau)
        }
        Role::Partner => true,
    }
}

/// Why a proposal is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProposeError {
    /// The role proposes no such thing.
    #[error("the role may not propose this")]
    NotAllowed,
    /// Nobody proposes anything for himself.
    #[error("proposed for oneself")]
    Oneself,
    /// The role does not exist in a unit of this kind.
    #[error("the role does not belong in this unit")]
    NotInThisUnit,
    /// A deputy stands in for somebody else in the same role and unit.
    #[error("deputises for another post")]
    NotThePost,
}

impl Explain for ProposeError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "appointment.not_allowed",
            Self::Oneself => "appointment.oneself",
            Self::NotInThisUnit => "appointment.unit",
            Self::NotThePost => "appointment.deputy",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::NotAllowed => (
                "您的岗位不能提出这项申请。",
                "Your post may not propose this.",
            ),
            Self::Oneself => (
                "不能为自己提出任职或账号申请，请由他人提出。",
                "Nobody proposes an appointment or a code for himself: let somebody else propose it.",
            ),
            Self::NotInThisUnit => (
                "该岗位不设在这类单位，请核对单位或岗位。",
                "This role does not exist in a unit of this kind: check the unit or the role.",
            ),
            Self::NotThePost => (
                "代理任职须与被代理人的单位、岗位一致，且不能代理本人的任职。",
                "A deputy serves in the same unit and role as whoever is deputised for, who is somebody else.",
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
        .into()
    }
}

/// Whether an officer in `role` may make this proposal for a unit of `kind`, and when it takes effect.
///
/// # Errors
/// [`ProposeError`].
pub fn propose(role: Role, kind: UnitKind, proposal: &Proposal) -> Result<Effect, ProposeError> {
    if !can(role, Action::Appoint) {
        return Err(ProposeError::NotAllowed);
    }
    if proposal.proposer == proposal.appointee {
        return Err(ProposeError::Oneself);
    }
    match proposal.matter {
        Matter::Appoint(role) if !belongs(role, kind) => Err(ProposeError::NotInThisUnit),
        Matter::Appoint(role) if !is_guarded(role) => Ok(Effect::AtOnce),
        Matter::Appoint(_) | Matter::Invite | Matter::ResetSecrets => Ok(Effect::OnConfirmation),
    }
}

/// A post that somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// By whom.
    pub officer: OfficerId,
    /// In which unit.
    pub unit: UnitId,
    /// In which role.
    pub role: Role,
}

/// Whether what is proposed may deputise for this post.
///
/// # Errors
/// [`ProposeError::NotThePost`].
pub fn deputise(proposal: &Proposal, post: &Held) -> Result<(), ProposeError> {
    let same = proposal.matter == Matter::Appoint(post.role) && proposal.unit == post.unit;
    match same && proposal.appointee != post.officer {
        true => Ok(()),
        false => Err(ProposeError::NotThePost),
    }
}

/// A unit on the way up from a proposal's own, with those of its officers who may confirm at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// The unit.
    pub unit: UnitId,
    /// Its officers whose role confirms.
    pub confirmers: Vec<OfficerId>,
}

/// Who wants to confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmer {
    /// The officer.
    pub officer: OfficerId,
    /// The role acted under.
    pub role: Role,
    /// The unit acted for.
    pub unit: UnitId,
}

/// Why somebody may not confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmError {
    /// The role confirms nothing.
    #[error("the role may not confirm")]
    NotAllowed,
    /// Whoever proposed does not confirm.
    #[error("confirmed by its proposer")]
    Proposer,
    /// Nobody confirms what is about himself.
    #[error("confirmed by the appointee")]
    Appointee,
    /// A second person of another unit is to confirm this.
    #[error("another unit is to confirm")]
    AnotherUnit,
}

impl Explain for ConfirmError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "confirmation.not_allowed",
            Self::Proposer => "confirmation.proposer",
            Self::Appointee => "confirmation.appointee",
            Self::AnotherUnit => "confirmation.unit",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::NotAllowed => (
                "您的岗位没有确认权限，请由审批人员确认。",
                "Your post confirms nothing: an approver has to confirm this.",
            ),
            Self::Proposer => (
                "这是您本人提出的，须由第二人确认。",
                "You proposed this yourself: a second person has to confirm it.",
            ),
            Self::Appointee => (
                "此事涉及您本人，须由他人确认。",
                "This is about yourself: somebody else has to confirm it.",
            ),
            Self::AnotherUnit => (
                "此事应由本单位的另一名审批人员确认；本单位没有第二人时，由上一级单位确认。",
                "An approver of the unit itself has to confirm this, or of the unit above where it has no second person.",
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
        .into()
    }
}

/// The unit that has to confirm: the nearest, from the proposal's own upwards, with a second person who may.
/// `None` where there is nobody up to the root.
#[must_use]
pub fn confirming_unit(proposal: &Proposal, upwards: &[Station]) -> Option<UnitId> {
    let second = |officer: &OfficerId| ![proposal.proposer, proposal.appointee].contains(officer);
    let station = upwards
        .iter()
        .find(|station| station.confirmers.iter().any(second))?;
    Some(station.unit)
}

/// Whether this person may confirm; `upwards` leads from the proposal's unit to the confirmer's or beyond.
///
/// # Errors
/// [`ConfirmError`].
pub fn confirm(
    proposal: &Proposal,
    by: &Confirmer,
    upwards: &[Station],
) -> Result<(), ConfirmError> {
    if by.officer == proposal.proposer {
        return Err(ConfirmError::Proposer);
    }
    if by.officer == proposal.appointee {
        return Err(ConfirmError::Appointee);
    }
    if !can(by.role, Action::ConfirmAppointment) {
        return Err(ConfirmError::NotAllowed);
    }
    if confirming_unit(proposal, upwards) != Some(by.unit) {
        return Err(ConfirmError::AnotherUnit);
    }
    Ok(())
}

#[cfg(test)]
#[path = "appointing_tests.rs"]
mod tests;
