//! Why something was not done with an application.

use domain::applications::{EffectError, PathError, StepError};
use domain::exchange::PeerError;
use domain::registry::EditError;
use envelope::EnvelopeError;
use kernel::explain::{Explain, Lang};
use kernel::ids::ApplicationId;
use kernel::journal::Subject;
use kernel::roles::{Action, can};
use policy::{NotInForce, Undecided};
use press::PressError;
use store::applications::{Application, application, hold};
use store::error::StoreError;
use store::work::Work;

/// Why something was not done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// The role does not do this, or there is nothing within reach: one answer for all.
    #[error("not found within reach")]
    NotFound,
    /// It changed since it was read.
    #[error("changed since it was read")]
    Stale,
    /// It is not taken in here.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It is not this officer's to do now.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The child's statuses do not allow it.
    #[error(transparent)]
    Effect(#[from] EffectError),
    /// A field does not fit.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// No rule is in force on that day.
    #[error(transparent)]
    Rule(#[from] NotInForce),
    /// The rules lack what the answer turns on.
    #[error(transparent)]
    Undecided(#[from] Undecided),
    /// It cannot be printed.
    #[error(transparent)]
    Press(#[from] PressError),
    /// No other installation may be sent it.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// It does not go into a package.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// Something stands against it.
    #[error("{0:?}")]
    Hindered(Obstacle),
    /// The store's fault.
    #[error(transparent)]
    Store(StoreError),
}

/// What stands against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// No bureau of this installation serves the household.
    NotServed,
    /// No town of this installation serves the household.
    NoTown,
    /// It names a child who is not on file yet.
    NoFile,
    /// The child has another open application.
    OpenAlready,
    /// It is linked to a file already.
    LinkedAlready,
    /// The file is another child's than the one that is stated.
    AnotherChild,
    /// The file is known to named officers alone, and the application to others.
    SealedFile,
    /// It states what the county's named officers alone may know.
    CountyAlone,
    /// The resident id is on file already.
    IdTaken,
    /// No reason is given, or one that is too long.
    Reason,
    /// A proposal says what it proposes.
    NoOutcome,
    /// Its facts may not change while somebody else looks at them.
    Fixed,
    /// The household sets the way it goes, so it stays.
    HouseholdFixed,
    /// The rulebook does not find the category in the facts.
    NotByRules,
    /// The colleague's post sees nothing sealed, or is of another unit.
    NotAColleague,
    /// There is no such paper.
    NoSuchPaper,
    /// There is no such decision on it.
    NoSuchDecision,
    /// Another office decides on it.
    NotTheOffice,
    /// A decision is entered in the national system on its day or later, and not on a day to come.
    EntryDay,
    /// Somebody has looked already.
    LimitSettled,
    /// The scan is of no kind that is kept.
    MediaType,
    /// The scan is empty or too large.
    Size,
}

impl Obstacle {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotServed => "application.not_served",
            Self::NoTown => "application.no_town",
            Self::NoFile => "application.no_file",
            Self::OpenAlready => "application.open_already",
            Self::LinkedAlready => "application.linked_already",
            Self::AnotherChild => "application.another_child",
            Self::SealedFile => "application.sealed_file",
            Self::CountyAlone => "application.county_alone",
            Self::IdTaken => "registry.id_taken",
            Self::Reason => "application.reason",
            Self::NoOutcome => "application.no_outcome",
            Self::Fixed => "application.fixed",
            Self::HouseholdFixed => "application.household_fixed",
            Self::NotByRules => "application.not_by_rules",
            Self::NotAColleague => "application.not_a_colleague",
            Self::NoSuchPaper => "application.no_such_paper",
            Self::NoSuchDecision => "application.no_such_decision",
            Self::NotTheOffice => "application.not_the_office",
            Self::EntryDay => "application.entry_day",
            Self::LimitSettled => "application.limit_settled",
            Self::MediaType => "document.media_type",
            Self::Size => "document.size",
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::NotServed => {
                "本系统及已登记的其他系统都不管辖该户籍地，不能在此办理，请核对户籍地。"
            }
            Self::NoTown => "本系统没有管辖该户籍地的乡镇（街道），请核对户籍地或先设立单位。",
            Self::NoFile => "申请尚未关联儿童档案，请先核对重复档案并关联或新建。",
            Self::OpenAlready => "该儿童另有一件申请正在办理，请先办结或撤回。",
            Self::LinkedAlready => "申请已关联儿童档案，不能再次关联。",
            Self::AnotherChild => {
                "申请中的儿童与档案不是同一人（身份证号，或姓名、出生日期不一致）。请核对，更正申请或档案后再办理。"
            }
            Self::SealedFile => {
                "该儿童的档案只由专人掌握，不能与普通申请关联。请由专人另行受理，本申请按程序答复申请人。"
            }
            Self::CountyAlone => {
                "感染艾滋病病毒的情况只由县级民政部门专人掌握，不在此填报，未作保存。请改由户籍地县级民政部门专人受理。"
            }
            Self::IdTaken => "该身份证号已有档案，未新建。请核对后关联已有档案。",
            Self::Reason => "请写明理由，不超过1000字。",
            Self::NoOutcome => "请写明拟同意还是拟不予确认。",
            Self::Fixed => "申请已提出审批意见或已有决定，申报事实不能再改。需要更正的，请先退回。",
            Self::HouseholdFixed => "户籍地决定办理流程，不能更改。请撤回后重新申请。",
            Self::NotByRules => {
                "按现有事实和规则，不符合所申请的类别，或尚缺事实。请补齐事实，或提出不予确认的意见。"
            }
            Self::NotAColleague => "只能告知本单位有权限的经办、审批人员。",
            Self::NoSuchPaper => "没有这项材料，或没有扫描件。",
            Self::NoSuchDecision => "该申请没有这份决定，请刷新后重试。",
            Self::NotTheOffice => "只有作出决定的民政部门登记全国系统录入日期。",
            Self::EntryDay => "录入日期不能早于决定日期，也不能晚于今天。",
            Self::LimitSettled => "该到限事项已由他人核实，请刷新。",
            Self::MediaType => "只接收 PDF、JPEG、PNG、WebP 文件，且内容须与类型一致。",
            Self::Size => "文件为空或超过 20 MB，未收存。",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::NotServed => {
                "No county bureau of this installation, nor a peer of it, serves that household: check the household."
            }
            Self::NoTown => {
                "No town of this installation serves that household: check it, or found the unit first."
            }
            Self::NoFile => {
                "The application is not linked to a child's file yet: look for doubles, then link or open one."
            }
            Self::OpenAlready => {
                "The child has another open application: close or withdraw that one first."
            }
            Self::LinkedAlready => "The application is linked to a file already.",
            Self::AnotherChild => {
                "The child that is stated and the child on file are two: resident id, or name and birth, differ. Check both, and correct the application or the file first."
            }
            Self::SealedFile => {
                "The child's file is known to named officers alone and is not linked to an ordinary application: let one of them take one in, and answer this one."
            }
            Self::CountyAlone => {
                "An infection with HIV is known to named officers of the county alone and is not stated here; nothing was kept. Let the named officer of the household's county take the application in."
            }
            Self::IdTaken => {
                "This resident id is on file already, so no file was opened: link the one there is."
            }
            Self::Reason => "Give a reason of at most 1,000 characters.",
            Self::NoOutcome => "Say whether you propose to grant or to refuse.",
            Self::Fixed => {
                "A decision is proposed or taken, so the facts stay as they are: have it given back first."
            }
            Self::HouseholdFixed => {
                "The household sets the way an application goes: withdraw this one and apply anew."
            }
            Self::NotByRules => {
                "By the rules and the facts stated this is not the category applied for, or facts are missing: complete them, or propose to refuse."
            }
            Self::NotAColleague => "Only an officer or approver of your own unit can be let know.",
            Self::NoSuchPaper => "There is no such paper, or no scan of it.",
            Self::NoSuchDecision => "There is no such decision on the application: read it again.",
            Self::NotTheOffice => {
                "Only the office that decides notes when a decision was entered in the national system."
            }
            Self::EntryDay => {
                "The day of entry is the day of the decision or later, and not a day to come."
            }
            Self::LimitSettled => "Somebody has settled this limit already: read the list again.",
            Self::MediaType => {
                "Only PDF, JPEG, PNG and WebP files are kept, and the content must be what the type says."
            }
            Self::Size => "The file is empty or larger than 20 MB and was not kept.",
        }
    }
}

impl From<Obstacle> for ApplicationError {
    fn from(obstacle: Obstacle) -> Self {
        Self::Hindered(obstacle)
    }
}

impl From<StoreError> for ApplicationError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Stale => Self::Stale,
            error => Self::Store(error),
        }
    }
}

impl Explain for ApplicationError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => StoreError::NotFound.code(),
            Self::Stale => StoreError::Stale.code(),
            Self::Path(error) => error.code(),
            Self::Step(error) => error.code(),
            Self::Effect(error) => error.code(),
            Self::Edit(error) => error.code(),
            Self::Rule(error) => error.code(),
            Self::Undecided(error) => error.code(),
            Self::Press(error) => error.code(),
            Self::Peer(error) => error.code(),
            Self::Envelope(error) => error.code(),
            Self::Hindered(obstacle) => obstacle.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NotFound, _) => StoreError::NotFound.explain(lang),
            (Self::Stale, _) => StoreError::Stale.explain(lang),
            (Self::Path(error), _) => error.explain(lang),
            (Self::Step(error), _) => error.explain(lang),
            (Self::Effect(error), _) => error.explain(lang),
            (Self::Edit(error), _) => error.explain(lang),
            (Self::Rule(error), _) => error.explain(lang),
            (Self::Undecided(error), _) => error.explain(lang),
            (Self::Press(error), _) => error.explain(lang),
            (Self::Peer(error), _) => error.explain(lang),
            (Self::Envelope(error), _) => error.explain(lang),
            (Self::Hindered(obstacle), Lang::Zh) => obstacle.zh().into(),
            (Self::Hindered(obstacle), Lang::En) => obstacle.en().into(),
            (Self::Store(error), _) => error.explain(lang),
        }
    }
}

/// The journal's name for what was asked of an application and not done.
pub(super) const REFUSED: &str = "applications.refused_to_officer";

/// An application as the subject of an entry.
pub(super) const fn subject(id: ApplicationId) -> Subject {
    Subject::new("application", id.uuid())
}

/// Refuses, in the journal too, what the role does not do.
pub(super) async fn allowed(
    work: &Work,
    action: Action,
    about: Subject,
) -> Result<(), ApplicationError> {
    if can(work.role(), action) {
        return Ok(());
    }
    work.refuse(REFUSED, about).await?;
    Err(ApplicationError::NotFound)
}

/// The application within reach, for an action the role allows; a refusal is journalled.
pub(super) async fn seen(
    work: &mut Work,
    action: Action,
    id: ApplicationId,
) -> Result<Application, ApplicationError> {
    allowed(work, action, subject(id)).await?;
    match application(work, id).await? {
        Some(application) => Ok(application),
        None => {
            work.refuse(REFUSED, subject(id)).await?;
            Err(ApplicationError::NotFound)
        }
    }
}

/// As [`seen`], to be moved or changed: whoever else would waits until this work ends.
pub(super) async fn held(
    work: &mut Work,
    action: Action,
    id: ApplicationId,
) -> Result<Application, ApplicationError> {
    allowed(work, action, subject(id)).await?;
    hold(work, id).await?;
    seen(work, action, id).await
}

/// It is still as it was read.
pub(super) fn fresh(application: &Application, version: i32) -> Result<(), ApplicationError> {
    match application.version == version {
        true => Ok(()),
        false => Err(ApplicationError::Stale),
    }
}
