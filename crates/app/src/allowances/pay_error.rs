//! Why something about payment was not done.

use domain::allowances::{AccountError, AnswerError, Misfit};
use kernel::explain::{Explain, Lang};
use kernel::ids::ReturnId;
use kernel::money::MoneyError;
use ledger::bank::BankError;
use store::error::StoreError;

use super::error::MonthError;

/// Why it was not done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// The role does not do this, or there is nothing within reach: one answer for all.
    #[error("not found within reach")]
    NotFound,
    /// It changed since it was read.
    #[error("changed since it was read")]
    Stale,
    /// An account is not as it must be.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The recovery was confirmed before.
    #[error("it was confirmed before")]
    Confirmed,
    /// A recovery needs a reason and a notice.
    #[error("reason or notice is missing")]
    Words,
    /// A fact has no sensible code, amount or period.
    #[error("the fact does not fit")]
    Fact,
    /// There is no claim that could be paid now.
    #[error("nothing can be paid now")]
    Nothing,
    /// The bank's file or its answer.
    #[error(transparent)]
    Bank(#[from] BankError),
    /// The answer is to a file that is not this unit's, or to none.
    #[error("it answers another file")]
    Foreign,
    /// These very bytes were entered before.
    #[error("it was entered before")]
    Again(ReturnId),
    /// Lines of the answer do not fit; nothing of it was entered.
    #[error("{} lines do not fit", .0.len())]
    Misfits(Vec<(u32, Misfit)>),
    /// Amounts beyond what can be reckoned with.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The store's fault.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for PayError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Stale => Self::Stale,
            error => Self::Store(error),
        }
    }
}

impl From<MonthError> for PayError {
    fn from(error: MonthError) -> Self {
        match error {
            MonthError::Store(error) => error.into(),
            _ => Self::NotFound,
        }
    }
}

impl From<AnswerError> for PayError {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Misfits(misfits) => Self::Misfits(misfits),
            AnswerError::Money(error) => Self::Money(error),
        }
    }
}

/// What does not fit, in words; row 0 is the whole.
fn misfit((row, misfit): (u32, Misfit), lang: Lang) -> String {
    match (misfit, lang) {
        (Misfit::Totals, Lang::Zh) => "总笔数或总金额与明细不符".into(),
        (Misfit::Totals, Lang::En) => "its totals are not those of its lines".into(),
        (Misfit::Unknown, Lang::Zh) => format!("第{row}行的序号不在原文件中"),
        (Misfit::Unknown, Lang::En) => format!("the file has no serial as in row {row}"),
        (Misfit::Amount, Lang::Zh) => format!("第{row}行的金额与原文件不符"),
        (Misfit::Amount, Lang::En) => format!("the amount in row {row} is not what was sent"),
        (Misfit::Twice, Lang::Zh) => format!("第{row}行的序号重复"),
        (Misfit::Twice, Lang::En) => format!("the serial in row {row} stands there twice"),
        (Misfit::Answered, Lang::Zh) => format!("第{row}行的序号以前已回盘"),
        (Misfit::Answered, Lang::En) => format!("the serial in row {row} was answered before"),
    }
}

impl PayError {
    fn in_chinese(&self) -> Option<String> {
        Some(match self {
            Self::Confirmed => "该笔追回已经确认，未作改动。请刷新后查看。".into(),
            Self::Words => "确认追回须写明原因和追回告知的内容，请补充。".into(),
            Self::Fact => {
                "原因、金额或起止月份填写不当，未记录。请更正：止月不早于起月，金额不为负。".into()
            }
            Self::Nothing => {
                "目前没有可以发放的款项，未生成文件。请先补齐账户或等待下一批次拨付。".into()
            }
            Self::Foreign => {
                "回盘文件的批次号不是本单位的文件，未导入任何一笔。请核对是否选错文件或模板。"
                    .into()
            }
            Self::Again(_) => "这份回盘文件已经导入过，未重复导入。".into(),
            Self::Misfits(all) => {
                let first = all.first().map(|one| misfit(*one, Lang::Zh));
                let (first, count) = (first.unwrap_or_default(), all.len());
                format!("{first}（共{count}处），未导入任何一笔。请与银行核对后重新导入。")
            }
            _ => return None,
        })
    }

    fn in_english(&self) -> Option<String> {
        Some(match self {
            Self::Confirmed => "The recovery was confirmed before, and nothing was changed: look at it again.".into(),
            Self::Words => "A recovery is confirmed with a reason and the words of the notice: add them.".into(),
            Self::Fact => "Code, amount or period does not fit, and nothing was recorded: a period does not end before it begins, an amount is not negative.".into(),
            Self::Nothing => "Nothing can be paid now, so there is no file: complete the accounts, or wait for the next release.".into(),
            Self::Foreign => "The answer is to no file of your unit, and nothing was entered: check the file and the template.".into(),
            Self::Again(_) => "This answer was entered before, and was not entered again.".into(),
            Self::Misfits(all) => {
                let first = all.first().map(|one| misfit(*one, Lang::En));
                let (first, count) = (first.unwrap_or_default(), all.len());
                format!("Nothing was entered ({count} misfits): {first}; settle it with the bank and load the file again.")
            }
            _ => return None,
        })
    }
}

impl Explain for PayError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => StoreError::NotFound.code(),
            Self::Stale => StoreError::Stale.code(),
            Self::Account(error) => error.code(),
            Self::Confirmed => "recovery.confirmed",
            Self::Words => "recovery.words",
            Self::Fact => "fact.invalid",
            Self::Nothing => "bank.nothing",
            Self::Bank(error) => error.code(),
            Self::Foreign => "return.foreign",
            Self::Again(_) => "return.again",
            Self::Misfits(_) => "return.misfits",
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
            Self::Account(error) => error.explain(lang),
            Self::Bank(error) => error.explain(lang),
            Self::Money(error) => error.explain(lang),
            Self::Store(error) => error.explain(lang),
            _ => StoreError::NotFound.explain(lang),
        })
    }
}
