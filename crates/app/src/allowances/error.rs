//! Why a month's batch was not prepared or moved on.

use domain::allowances::BatchError;
use kernel::explain::{Explain, Lang};
use kernel::ids::BatchId;
use kernel::journal::Subject;
use kernel::money::MoneyError;
use kernel::month::Month;
use kernel::roles::{Action, can};
use policy::NotInForce;
use store::error::StoreError;
use store::work::Work;

/// Why it was not done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum MonthError {
    /// The role does not do this, or there is nothing within reach: one answer for all.
    #[error("not found within reach")]
    NotFound,
    /// It changed since it was read.
    #[error("changed since it was read")]
    Stale,
    /// It is not this officer's to do now.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A later month was prepared already.
    #[error("{0} was prepared already")]
    Follows(Month),
    /// The month lies too far ahead.
    #[error("the month lies ahead")]
    Ahead,
    /// The month from which this installation pays does not fit.
    #[error("the first month does not fit")]
    Begins,
    /// There are sealed children whom the officer does not know.
    #[error("sealed children are not known to the officer")]
    Hidden,
    /// Nobody is paid by this unit.
    #[error("nobody is to be paid")]
    Nobody,
    /// The lines are not those that were prepared.
    #[error("the lines are not those that were prepared")]
    Changed,
    /// The bank has yet to say something of so many claims, or to be sent them.
    #[error("{0} claims are not answered")]
    Unanswered(i32),
    /// The lines on record do not add up to what was committed.
    #[error("the lines on record do not add up")]
    Unsound,
    /// The batch is not approved, or is the sealed one.
    #[error("this batch is not published")]
    Unpublished,
    /// The month is of too few children to be published.
    #[error("too few children to be published")]
    TooFew,
    /// The table could not be written.
    #[error("the workbook was not written")]
    Workbook,
    /// No rule is in force.
    #[error(transparent)]
    Rule(#[from] NotInForce),
    /// Amounts beyond what can be reckoned with.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The store's fault.
    #[error(transparent)]
    Store(StoreError),
}

impl MonthError {
    /// Whether the database went away in the middle, so that the run can be made again.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_cut_off())
    }

    fn in_chinese(&self) -> Option<String> {
        Some(match self {
            Self::Follows(last) => format!("{last}的批次已经编制，更早的月份不能再编制；应补、应追的会列入下一个月。"),
            Self::Ahead => "最多提前一个月编制，请选择不晚于下月的月份。".into(),
            Self::Begins => "起付月份只在首次编制时指定，且不晚于发放月，请更正。".into(),
            Self::Hidden => "本单位有您不知情的保密儿童，保密批次须由知悉全部保密儿童的人员编制。请知情人员先在儿童档案中告知您，或由其编制。".into(),
            Self::Nobody => "本单位没有应发放的儿童，未生成批次，没有发放任何人。请核对认定情况和管辖范围。".into(),
            Self::Changed => "批次明细与编制时不一致，审批作废，未作改动。请保留现场并联系维护人员。".into(),
            Self::Unanswered(claims) => format!("还有{claims}笔未送银行或未回盘，未作改动。请先生成银行文件、导入回盘后再结清。"),
            Self::Unpublished => "批次审批后才能生成公示表；专项批次不公示。".into(),
            Self::TooFew => "本月各类别发放都不足3人，公示会泄露个人情况，不生成公示表。".into(),
            Self::Workbook => "公示表未能生成，请重试。".into(),
            Self::Unsound => "已定发明细与汇总数对不上，未编制批次。请保留现场并联系维护人员。".into(),
            _ => return None,
        })
    }

    fn in_english(&self) -> Option<String> {
        Some(match self {
            Self::Follows(last) => format!("The batch of {last} is prepared, so an earlier month no longer is; what it lacks comes with the next month."),
            Self::Ahead => "A batch is prepared one month ahead at most: choose a month that is not after the next.".into(),
            Self::Begins => "The first month to be paid is named with the first batch alone, and is not after its pay month: correct it.".into(),
            Self::Hidden => "There are sealed children of your unit whom you do not know of; the sealed batch is prepared by somebody who knows them all. Let whoever knows a child let you know in its file, or prepare the batch.".into(),
            Self::Nobody => "Your unit has no child to pay, so there is no batch and nobody was paid: check recognitions and reach.".into(),
            Self::Changed => "The lines are not those that were prepared, so the approval is void and nothing was changed: keep everything as it is and call maintenance.".into(),
            Self::Unanswered(claims) => format!("{claims} claims were not sent to the bank or not answered by it, and nothing was changed: make the file and load the answer first."),
            Self::Unpublished => "A table is published once its batch is approved, and never of the special batch.".into(),
            Self::TooFew => "The month pays no three children of any class, and a published table would tell of them: there is none.".into(),
            Self::Workbook => "The table could not be written: try again.".into(),
            Self::Unsound => "The lines on record do not add up to what was committed, so no batch was prepared: keep everything as it is and call maintenance.".into(),
            _ => return None,
        })
    }
}

impl From<StoreError> for MonthError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Stale => Self::Stale,
            error => Self::Store(error),
        }
    }
}

impl Explain for MonthError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => StoreError::NotFound.code(),
            Self::Stale => StoreError::Stale.code(),
            Self::Batch(error) => error.code(),
            Self::Follows(_) => "month.follows",
            Self::Ahead => "month.ahead",
            Self::Begins => "month.begins",
            Self::Hidden => "month.hidden",
            Self::Nobody => "month.nobody",
            Self::Changed => "month.changed",
            Self::Unanswered(_) => "month.unanswered",
            Self::Unpublished => "month.unpublished",
            Self::TooFew => "month.too_few",
            Self::Workbook => "month.workbook",
            Self::Unsound => "month.unsound",
            Self::Rule(error) => error.code(),
            Self::Money(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let own = match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.in_english(),
        };
        own.unwrap_or_else(|| match self {
            Self::Stale => StoreError::Stale.explain(lang),
            Self::Batch(error) => error.explain(lang),
            Self::Rule(error) => error.explain(lang),
            Self::Money(error) => error.explain(lang),
            Self::Store(error) => error.explain(lang),
            _ => StoreError::NotFound.explain(lang),
        })
    }
}

/// The journal's name for what was asked of a batch and not done.
pub(super) const REFUSED: &str = "allowances.refused_to_officer";

/// A batch as the subject of an entry.
pub(super) const fn subject(id: BatchId) -> Subject {
    Subject::new("batch", id.uuid())
}

/// Refuses, in the journal too, what the role does not do.
pub(super) async fn allowed(work: &Work, action: Action, about: Subject) -> Result<(), MonthError> {
    if can(work.role(), action) {
        return Ok(());
    }
    work.refuse(REFUSED, about).await?;
    Err(MonthError::NotFound)
}
