//! One step of an application: whether this officer may do this now.

use jiff::civil::Date;
use kernel::explain::{Explain, Lang};
use kernel::ids::{OfficerId, UnitId};
use kernel::roles::Role;

use super::act::Act;
use super::afar::Afar;
use super::clock::Deadline;
use super::path::Route;
use super::stage::{Body, Stage};
use super::transition::{Transition, transition};

/// What a decision says, or what is proposed that it say.
///
/// ```
/// use domain::applications::Outcome;
/// assert_eq!(Outcome::from_code("refuse"), Some(Outcome::Refuse));
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As applied for.
    Grant,
    /// Not as applied for.
    Refuse,
}

impl Outcome {
    /// The outcome of a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Grant, Self::Refuse]
            .into_iter()
            .find(|outcome| outcome.code() == code)
    }

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Refuse => "refuse",
        }
    }
}

/// Through whose hands an application went on its way to a decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hands {
    /// Who verified it last.
    pub verifier: Option<OfficerId>,
    /// Who proposed last, and what.
    pub proposed: Option<(OfficerId, Outcome)>,
}

impl Hands {
    /// As they are once `officer` has done `act`; `outcome` is what a proposal says.
    #[must_use]
    pub fn after(self, act: Act, officer: OfficerId, outcome: Outcome) -> Self {
        match act {
            Act::Verify | Act::Doubt => Self {
                verifier: Some(officer),
                proposed: None,
            },
            Act::Propose => Self {
                proposed: Some((officer, outcome)),
                ..self
            },
            _ => self,
        }
    }
}

/// An application as far as a step looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Where it stands.
    pub stage: Stage,
    /// The accepting unit.
    pub accepting: UnitId,
    /// The verifying unit.
    pub verifying: UnitId,
    /// The deciding unit.
    pub deciding: UnitId,
    /// Whose hands it went through.
    pub hands: Hands,
    /// What was decided last.
    pub decided: Option<Outcome>,
    /// The running clock.
    pub clock: Option<Deadline>,
    /// The part that another installation has; none where all of it is here.
    pub afar: Option<Afar>,
}

impl Case {
    /// Its unit of this part.
    #[must_use]
    pub const fn unit(&self, body: Body) -> UnitId {
        match body {
            Body::Accepting => self.accepting,
            Body::Verifying => self.verifying,
            Body::Deciding => self.deciding,
        }
    }

    /// The unit that deals with it at present.
    #[must_use]
    pub fn owner(&self) -> Option<UnitId> {
        self.stage.owner().map(|body| self.unit(body))
    }

    /// Whether it has to be forwarded.
    #[must_use]
    pub fn route(&self) -> Route {
        match self.accepting == self.verifying && self.afar != Some(Afar::Deciding) {
            true => Route::Here,
            false => Route::Elsewhere,
        }
    }
}

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The officer.
    pub officer: OfficerId,
    /// In which role.
    pub role: Role,
    /// Of which unit.
    pub unit: UnitId,
}

/// Why a step is not taken. Nothing was changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// Where the application stands, this is not what follows: somebody else was quicker, or it was withdrawn.
    #[error("cannot {act:?} what is {stage}")]
    NotNow {
        /// Where it stands.
        stage: Stage,
        /// What was to be done.
        act: Act,
    },
    /// Another unit does this.
    #[error("another unit does this")]
    NotThisUnit {
        /// Which.
        body: Body,
    },
    /// Another officer of the unit does this.
    #[error("not among the role's duties")]
    NotThisDuty,
    /// Whoever verified it neither proposes nor decides.
    #[error("the same person verified it")]
    Verified,
    /// Whoever proposed does not decide.
    #[error("the same person proposed it")]
    Proposed,
    /// The proposal says otherwise.
    #[error("the proposal is to refuse")]
    ProposedOtherwise,
    /// The applicant still has time.
    #[error("the applicant has time until {until}")]
    StillTime {
        /// The last day of it.
        until: Date,
    },
    /// What was granted is not objected to.
    #[error("granted as applied for")]
    Granted,
    /// The household's own installation does this.
    #[error("another installation does this")]
    Afar,
}

impl Explain for StepError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotNow { .. } => "application.not_now",
            Self::NotThisUnit { .. } => "application.not_this_unit",
            Self::NotThisDuty => "application.not_this_duty",
            Self::Verified => "application.same_person_verified",
            Self::Proposed => "application.same_person_proposed",
            Self::ProposedOtherwise => "application.proposed_otherwise",
            Self::StillTime { .. } => "application.still_time",
            Self::Granted => "application.granted",
            Self::Afar => "application.afar",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.in_english(),
        }
    }
}

impl StepError {
    fn in_chinese(&self) -> String {
        match self {
            Self::NotNow { stage, act } => format!(
                "申请当前为“{}”，不能办理“{}”，未作改动。请刷新后查看。",
                stage.zh(),
                act.zh()
            ),
            Self::NotThisUnit { body } => format!("此步骤由{}办理。", body.zh()),
            Self::NotThisDuty => "此步骤不属于您的岗位，请由本单位其他岗位办理。".into(),
            Self::Verified => "该申请由您查验，不能再由您提出意见或审批，请由他人办理。".into(),
            Self::Proposed => "该意见由您提出，不能再由您审批，请由他人办理。".into(),
            Self::ProposedOtherwise => {
                "经办意见为不予确认，不能直接确认。请退回经办重提意见。".into()
            }
            Self::StillTime { until } => {
                format!("申请人的期限到 {until} 为止，届满前不能办结。")
            }
            Self::Granted => "该申请已按申请确认，无可异议；变更类别请另行申请。".into(),
            Self::Afar => "该申请由户籍地的系统查验、确认，办理进展会传回本系统，请等候。".into(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::NotNow { stage, act } => format!(
                "The application is “{}”, so “{}” cannot be done and nothing was changed: look at it again.",
                stage.en(),
                act.en()
            ),
            Self::NotThisUnit { body } => format!("This step is done by {}.", body.en()),
            Self::NotThisDuty => {
                "This step is not among your post's duties: let another post of the unit do it.".into()
            }
            Self::Verified => {
                "You verified this application, so somebody else has to propose and to decide.".into()
            }
            Self::Proposed => "You proposed this, so somebody else has to decide.".into(),
            Self::ProposedOtherwise => {
                "The officer proposes to refuse, so it cannot be confirmed: give it back for another proposal.".into()
            }
            Self::StillTime { until } => {
                format!("The applicant has time until {until}: it cannot be closed before that is over.")
            }
            Self::Granted => {
                "It was granted as applied for, so there is nothing to object to: for another category apply for a change.".into()
            }
            Self::Afar => {
                "The household's own installation verifies and decides, and reports here: wait for what it says.".into()
            }
        }
    }
}

/// The transition that `act` makes, or why `actor` may not do it on `today`.
///
/// # Errors
/// [`StepError`]; the stage is looked at first, then the unit, the duty, and the persons.
pub fn step(
    case: &Case,
    act: Act,
    actor: &Actor,
    today: Date,
) -> Result<&'static Transition, StepError> {
    let stage = case.stage;
    let row = transition(stage, act, case.route()).ok_or(StepError::NotNow { stage, act })?;
    if case.afar.is_some_and(|afar| !afar.leaves(row.by)) {
        return Err(StepError::Afar);
    }
    if actor.unit != case.unit(row.by) {
        return Err(StepError::NotThisUnit { body: row.by });
    }
    if !row.duty.is_of(actor.role) {
        return Err(StepError::NotThisDuty);
    }
    three_people(&case.hands, act, actor.officer)?;
    let granted = case.decided == Some(Outcome::Grant);
    match act {
        Act::Confirm if !is_proposed(&case.hands, Outcome::Grant) => {
            Err(StepError::ProposedOtherwise)
        }
        Act::Object if granted => Err(StepError::Granted),
        Act::Close if !granted => match &case.clock {
            Some(clock) if today <= clock.due => Err(StepError::StillTime { until: clock.due }),
            _ => Ok(row),
        },
        _ => Ok(row),
    }
}

fn is_proposed(hands: &Hands, wanted: Outcome) -> bool {
    hands.proposed.is_some_and(|(_, outcome)| outcome == wanted)
}

fn three_people(hands: &Hands, act: Act, officer: OfficerId) -> Result<(), StepError> {
    let decides = matches!(act, Act::Confirm | Act::Refuse);
    let proposer = hands.proposed.map(|(proposer, _)| proposer);
    if decides && proposer == Some(officer) {
        return Err(StepError::Proposed);
    }
    if (decides || act == Act::Propose) && hands.verifier == Some(officer) {
        return Err(StepError::Verified);
    }
    Ok(())
}

#[cfg(test)]
#[path = "step_tests.rs"]
mod tests;
