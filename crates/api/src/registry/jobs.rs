//! `/api/registry/ledgers`, `…/national-lists`, `…/department-lists`, `…/exports`, `…/jobs`: what takes its time.

use app::registry::{ExportForm, ExportOrder, UploadedLedger};
use domain::registry::DepartmentList;
use jiff::civil::Date;
use kernel::ids::{ChildId, JobId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::registry::Job;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::{category, division, invalid, problem, purpose, sex};
use crate::operation::{
    Answer, Asked, At, Caller, Created, Cursor, Download, Once, Operation, Page, PageSize, Sent,
    SentFile,
};
use crate::problem::{Kind, Problem};

/// The most bytes of an uploaded ledger.
const LARGEST_LEDGER: usize = 64 << 20;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("registry.upload_ledger", "/api/registry/ledgers")
            .needs(Action::ImportLedger)
            .summary("Upload a ledger, to be imported as a job")
            .body_limit(LARGEST_LEDGER)
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(upload),
        Operation::post("registry.compare_national", "/api/registry/national-lists")
            .needs(Action::ImportLedger)
            .summary("Upload a list of the national system, to be compared as a job with the children on file")
            .body_limit(LARGEST_LEDGER)
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(compare),
        Operation::post("registry.compare_departments", "/api/registry/department-lists")
            .needs(Action::ImportLedger)
            .summary("Upload a list of another department, to be compared as a job with who is paid and who is not")
            .body_limit(LARGEST_LEDGER)
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(compare_departments),
        Operation::post("registry.export", "/api/registry/exports")
            .needs(Action::ExportChildren)
            .summary("Order an export of children for a stated purpose")
            .answers_problems(&[Kind::Conflict, Kind::Reauthenticate])
            .handled_by(export),
        Operation::get("registry.jobs", "/api/registry/jobs")
            .needs(Action::ImportLedger)
            .summary("List the caller's own jobs, the latest first")
            .handled_by(list),
        Operation::get("registry.job", "/api/registry/jobs/{id}")
            .needs(Action::ImportLedger)
            .summary("See how far a job of the caller's own is")
            .handled_by(one),
        Operation::get("registry.job_file", "/api/registry/jobs/{id}/file")
            .needs(Action::ImportLedger)
            .summary("Take the workbook that a job made, which the journal keeps")
            .answers_problems(&[Kind::Reauthenticate])
            .handled_by(file),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LedgerUpload {
    /// The division the ledger is of, as its code.
    place: i64,
    /// The day it states.
    as_of: Date,
    /// The file's name; its ending tells nothing, its content does.
    name: String,
}

impl LedgerUpload {
    fn of<'a>(&'a self, content: &'a [u8]) -> Result<UploadedLedger<'a>, Problem> {
        if self.name.trim().is_empty() || self.name.chars().any(char::is_control) {
            return Err(invalid("name"));
        }
        Ok(UploadedLedger {
            file_name: &self.name,
            content,
            place: division("place", self.place)?,
            as_of: self.as_of,
        })
    }
}

async fn upload(
    caller: Caller,
    once: Once,
    Asked(about): Asked<LedgerUpload>,
    SentFile(content): SentFile,
) -> Result<Created, Problem> {
    let ledger = about.of(&content)?;
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::registry::order_import(work, ledger).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

async fn compare(
    caller: Caller,
    once: Once,
    Asked(about): Asked<LedgerUpload>,
    SentFile(content): SentFile,
) -> Result<Created, Problem> {
    let list = about.of(&content)?;
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::registry::order_comparison(work, list).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DepartmentUpload {
    /// What the list is of: `deaths prison_terms disabilities low_income`.
    list: String,
    /// The division whose children it is compared with, as its code.
    place: i64,
    /// The day it states.
    as_of: Date,
    /// The file's name; its ending tells nothing, its content does.
    name: String,
}

async fn compare_departments(
    caller: Caller,
    once: Once,
    Asked(about): Asked<DepartmentUpload>,
    SentFile(content): SentFile,
) -> Result<Created, Problem> {
    let list = DepartmentList::from_code(&about.list).ok_or_else(|| invalid("list"))?;
    let about = LedgerUpload {
        place: about.place,
        as_of: about.as_of,
        name: about.name,
    };
    let uploaded = about.of(&content)?;
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::registry::order_department_comparison(work, list, uploaded).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

/// Which children are exported, and what for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExportWanted {
    /// The division, as its code.
    within: i64,
    /// Those who hold this class on the day.
    category: Option<String>,
    /// The day of which classes are told; today without it.
    on: Option<Date>,
    /// `male` or `female`.
    sex: Option<String>,
    /// Born on this day or later.
    born_from: Option<Date>,
    /// Born on this day or earlier.
    born_to: Option<Date>,
    /// These children alone, at most 2,000; without them, those of the filter.
    #[serde(default)]
    #[schema(max_items = 2000)]
    chosen: Vec<Uuid>,
    /// `list`, `roster` to sign on paper, or `ledger` as the county lays its own out [default: `list`].
    form: Option<String>,
    /// What for, 1 to 200 characters; it stands in the workbook.
    #[schema(min_length = 1, max_length = 200)]
    purpose: String,
}

fn form(code: Option<&str>) -> Result<ExportForm, Problem> {
    match code {
        None | Some("list") => Ok(ExportForm::List),
        Some("roster") => Ok(ExportForm::Roster),
        Some("ledger") => Ok(ExportForm::Ledger),
        Some(_) => Err(invalid("form")),
    }
}

async fn export(
    caller: Caller,
    once: Once,
    Sent(wanted): Sent<ExportWanted>,
) -> Result<Created, Problem> {
    let today = caller.store().clock().today();
    let class = wanted.category.as_deref().map(|c| category("category", c));
    let of_sex = wanted.sex.as_deref().map(|code| sex("sex", code));
    let order = ExportOrder {
        within: division("within", wanted.within)?,
        category: class.transpose()?,
        on: wanted.on.unwrap_or(today),
        sex: of_sex.transpose()?,
        born_from: wanted.born_from,
        born_to: wanted.born_to,
        chosen: wanted.chosen.into_iter().map(ChildId::from_uuid).collect(),
        form: form(wanted.form.as_deref())?,
    };
    let purpose = purpose(&wanted.purpose)?;
    let work = caller.proved(caller.work().await?).await?;
    once.create(work, async |work| {
        let id = app::registry::order_export(work, &order, purpose).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

/// A job and how far it is.
#[derive(Serialize, ToSchema)]
struct JobView {
    id: Uuid,
    /// `ledger_import`, `national_comparison`, `department_comparison` or `children_export`.
    kind: &'static str,
    /// What a list of another department is of.
    list: Option<String>,
    /// The division it is of, as its code.
    place: i64,
    purpose: String,
    /// `queued`, `running`, `done` or `failed`.
    state: &'static str,
    /// Rows done.
    progress: i64,
    /// Rows to do, where that is known.
    total: Option<i64>,
    /// What it came to, in counts.
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    /// Why it failed, by its code.
    fault: Option<String>,
    /// The name of the workbook it made, kept for a day.
    file: Option<String>,
    made_at: jiff::Timestamp,
    finished_at: Option<jiff::Timestamp>,
}

impl JobView {
    fn of(job: Job) -> Self {
        Self {
            id: job.id.uuid(),
            list: job.request["list"].as_str().map(str::to_owned),
            kind: job.kind.code(),
            place: job.place.code(),
            purpose: job.purpose,
            state: job.state.code(),
            progress: job.progress,
            total: job.total,
            result: job.result,
            fault: job.fault,
            file: job.file_name,
            made_at: job.made_at,
            finished_at: job.finished_at,
        }
    }
}

async fn list(
    caller: Caller,
    Asked(page): Asked<PageSize>,
) -> Result<Answer<Page<JobView>>, Problem> {
    let size = PageSize::of(page.limit)?;
    let before = page.cursor.as_deref().map(Cursor::read::<JobId>);
    let mut work = caller.work().await?;
    let asked = u16::try_from(size).unwrap_or(u16::MAX);
    let jobs = store::registry::jobs(&mut work, before.transpose()?, asked).await?;
    work.commit().await?;
    let next = match jobs.last() {
        Some(last) if jobs.len() == size => Some(Cursor::write(&last.id)),
        _ => None,
    };
    let items = jobs.into_iter().map(JobView::of).collect();
    Ok(Answer(Page { items, next }))
}

async fn one(caller: Caller, At(id): At<JobId>) -> Result<Answer<JobView>, Problem> {
    let mut work = caller.work().await?;
    let job = store::registry::job(&mut work, id).await?;
    work.commit().await?;
    Ok(Answer(JobView::of(job)))
}

async fn file(caller: Caller, At(id): At<JobId>) -> Result<Download, Problem> {
    // The order was given by the officer in person; who is at the screen when the file leaves the house is asked anew.
    let mut work = caller.proved(caller.work().await?).await?;
    let taken = app::registry::take_file(&mut work, id).await;
    let (_, bytes) = taken.map_err(problem)?;
    work.commit().await?;
    Ok(Download {
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".into(),
        name: format!("hutong-{id}.xlsx"),
        bytes,
    })
}
