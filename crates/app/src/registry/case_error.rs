//! Why something was not done to a child's file.

use domain::registry::EditError;
use jiff::civil::Date;
use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use kernel::ids::ChildId;
use kernel::journal::Subject;
use kernel::roles::{Action, can};
use store::error::StoreError;
use store::organisation::is_entered;
use store::registry::{ChildFile, Revision, files, hold, placements};
use store::work::Work;

/// Why something was not done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// The role does not do this, or there is nothing within reach: one answer for all.
    #[error("not found within reach")]
    NotFound,
    /// The file changed since it was read.
    #[error("changed since version {read}")]
    Stale {
        /// The version the officer read.
        read: i32,
        /// What changed since.
        since: Vec<Revision>,
    },
    /// A field does not fit.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// Something about the file stands against it.
    #[error("{0:?}")]
    Hindered(Hindrance),
    /// The store's fault.
    #[error(transparent)]
    Store(StoreError),
}

/// What stands against a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// No purpose is stated.
    NoPurpose,
    /// The child would leave the officer's reach.
    LeavesReach,
    /// The division is not within the officer's reach.
    NotYourPlace,
    /// The resident id is on file already.
    IdTaken,
    /// The last day comes before the first, or a day lies in the future that may not, or before anything is told of.
    Days,
    /// Another status of the group holds on the same days.
    StatusClash,
    /// The role enters no sealed status.
    SealedStatus,
    /// It has ended already, or there is none.
    Ended,
    /// Both files hold a sound resident id: they are two children.
    TwoIds,
    /// A file is not its own double.
    SameFile,
    /// A status of the one excludes a status of the other.
    StatusesExclude,
    /// The document is of no kind that is kept.
    MediaType,
    /// The document is empty or too large.
    Size,
    /// An export would hold more children than one may.
    TooMany,
    /// No ledger was imported whose columns could be taken.
    NoLedger,
    /// There is no such unit or division.
    NoSuchPlace,
    /// The officer sees the file by a placement or a grant alone, and does not answer for the child.
    NotAnswerable,
    /// The colleague's post sees nothing sealed or is of another unit, or there is nothing that this officer could confide.
    NotAColleague,
}

impl Hindrance {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoPurpose => "registry.no_purpose",
            Self::LeavesReach => "registry.leaves_reach",
            Self::NotYourPlace => "registry.not_your_place",
            Self::IdTaken => "registry.id_taken",
            Self::Days => "registry.days",
            Self::StatusClash => "registry.status_clash",
            Self::SealedStatus => "registry.sealed_status",
            Self::Ended => "registry.ended",
            Self::TwoIds => "merge.two_ids",
            Self::SameFile => "merge.same_file",
            Self::StatusesExclude => "merge.statuses_exclude",
            Self::MediaType => "document.media_type",
            Self::Size => "document.size",
            Self::TooMany => "export.too_many",
            Self::NoLedger => "export.no_ledger",
            Self::NoSuchPlace => "registry.no_such_place",
            Self::NotAnswerable => "registry.not_answerable",
            Self::NotAColleague => "registry.not_a_colleague",
        }
    }

    /// What it says, and what to do.
    pub(crate) const fn words(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::NoPurpose => "请写明查看或导出的事由。",
            Self::LeavesReach => {
                "改后该儿童将不在您的范围内，未作修改。户籍迁出的，请同时保留辖区内的现居住地，待迁入地接手后由其更改。"
            }
            Self::NotYourPlace => "该地区不在您的辖区，请选择辖区内的地区。",
            Self::IdTaken => "该身份证号已有档案，未作修改。请先核对是否同一儿童。",
            Self::Days => "起止日期前后矛盾或超出允许的范围，请更正。",
            Self::StatusClash => "同类的另一类别在这些日期内有效，请先结束原类别。",
            Self::SealedStatus => "您的岗位不能登记该类别。",
            Self::Ended => "该项不存在或已经结束。",
            Self::TwoIds => "两份档案各有有效的身份证号，不是同一儿童，不能合并。",
            Self::SameFile => "一份档案不能与自身合并。",
            Self::StatusesExclude => "两份档案在同一时期属于互斥的类别，请先结束其中一项再合并。",
            Self::MediaType => "只接收 PDF、JPEG、PNG、WebP 文件，且内容须与类型一致。",
            Self::Size => "文件为空或超过 20 MB，未收存。",
            Self::TooMany => "一次最多导出 50000 名儿童，请缩小范围。",
            Self::NoLedger => {
                "该地区还没有导入过台账，没有可套用的样式。请先导入一份台账，或改用名单样式。"
            }
            Self::NoSuchPlace => "没有这个单位或地区，请核对代码。",
            Self::NotAnswerable => "该儿童的户籍地和居住地均不在您的辖区，请由其所属单位办理。",
            Self::NotAColleague => "只能由知情人员告知本单位有权限的经办、审批人员。",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::NoPurpose => "State what the file is opened or exported for.",
            Self::LeavesReach => {
                "The child would leave your reach, so nothing was changed. If its household moves away, state a residence here in the same edit; the office of the new place takes the file over and changes that."
            }
            Self::NotYourPlace => "This division is not within your reach: choose one that is.",
            Self::IdTaken => {
                "This resident id is on file already, so nothing was changed: check first whether it is the same child."
            }
            Self::Days => "The days contradict each other or lie out of bounds: correct them.",
            Self::StatusClash => {
                "Another class of this group holds on these days: end that one first."
            }
            Self::SealedStatus => "Your post does not enter this class.",
            Self::Ended => "There is no such thing, or it has ended already.",
            Self::TwoIds => {
                "Both files hold a sound resident id: these are two children and cannot be merged."
            }
            Self::SameFile => "A file cannot be merged with itself.",
            Self::StatusesExclude => {
                "The two files hold classes that exclude each other at the same time: end one of them first."
            }
            Self::MediaType => {
                "Only PDF, JPEG, PNG and WebP files are kept, and the content must be what the type says."
            }
            Self::Size => "The file is empty or larger than 20 MB and was not kept.",
            Self::TooMany => "At most 50,000 children are exported at once: narrow the choice.",
            Self::NoLedger => {
                "No ledger of this division was imported whose columns could be taken: import one first, or export a list."
            }
            Self::NoSuchPlace => "There is no such unit or division: check its code.",
            Self::NotAnswerable => {
                "The child's household and residence lie outside your divisions: let the unit that answers for it do this."
            }
            Self::NotAColleague => {
                "Only who knows of a sealed file lets others know: an officer or approver of the same unit."
            }
        }
    }
}

impl From<Hindrance> for CaseError {
    fn from(hindrance: Hindrance) -> Self {
        Self::Hindered(hindrance)
    }
}

impl From<StoreError> for CaseError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Stale => Self::Stale {
                read: 0,
                since: Vec::new(),
            },
            error => Self::Store(error),
        }
    }
}

impl Explain for CaseError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => StoreError::NotFound.code(),
            Self::Stale { .. } => StoreError::Stale.code(),
            Self::Edit(error) => error.code(),
            Self::Hindered(hindrance) => hindrance.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NotFound, _) => StoreError::NotFound.explain(lang),
            (Self::Stale { .. }, _) => StoreError::Stale.explain(lang),
            (Self::Edit(error), _) => error.explain(lang),
            (Self::Hindered(hindrance), _) => hindrance.words(lang).into(),
            (Self::Store(error), _) => error.explain(lang),
        }
    }
}

/// Refuses, in the journal too, what the role does not do.
pub(super) async fn allowed(
    work: &Work,
    action: Action,
    refused: &'static str,
    subject: Subject,
) -> Result<(), CaseError> {
    if can(work.role(), action) {
        return Ok(());
    }
    work.refuse(refused, subject).await?;
    Err(CaseError::NotFound)
}

/// A code that no division has would lead to nobody: a mistyped household is a child that no town looks after.
pub(super) async fn entered(work: &mut Work, place: Division) -> Result<(), CaseError> {
    match is_entered(work, place).await? {
        true => Ok(()),
        false => Err(Hindrance::NoSuchPlace.into()),
    }
}

/// The file of a child within reach, for an action the role allows; a refusal is journalled.
pub(super) async fn file_for(
    work: &mut Work,
    action: Action,
    child: ChildId,
) -> Result<ChildFile, CaseError> {
    allowed(work, action, REFUSED, of(child)).await?;
    within_reach(work, child).await
}

/// As [`file_for`], to be changed: whoever else would change the file waits until this work ends, so what is decided
/// from it still holds when that is written. A grant is a look: who has no more changes nothing.
pub(super) async fn file_to_change(
    work: &mut Work,
    action: Action,
    child: ChildId,
) -> Result<ChildFile, CaseError> {
    hold_for(work, action, &[child]).await?;
    let file = within_reach(work, child).await?;
    match is_answered_for(work, &file) || is_housed(work, child).await? {
        true => Ok(file),
        false => Err(Hindrance::NotAnswerable.into()),
    }
}

/// Whether the child's household or residence lies in the divisions of the officer's unit.
pub(super) fn is_answered_for(work: &Work, file: &ChildFile) -> bool {
    let within = |division| work.reach().contains(division);
    within(file.facts.household) || file.residence.is_some_and(within)
}

/// Whether the child is placed with the officer's unit.
async fn is_housed(work: &mut Work, child: ChildId) -> Result<bool, CaseError> {
    let (unit, today) = (work.unit(), work.store().clock().today());
    let placed = placements(work, child).await?;
    let lasts = |to: Option<Date>| to.is_none_or(|to| to > today);
    Ok(placed
        .iter()
        .any(|placed| placed.unit == unit && lasts(placed.to)))
}

/// Holds files for an action the role allows until the work ends; see [`file_to_change`].
pub(super) async fn hold_for(
    work: &mut Work,
    action: Action,
    children: &[ChildId],
) -> Result<(), CaseError> {
    for child in children {
        allowed(work, action, REFUSED, of(*child)).await?;
    }
    Ok(hold(work, children).await?)
}

const REFUSED: &str = "registry.file_refused";

fn of(child: ChildId) -> Subject {
    Subject::new("child", child.uuid())
}

async fn within_reach(work: &mut Work, child: ChildId) -> Result<ChildFile, CaseError> {
    match files(work, &[child]).await?.pop() {
        Some(file) => Ok(file),
        None => {
            work.refuse(REFUSED, of(child)).await?;
            Err(CaseError::NotFound)
        }
    }
}
