//! Jobs: what an officer orders and a worker does later, a ledger to import, a list to compare or an export to write.
//!
//! **Invariant.** A worker acts only under a session that the database gave it for a job that an officer ordered, and
//! what a job did is committed together with the word that it is done. What was uploaded is gone when it ends.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::division::Division;
use kernel::ids::JobId;
use kernel::journal::{Entry, Subject};
use serde_json::{Value, json};

use crate::error::StoreError;
use crate::registry::guardian::only_one;
use crate::seal::SealedAt;
use crate::session::SessionToken;
use crate::work::{Change, Pen, Store, Work};

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Imports a ledger.
    LedgerImport,
    /// Compares a list of the national system with the children on file.
    NationalComparison,
    /// Compares a list of another department with who is paid and who is not.
    DepartmentComparison,
    /// Writes children into a workbook.
    ChildrenExport,
}

impl JobKind {
    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::LedgerImport => "ledger_import",
            Self::NationalComparison => "national_comparison",
            Self::DepartmentComparison => "department_comparison",
            Self::ChildrenExport => "children_export",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [
            Self::LedgerImport,
            Self::NationalComparison,
            Self::DepartmentComparison,
            Self::ChildrenExport,
        ]
        .into_iter()
        .find(|kind| kind.code() == code)
    }
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Nobody has taken it yet.
    Queued,
    /// A worker is at it, or was and died: then another takes it.
    Running,
    /// It is done.
    Done,
    /// It came to nothing.
    Failed,
}

impl JobState {
    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// A job as whoever ordered it sees it.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// The division it is of.
    pub place: Division,
    /// What for.
    pub purpose: String,
    /// How far it is.
    pub state: JobState,
    /// What was asked for.
    pub request: Value,
    /// Rows done.
    pub progress: i64,
    /// Rows to do, where that is known.
    pub total: Option<i64>,
    /// What it came to, in counts.
    pub result: Option<Value>,
    /// Why it failed, by its code.
    pub fault: Option<String>,
    /// The name of the file it made, while that is kept.
    pub file_name: Option<String>,
    /// When it was ordered.
    pub made_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

struct JobRow {
    id: uuid::Uuid,
    kind: String,
    place: i64,
    purpose: String,
    state: String,
    request: Value,
    progress: i64,
    total: Option<i64>,
    result: Option<Value>,
    fault: Option<String>,
    file_name: Option<String>,
    made_at: jiff_sqlx::Timestamp,
    finished_at: Option<jiff_sqlx::Timestamp>,
}

impl JobRow {
    fn job(self) -> Result<Job, StoreError> {
        let corrupt = |column| StoreError::Corrupt {
            table: "registry_job",
            column,
        };
        Ok(Job {
            id: JobId::from_uuid(self.id),
            kind: JobKind::from_code(&self.kind).ok_or_else(|| corrupt("kind"))?,
            place: Division::new(self.place).map_err(|_| corrupt("place"))?,
            purpose: self.purpose,
            state: JobState::from_code(&self.state).ok_or_else(|| corrupt("state"))?,
            request: self.request,
            progress: self.progress,
            total: self.total,
            result: self.result,
            fault: self.fault,
            file_name: self.file_name,
            made_at: self.made_at.to_jiff(),
            finished_at: self.finished_at.map(|at| at.to_jiff()),
        })
    }
}

/// The officer's own jobs before `before`, the latest first, up to `size`.
///
/// # Errors
/// When the database does not answer.
pub async fn jobs(
    work: &mut Work,
    before: Option<JobId>,
    size: u16,
) -> Result<Vec<Job>, StoreError> {
    let rows = sqlx::query_as!(
        JobRow,
        r#"SELECT id, kind, place, purpose, state, request, progress, total, result, fault,
                  CASE WHEN file IS NOT NULL THEN file_name END AS file_name,
                  made_at AS "made_at: jiff_sqlx::Timestamp", finished_at AS "finished_at: jiff_sqlx::Timestamp"
           FROM registry_job WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2"#,
        before.map(JobId::uuid),
        i64::from(size),
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(JobRow::job).collect()
}

/// One of the officer's own jobs.
///
/// # Errors
/// [`StoreError::NotFound`] for a job that is not there or not the officer's.
pub async fn job(work: &mut Work, id: JobId) -> Result<Job, StoreError> {
    sqlx::query_as!(
        JobRow,
        r#"SELECT id, kind, place, purpose, state, request, progress, total, result, fault,
                  CASE WHEN file IS NOT NULL THEN file_name END AS file_name,
                  made_at AS "made_at: jiff_sqlx::Timestamp", finished_at AS "finished_at: jiff_sqlx::Timestamp"
           FROM registry_job WHERE id = $1"#,
        id.uuid(),
    )
    .fetch_one(work.conn())
    .await?
    .job()
}

fn cell(column: &'static str, job: JobId) -> SealedAt {
    SealedAt {
        table: "registry_job",
        column,
        row: job.uuid(),
    }
}

/// What was uploaded for a job that has not ended.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none (any more).
pub async fn job_content(work: &mut Work, id: JobId) -> Result<Vec<u8>, StoreError> {
    let sealed = sqlx::query_scalar!(
        r#"SELECT content::bytea AS content FROM registry_job WHERE id = $1"#,
        id.uuid()
    )
    .fetch_one(work.conn())
    .await?
    .ok_or(StoreError::NotFound)?;
    Ok(work
        .store()
        .sealer()
        .open(cell("content", id), &sealed)?
        .to_vec())
}

/// The file a job made, and its name.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none (any more).
pub async fn job_file(work: &mut Work, id: JobId) -> Result<(String, Vec<u8>), StoreError> {
    let row = sqlx::query!(
        r#"SELECT file::bytea AS file, file_name FROM registry_job WHERE id = $1"#,
        id.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    let (sealed, name) = row.file.zip(row.file_name).ok_or(StoreError::NotFound)?;
    let plain = work.store().sealer().open(cell("file", id), &sealed)?;
    Ok((name, plain.to_vec()))
}

/// A job ordered.
#[derive(Debug)]
pub struct JobOrdered<'a> {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// The appointment that orders it.
    pub appointment: kernel::ids::AppointmentId,
    /// The division it is of, within the officer's reach.
    pub place: Division,
    /// What for.
    pub purpose: &'a str,
    /// What is asked for, without personal data.
    pub request: Value,
    /// What was uploaded for it, to be sealed.
    pub content: Option<&'a [u8]>,
}

impl Change for JobOrdered<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let content = self
            .content
            .map(|bytes| pen.sealer.seal(cell("content", self.id), bytes));
        sqlx::query!(
            "INSERT INTO registry_job (id, kind, officer_id, appointment_id, place, purpose, request, content, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8::bytea, $9)",
            self.id.uuid(),
            self.kind.code(),
            pen.officer.uuid(),
            self.appointment.uuid(),
            self.place.code(),
            self.purpose,
            self.request,
            content as _,
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let after =
            json!({ "kind": self.kind.code(), "purpose": self.purpose, "request": self.request });
        vec![
            Entry::new("registry.job_ordered", Subject::new("job", self.id.uuid()))
                .at(self.place)
                .after(after),
        ]
    }
}

/// A job a worker has taken, with the session it works under.
#[derive(Debug, Clone)]
pub struct TakenJob {
    /// The job.
    pub id: JobId,
    /// How often it has been taken, this time included.
    pub attempt: i32,
    /// The session of the appointment that ordered it.
    pub token: SessionToken,
}

impl Store {
    /// Takes the job that has waited longest, or one whose worker is dead; nothing when none waits.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_job(&self) -> Result<Option<TakenJob>, StoreError> {
        let token = SessionToken::generate(self.entropy());
        let taken = sqlx::query!(
            r#"SELECT job AS "job!", attempt AS "attempt!" FROM auth.take_job($1, $2)"#,
            token.hash(),
            self.clock().now().to_sqlx() as _,
        )
        .fetch_optional(self.pool())
        .await?;
        Ok(taken.map(|taken| TakenJob {
            id: JobId::from_uuid(taken.job),
            attempt: taken.attempt,
            token,
        }))
    }

    /// Ends the session a worker was given.
    ///
    /// # Errors
    /// When the database does not answer; the session then ends by itself.
    pub async fn leave_job(&self, token: &SessionToken) -> Result<(), StoreError> {
        let mut tx = self.pool().begin().await?;
        sqlx::query!("SELECT set_config('hutong.token', $1, true)", token.hex())
            .fetch_one(&mut *tx)
            .await?;
        sqlx::query!(r#"SELECT auth.leave_job() IS NULL AS "left!""#)
            .fetch_one(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

/// A sign of life from a worker: how far it is. The journal is told when the job ends.
#[derive(Debug)]
pub struct JobAdvanced {
    /// The job.
    pub id: JobId,
    /// Which attempt this is.
    pub attempt: i32,
    /// Rows done.
    pub progress: i64,
    /// Rows to do, where that is known.
    pub total: Option<i64>,
}

impl Change for JobAdvanced {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "UPDATE registry_job SET progress = $3, total = $4, leased_until = clock_timestamp() + interval '1 minute'
             WHERE id = $1 AND attempt = $2 AND state = 'running'",
            self.id.uuid(),
            self.attempt,
            self.progress,
            self.total,
        )
        .execute(&mut *pen.conn)
        .await?;
        only_one(done.rows_affected())
    }

    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

/// A job ended: what it came to, and the file it made.
#[derive(Debug)]
pub struct JobEnded<'a> {
    /// The job as it was taken.
    pub job: &'a Job,
    /// Which attempt this is; another worker's ends nothing.
    pub attempt: i32,
    /// What it came to in counts, or the code of why not.
    pub outcome: Result<Value, &'a str>,
    /// The file it made, to be sealed, and its name.
    pub file: Option<(&'a str, &'a [u8])>,
    /// Rows done.
    pub progress: i64,
}

impl Change for JobEnded<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let id = self.job.id;
        let (state, result, fault) = match &self.outcome {
            Ok(result) => (JobState::Done, Some(result), None),
            Err(fault) => (JobState::Failed, None, Some(*fault)),
        };
        let file = self
            .file
            .map(|(_, bytes)| pen.sealer.seal(cell("file", id), bytes));
        let done = sqlx::query!(
            "UPDATE registry_job SET state = $3, result = $4, fault = $5, file = $6::bytea, file_name = $7, finished_at = $8,
                 progress = $9, content = NULL, leased_until = NULL
             WHERE id = $1 AND attempt = $2 AND state = 'running'",
            id.uuid(),
            self.attempt,
            state.code(),
            result as _,
            fault,
            file as _,
            self.file.map(|(name, _)| name),
            pen.now.to_sqlx() as _,
            self.progress,
        )
        .execute(&mut *pen.conn)
        .await?;
        only_one(done.rows_affected())
    }

    fn entries(&self) -> Vec<Entry> {
        let (action, after) = match &self.outcome {
            Ok(result) => ("registry.job_done", result.clone()),
            Err(fault) => ("registry.job_failed", json!({ "fault": fault })),
        };
        vec![
            Entry::new(action, Subject::new("job", self.job.id.uuid()))
                .at(self.job.place)
                .after(after),
        ]
    }
}

/// Whoever ordered a job took the file it made.
#[derive(Debug)]
pub struct JobFileTaken<'a>(pub &'a Job);

impl Change for JobFileTaken<'_> {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let after = json!({ "kind": self.0.kind.code(), "file": self.0.file_name });
        vec![
            Entry::new(
                "registry.job_file_taken",
                Subject::new("job", self.0.id.uuid()),
            )
            .at(self.0.place)
            .after(after),
        ]
    }
}
