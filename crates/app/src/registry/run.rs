//! Running the jobs that officers ordered, one at a time, whatever becomes of the worker before.
//!
//! **Invariant.** What a job does and the word that it is done are one transaction: a worker that dies in between has
//! done nothing, and the next one begins anew.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use kernel::explain::{Explain, Lang};
use kernel::gazetteer::Gazetteer;
use ledger::Limits;
use ledger::check::{AgeLimits, Rules};
use ledger::header::Synonyms;
use ledger::values::Places;
use policy::Rulebook;
use serde_json::{Value, json};
use store::error::StoreError;
use store::organisation::divisions_around;
use store::registry::{Job, JobAdvanced, JobEnded, JobKind, TakenJob, job, job_content};
use store::work::{Store, Work};
use tokio::sync::watch;

use super::departments::{self, ListOfPersons, compare_departments};
use super::differences;
use super::export::{self, ExportError};
use super::import::{ImportRequest, count_children, import, tell_planner};
use super::national::{NationalList, compare_list};
use super::order::{ExportOrder, FileOrder};

/// How often a worker says that it is alive; the database gives it a minute.
const BEAT: Duration = Duration::from_secs(2);
/// How often an idle worker looks for a job.
const PAUSE: Duration = Duration::from_secs(2);

/// A job's outcome before it is written down: counts and a file, or the code of why not.
struct Outcome {
    result: Value,
    file: Option<(String, Vec<u8>)>,
    progress: u64,
    /// Children registered.
    registered: u64,
}

/// How far a job is: rows done, and rows to do where that is known.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    done: u64,
    total: Option<u64>,
}

/// Why a job came to nothing, by a stable code.
struct Fault(&'static str);

impl<E: Explain> From<E> for Fault {
    fn from(error: E) -> Self {
        Self(error.code())
    }
}

/// Runs jobs until `stop` is ready. A job under way is finished by another worker, or by this one at its next start.
pub async fn run_jobs(store: Store, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            match run_next(&store).await {
                Ok(true) => (),
                Ok(false) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    tracing::warn!(%error, "a job could not be run");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        };
        tokio::select! {
            () = &mut stop => return,
            () = next => (),
        }
    }
}

/// Runs the job that has waited longest; whether there was one.
///
/// # Errors
/// When the database does not answer. A job that comes to nothing is no error: it says so itself.
pub async fn run_next(store: &Store) -> Result<bool, StoreError> {
    let Some(taken) = store.take_job().await? else {
        return Ok(false);
    };
    let (progress, beat) = watch::channel(Progress::default());
    let ended = tokio::select! {
        ended = perform(store, &taken, progress) => ended,
        lost = keep_alive(store, &taken, beat) => lost,
    };
    store.leave_job(&taken.token).await?;
    match ended {
        // Another worker has it, or it is gone.
        Err(StoreError::NotFound) => Ok(true),
        ended => ended.map(|()| true),
    }
}

/// Says how far the job is, every now and then; comes back only when the job is this worker's no longer.
async fn keep_alive(
    store: &Store,
    taken: &TakenJob,
    beat: watch::Receiver<Progress>,
) -> Result<(), StoreError> {
    loop {
        tokio::time::sleep(BEAT).await;
        let Progress { done, total } = *beat.borrow();
        let mut work = store.begin(&taken.token, "job").await?;
        let advanced = JobAdvanced {
            id: taken.id,
            attempt: taken.attempt,
            progress: rows(done),
            total: total.map(rows),
        };
        work.apply(&advanced).await?;
        work.commit().await?;
    }
}

async fn perform(
    store: &Store,
    taken: &TakenJob,
    progress: watch::Sender<Progress>,
) -> Result<(), StoreError> {
    let mut work = store.begin(&taken.token, "job").await?;
    let job = job(&mut work, taken.id).await?;
    drop(work);
    let mut work = store.begin(&taken.token, &job.purpose).await?;
    let tell = |done, total| {
        progress.send_replace(Progress { done, total });
    };
    let done = match job.kind {
        JobKind::LedgerImport => import_ledger(&mut work, &job, tell).await,
        JobKind::NationalComparison => compare(&mut work, &job).await,
        JobKind::DepartmentComparison => compare_persons(&mut work, &job).await,
        JobKind::ChildrenExport => export_children(&mut work, &job, tell).await,
    };
    match done {
        Ok(outcome) => {
            let file = outcome.file.as_ref();
            let ended = JobEnded {
                job: &job,
                attempt: taken.attempt,
                outcome: Ok(outcome.result),
                file: file.map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
                progress: rows(outcome.progress),
            };
            work.apply(&ended).await?;
            work.commit().await?;
            tell_planner(store, &taken.token, outcome.registered).await;
            Ok(())
        }
        Err(Fault(code)) => {
            drop(work);
            let mut work = store.begin(&taken.token, &job.purpose).await?;
            let ended = JobEnded {
                job: &job,
                attempt: taken.attempt,
                outcome: Err(code),
                file: None,
                progress: 0,
            };
            work.apply(&ended).await?;
            work.commit().await
        }
    }
}

async fn import_ledger(
    work: &mut Work,
    job: &Job,
    progress: impl Fn(u64, Option<u64>),
) -> Result<Outcome, Fault> {
    let order: FileOrder =
        serde_json::from_value(job.request.clone()).map_err(|_| Fault("job.request"))?;
    let names = known_divisions(work, job).await?;
    let rules = rules(job, &names, order.as_of)?;
    let request = ImportRequest {
        content: job_content(work, job.id).await?,
        file_name: order.file_name,
        place: job.place,
        as_of: order.as_of,
    };
    let limits = Limits::default();
    let total = count_children(&request, &rules, limits).await?;
    progress(0, Some(total));
    let tell = |done| progress(done, Some(total));
    let done = import(work, &rules, limits, &request, Lang::Zh, tell).await?;
    let result = json!({
        "rows": done.rows, "registered": done.registered, "changed": done.changed, "linked": done.linked,
        "unchanged": done.unchanged, "elsewhere": done.elsewhere, "left_out": done.left_out.len(), "work_items": done.work_items,
    });
    let file = done
        .left_out_workbook
        .map(|bytes| ("未导入的行.xlsx".to_owned(), bytes));
    Ok(Outcome {
        result,
        file,
        progress: done.rows,
        registered: done.registered,
    })
}

/// What files of the job's place are read by.
fn rules(job: &Job, names: &Gazetteer, as_of: Date) -> Result<Arc<Rules>, Fault> {
    Ok(Arc::new(Rules {
        places: Places::new(names, job.place)?,
        synonyms: Synonyms::builtin()?,
        ages: AgeLimits::in_force(Rulebook::builtin(), as_of, job.place)?,
        as_of,
    }))
}

async fn compare(work: &mut Work, job: &Job) -> Result<Outcome, Fault> {
    let order: FileOrder =
        serde_json::from_value(job.request.clone()).map_err(|_| Fault("job.request"))?;
    let names = known_divisions(work, job).await?;
    let rules = rules(job, &names, order.as_of)?;
    let list = NationalList {
        content: job_content(work, job.id).await?,
        file_name: order.file_name,
        place: job.place,
    };
    let compared = compare_list(work, &rules, list).await?;
    let result = json!({
        "rows": compared.rows, "held": compared.held, "numbers": compared.numbers, "differences": compared.differences.len(),
        "work_items": compared.opened, "cleared": compared.cleared, "unknown_states": compared.unknown_states,
    });
    let written = differences::write(
        work,
        &compared.differences,
        order.as_of,
        &job.purpose,
        &names,
    );
    let bytes = written.await.map_err(workbook_fault)?;
    Ok(Outcome {
        result,
        file: bytes.map(|bytes| ("差异清单.xlsx".to_owned(), bytes)),
        progress: compared.rows,
        registered: 0,
    })
}

async fn compare_persons(work: &mut Work, job: &Job) -> Result<Outcome, Fault> {
    let order: FileOrder =
        serde_json::from_value(job.request.clone()).map_err(|_| Fault("job.request"))?;
    let names = known_divisions(work, job).await?;
    let rules = rules(job, &names, order.as_of)?;
    let list = ListOfPersons {
        list: order.list.ok_or(Fault("job.request"))?,
        content: job_content(work, job.id).await?,
        file_name: order.file_name,
        place: job.place,
        as_of: order.as_of,
    };
    let compared = compare_departments(work, &rules, list).await?;
    let result = json!({
        "rows": compared.rows, "unsound": compared.unsound, "named": compared.named, "doubts": compared.found.len(),
        "work_items": compared.opened, "cleared": compared.cleared,
    });
    let today = work.store().clock().today();
    let written = departments::write(work, &compared.found, today, &job.purpose, &names);
    let bytes = written.await.map_err(workbook_fault)?;
    Ok(Outcome {
        result,
        file: bytes.map(|bytes| ("疑点清单.xlsx".to_owned(), bytes)),
        progress: compared.rows,
        registered: 0,
    })
}

fn workbook_fault(error: ExportError) -> Fault {
    match error {
        ExportError::Case(error) => Fault::from(error),
        ExportError::Workbook(_) | ExportError::Broken => Fault("export.workbook"),
    }
}

async fn export_children(
    work: &mut Work,
    job: &Job,
    progress: impl Fn(u64, Option<u64>),
) -> Result<Outcome, Fault> {
    let order: ExportOrder =
        serde_json::from_value(job.request.clone()).map_err(|_| Fault("job.request"))?;
    let names = known_divisions(work, job).await?;
    let tell = |done| progress(done, None);
    let written = export::write(work, &order, &job.purpose, &names, tell).await;
    let (children, bytes) = written.map_err(workbook_fault)?;
    Ok(Outcome {
        result: json!({ "children": children }),
        file: Some(("儿童名单.xlsx".into(), bytes)),
        progress: children as u64,
        registered: 0,
    })
}

fn rows(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The divisions built in and those entered in this installation.
async fn known_divisions(work: &mut Work, job: &Job) -> Result<Gazetteer, StoreError> {
    let mut names = Gazetteer::builtin().clone();
    names.extend(divisions_around(work, job.place).await?);
    Ok(names)
}
