//! Files for the bank: made of all that can be paid now, taken out, and answered.

use domain::allowances::{BankLine, ControlTotals, Failure, answered};
use kernel::ids::{BankFileId, ReturnId};
use kernel::journal::Subject;
use kernel::roles::Action;
use ledger::bank::{BankAnswer, PayLine, PayOrder, Template};
use store::allowances::{
    BankFailure, BankFile, BankFileBegun, BankFileTaken, BankFileWritten, ReturnEntered, attempts,
    bank_failures, bank_file, bank_file_content, bank_file_lines, bank_files, hold_file,
    known_return,
};
use store::work::Work;

use super::error::allowed;
use super::pay_error::PayError;

/// A template of files for the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankTemplate {
    /// Its stable code.
    pub code: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The ending of its files' names: `csv xlsx txt`.
    pub ending: &'static str,
}

/// The templates that files can be made by.
///
/// # Errors
/// [`PayError::Bank`].
pub fn bank_templates() -> Result<Vec<BankTemplate>, PayError> {
    let all = Template::builtin()?.into_iter();
    let template = |template: Template| BankTemplate {
        ending: template.format.ending(),
        code: template.code,
        zh: template.zh,
        en: template.en,
    };
    Ok(all.map(template).collect())
}

/// Makes a file of every claim of the work's unit that can be paid now, in one piece with its attempts. Whoever makes one at
/// the same time waits, and gets what is left.
///
/// # Errors
/// [`PayError::Nothing`], [`PayError::Bank`] naming the line; there is no file then, and nothing was sent.
pub async fn make_bank_file(
    work: &mut Work,
    template: &str,
    sealed: bool,
) -> Result<BankFileId, PayError> {
    let about = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ReleaseMonth, about).await?;
    let template = Template::named(template)?;
    let id = BankFileId::generate(work.now(), work.store().entropy());
    let begun = BankFileBegun {
        id,
        sealed,
        template: &template.code,
    };
    work.apply(&begun).await?;
    // A unit that pays nobody sees not even the file it began.
    let file = bank_file(work, id).await?;
    let file = file
        .filter(|file| file.count > 0)
        .ok_or(PayError::Nothing)?;
    let lines = bank_file_lines(work, id).await?;
    let lines: Vec<PayLine> = lines
        .into_iter()
        .map(|line| PayLine {
            serial: u32::try_from(line.serial).unwrap_or(0),
            account: line.number.reveal().to_owned(),
            holder: line.holder,
            bank: line.bank,
            amount: line.amount,
        })
        .collect();
    let content = template.write(PayOrder {
        number: &file.number,
        total: file.total,
        lines: &lines,
    })?;
    let written = BankFileWritten {
        file: &file,
        content: &content,
    };
    work.apply(&written).await?;
    Ok(id)
}

/// The files within reach, the latest first.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn list_bank_files(work: &mut Work) -> Result<Vec<BankFile>, PayError> {
    let about = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ViewMonth, about).await?;
    Ok(bank_files(work).await?)
}

/// What of a file within reach came back, line by line, without anybody's name.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn failures_of(work: &mut Work, id: BankFileId) -> Result<Vec<BankFailure>, PayError> {
    let about = Subject::new("bank_file", id.uuid());
    allowed(work, Action::ViewMonth, about).await?;
    bank_file(work, id).await?.ok_or(PayError::NotFound)?;
    Ok(bank_failures(work, id).await?)
}

/// A file of the unit, to be taken to the bank: its name and its bytes. The journal has it before the officer does.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn take_bank_file(
    work: &mut Work,
    id: BankFileId,
) -> Result<(String, Vec<u8>), PayError> {
    let file = own_file(work, id).await?;
    let template = Template::named(&file.template)?;
    let content = bank_file_content(work, id).await?;
    let content = content.ok_or(PayError::Stale)?;
    work.apply(&BankFileTaken(&file)).await?;
    let name = format!("{}.{}", file.number, template.format.ending());
    Ok((name, content))
}

async fn own_file(work: &mut Work, id: BankFileId) -> Result<BankFile, PayError> {
    let about = Subject::new("bank_file", id.uuid());
    allowed(work, Action::ReleaseMonth, about).await?;
    let unit = work.unit();
    let found = bank_file(work, id).await?.filter(|file| file.unit == unit);
    found.ok_or(PayError::NotFound)
}

/// Reads the bank's answer to a file; on its own, because it takes a while and touches nothing.
///
/// # Errors
/// [`PayError::Bank`].
pub fn read_return(template: &str, name: &str, content: Vec<u8>) -> Result<BankAnswer, PayError> {
    Ok(Template::named(template)?.read_answer(name, content)?)
}

/// Enters the bank's answer to a file, all of it or nothing.
///
/// # Errors
/// [`PayError::Again`], [`PayError::Foreign`], [`PayError::Misfits`], [`PayError::Bank`].
pub async fn enter_return(
    work: &mut Work,
    id: BankFileId,
    name: &str,
    content: &[u8],
) -> Result<ReturnId, PayError> {
    let file = own_file(work, id).await?;
    let answer = read_return(&file.template, name, content.to_vec())?;
    if answer.number != file.number || hold_file(work, &file.number).await? != Some(id) {
        return Err(PayError::Foreign);
    }
    if let Some(before) = known_return(work, content).await? {
        return Err(PayError::Again(before));
    }
    let totals = ControlTotals {
        count: answer.count,
        total: answer.total,
    };
    let lines: Vec<BankLine> = answer
        .lines
        .into_iter()
        .map(|line| BankLine {
            row: line.row,
            serial: line.serial,
            amount: line.amount,
            failure: line.failure.map(|(code, reason)| Failure { code, reason }),
        })
        .collect();
    let sent = attempts(work, id).await?;
    let answered = answered(&sent, &lines, Some(totals))?;
    let id = ReturnId::generate(work.now(), work.store().entropy());
    let entered = ReturnEntered {
        id,
        file: &file,
        answered: &answered,
        content,
    };
    work.apply(&entered).await?;
    Ok(id)
}
