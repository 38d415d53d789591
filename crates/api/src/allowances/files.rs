//! `/api/allowances/files`: files for the bank, made and taken by finance.

use kernel::ids::BankFileId;
use kernel::roles::{Action, can};
use serde::{Deserialize, Serialize};
use store::allowances::{BankFailure, BankFile};
use store::work::Work;
use utoipa::ToSchema;
use uuid::Uuid;

use super::pay_problem::pay_problem;
use crate::operation::{Answer, At, Caller, Created, Download, Once, Operation, Page, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "allowances.bank_templates",
            "/api/allowances/bank-templates",
        )
        .needs(Action::ViewMonth)
        .summary("List the templates of files for the bank")
        .handled_by(templates),
        Operation::get("allowances.bank_files", "/api/allowances/files")
            .needs(Action::ViewMonth)
            .summary("List the files for the bank, the latest first")
            .handled_by(list),
        Operation::get(
            "allowances.bank_failures",
            "/api/allowances/files/{id}/failures",
        )
        .needs(Action::ViewMonth)
        .summary("List what of a file came back, with the bank's reasons and without names")
        .handled_by(failures),
        Operation::post("allowances.make_bank_file", "/api/allowances/files")
            .needs(Action::ReleaseMonth)
            .summary("Make a file of everything that can be paid now")
            .answers_problems(&[Kind::Conflict, Kind::Reauthenticate])
            .handled_by(make),
        Operation::post(
            "allowances.take_bank_file",
            "/api/allowances/files/{id}/copy",
        )
        .needs(Action::ReleaseMonth)
        .summary("Take a file out, to be brought to the bank")
        .answers_problems(&[Kind::Conflict, Kind::Reauthenticate])
        .handled_by(take),
    ]
}

/// A template.
#[derive(Serialize, ToSchema)]
struct TemplateView {
    code: String,
    zh: String,
    en: String,
    /// `csv xlsx txt`.
    ending: &'static str,
}

/// A file for the bank.
#[derive(Serialize, ToSchema)]
struct BankFileView {
    id: Uuid,
    number: String,
    /// The unit that pays.
    unit: String,
    sealed: bool,
    /// The template's code.
    template: String,
    count: i32,
    /// In yuan.
    total: String,
    made_at: jiff::Timestamp,
    /// How many of its lines the bank has yet to answer.
    open: i32,
    /// How many it paid, and in yuan.
    paid: i32,
    paid_total: String,
    /// How many came back, and in yuan.
    returned: i32,
    returned_total: String,
    /// Whether this caller takes it out and enters answers to it.
    own: bool,
}

impl BankFileView {
    fn of(file: BankFile, work: &Work) -> Self {
        let own = file.unit == work.unit() && can(work.role(), Action::ReleaseMonth);
        Self {
            open: file.open(),
            paid: file.paid.count,
            paid_total: file.paid.amount.to_string(),
            returned: file.returned.count,
            returned_total: file.returned.amount.to_string(),
            own,
            unit: file.unit_name,
            id: file.id.uuid(),
            number: file.number,
            sealed: file.sealed,
            template: file.template,
            count: file.count,
            total: file.total.to_string(),
            made_at: file.made_at,
        }
    }
}

/// Which file is to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BankFileEntry {
    /// The template's code.
    template: String,
    /// Of the sealed batches [default: false].
    #[serde(default)]
    sealed: bool,
}

async fn templates(_: Caller) -> Result<Answer<Page<TemplateView>>, Problem> {
    let all = app::allowances::bank_templates().map_err(pay_problem)?;
    let view = |template: app::allowances::BankTemplate| TemplateView {
        code: template.code,
        zh: template.zh,
        en: template.en,
        ending: template.ending,
    };
    Ok(Answer(Page::whole(all.into_iter().map(view))))
}

async fn list(caller: Caller) -> Result<Answer<Page<BankFileView>>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::list_bank_files(&mut work).await;
    let found = found.map_err(pay_problem)?;
    let views: Vec<_> = found
        .into_iter()
        .map(|file| BankFileView::of(file, &work))
        .collect();
    work.commit().await?;
    Ok(Answer(Page::whole(views)))
}

/// A line of a file that came back.
#[derive(Serialize, ToSchema)]
struct BankFailureView {
    serial: i32,
    /// In yuan.
    amount: String,
    /// The bank's code and words.
    code: String,
    reason: String,
}

impl BankFailureView {
    fn of(failed: BankFailure) -> Self {
        Self {
            serial: failed.serial,
            amount: failed.amount.to_string(),
            code: failed.failure.code,
            reason: failed.failure.reason,
        }
    }
}

async fn failures(
    caller: Caller,
    At(id): At<BankFileId>,
) -> Result<Answer<Page<BankFailureView>>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::failures_of(&mut work, id).await;
    let found = found.map_err(pay_problem)?;
    work.commit().await?;
    let views = found.into_iter().map(BankFailureView::of);
    Ok(Answer(Page::whole(views)))
}

async fn make(
    caller: Caller,
    once: Once,
    Sent(sent): Sent<BankFileEntry>,
) -> Result<Created, Problem> {
    let work = caller.proved(caller.work().await?).await?;
    once.create(work, async |work| {
        let id = app::allowances::make_bank_file(work, &sent.template, sent.sealed).await;
        let id = id.map_err(pay_problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

async fn take(caller: Caller, At(id): At<BankFileId>) -> Result<Download, Problem> {
    let mut work = caller.proved(caller.work().await?).await?;
    let taken = app::allowances::take_bank_file(&mut work, id).await;
    let (name, bytes) = taken.map_err(pay_problem)?;
    work.commit().await?;
    Ok(Download {
        media_type: "application/octet-stream".into(),
        name,
        bytes,
    })
}
