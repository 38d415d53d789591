//! Importing a ledger: every child it lists is on file afterwards, whatever is wrong with the row.
//!
//! **Invariant.** One file is one transaction: killed at any moment, the file is wholly in or wholly out. Only rows that
//! name no child, no place, a place of another unit, or another child's id are left out, into a marked workbook.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use kernel::ids::LedgerId;
use kernel::roles::{Action, can};
use ledger::check::{Checker, Code, FileReport, Rules};
use ledger::mark::{Copied, Marked};
use ledger::read::Workbook;
use ledger::record::ChildRecord;
use ledger::{LedgerError, Limits};
use store::error::StoreError;
use store::registry::{
    LedgerTaken, Names, NamesFiled, Prepared, already_taken, refresh_statistics,
};
use store::session::SessionToken;
use store::work::{Store, Work};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::case_error::CaseError;
use super::circumstances::has_come;
use super::record;
use super::taking::{Sought, Source, Taken, seek, take};

/// Rows taken in together: few statements for many rows, and little in memory.
const CHUNK: u64 = 4_000;

/// So many children make what the database's planner believes of the registry wrong.
const MANY: u64 = 2_000;

/// A ledger to import.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// The file's name.
    pub file_name: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// The division it is of.
    pub place: Division,
    /// The day it states.
    pub as_of: Date,
}

/// What an import did, or on a dry run would have done.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// The file's name.
    pub file: String,
    /// Data rows.
    pub rows: u64,
    /// Children registered.
    pub registered: u64,
    /// Children on file whose facts or class changed.
    pub changed: u64,
    /// Children on file that another ledger lists too.
    pub linked: u64,
    /// Rows that said nothing new.
    pub unchanged: u64,
    /// Children on file beyond the officer's sight.
    pub elsewhere: u64,
    /// Rows left out, by their numbers.
    pub left_out: Vec<u32>,
    /// A workbook of the rows left out, their faults marked, for the office to correct and send again.
    #[serde(skip)]
    pub left_out_workbook: Option<Vec<u8>>,
    /// Where the caller put that workbook.
    pub left_out_file: Option<PathBuf>,
    /// Work items opened.
    pub work_items: u64,
}

/// Why a ledger was not imported. Nothing of it is in the registry then.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The role imports no ledgers, or the place is not the officer's.
    #[error("the place is not within reach of this officer")]
    NotYours,
    /// The day that the ledger states is yet to come.
    #[error(transparent)]
    Day(#[from] CaseError),
    /// The file cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The reader stopped before the end.
    #[error("reading the file was interrupted")]
    Interrupted,
}

impl Explain for ImportError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotYours => "import.not_yours",
            Self::Day(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Interrupted => "import.interrupted",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Day(error), _) => error.explain(lang),
            (Self::Ledger(error), _) => error.explain(lang),
            (Self::Store(error), _) => error.explain(lang),
            (Self::NotYours, Lang::Zh) => "所填地区不在您的范围内，未导入。请由该地区的经办人员导入，或核对 --place。".into(),
            (Self::NotYours, Lang::En) => "This place is not within your reach, so nothing was imported. Let its own officer import it, or check --place.".into(),
            (Self::Interrupted, Lang::Zh) => "读取文件时中断，未导入任何内容。请重试。".into(),
            (Self::Interrupted, Lang::En) => "Reading the file was interrupted and nothing was imported. Try again.".into(),
        }
    }
}

/// Takes a ledger in. The caller commits the work, or drops it for a dry run.
///
/// `progress` is told how many rows are done.
///
/// # Errors
/// [`ImportError`]; the work is then of no further use.
pub async fn import(
    work: &mut Work,
    rules: &Arc<Rules>,
    limits: Limits,
    request: &ImportRequest,
    lang: Lang,
    progress: impl Fn(u64),
) -> Result<Imported, ImportError> {
    if !can(work.role(), Action::ImportLedger) || !work.reach().contains(request.place) {
        return Err(ImportError::NotYours);
    }
    has_come(work, request.as_of)?;
    let ledger = LedgerId::generate(work.now(), work.store().entropy());
    let source = Source {
        ledger,
        as_of: request.as_of,
        place: request.place,
        now: work.now(),
    };
    let (chunks, reader) = read_in_background(work, source, rules, limits, request);
    let (registered, names) = gather_names();
    let (rows, mut left_out, taken) = take_all(work, source, chunks, registered, progress).await?;
    let names = names.await.map_err(|_| ImportError::Interrupted)?;
    work.apply(&NamesFiled(&names)).await?;
    let read = reader.await.map_err(|_| ImportError::Interrupted)??;
    left_out.extend(&taken.other_name);
    left_out.sort_unstable();
    let left_out_workbook = mark(
        read,
        &taken.other_name,
        request.as_of,
        lang,
        !left_out.is_empty(),
    )
    .await?;
    if already_taken(work, request.place, request.as_of, &request.content)
        .await?
        .is_none()
    {
        work.apply(&LedgerTaken {
            id: ledger,
            place: request.place,
            as_of: request.as_of,
            file_name: &request.file_name,
            content: &request.content,
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            left_out: u32::try_from(left_out.len()).unwrap_or(u32::MAX),
        })
        .await?;
    }
    Ok(Imported {
        file: request.file_name.clone(),
        rows,
        registered: taken.registered,
        changed: taken.amended,
        linked: taken.linked,
        unchanged: taken.unchanged,
        elsewhere: taken.elsewhere,
        left_out,
        left_out_workbook,
        left_out_file: None,
        work_items: taken.work_items,
    })
}

/// Tells the database's planner of the many children that a committed ledger brought. Nobody waits for it: till then, or
/// should it come to nothing, the database finds out by itself within minutes.
pub async fn tell_planner(store: &Store, token: &SessionToken, registered: u64) {
    if registered < MANY {
        return;
    }
    let told = async {
        let mut work = store.begin(token, "import").await?;
        refresh_statistics(&mut work).await?;
        work.commit().await
    };
    if let Err(error) = told.await {
        tracing::warn!(%error, "the planner was not told of the ledger");
    }
}

/// The children a ledger lists, for whoever waits to see how far its import is.
///
/// # Errors
/// [`ImportError::Ledger`] for a file that cannot be read.
pub(super) async fn count_children(
    request: &ImportRequest,
    rules: &Arc<Rules>,
    limits: Limits,
) -> Result<u64, ImportError> {
    let (name, content) = (request.file_name.clone(), request.content.clone());
    let rules = Arc::clone(rules);
    let counting = spawn_blocking(move || {
        let mut workbook = Workbook::from_bytes(&name, content, &limits)?;
        let mut children = 0;
        Checker::new(&rules).check(&mut workbook, |_| children += 1)?;
        Ok(children)
    });
    counting.await.map_err(|_| ImportError::Interrupted)?
}

/// Rows of a ledger as they come from its reader.
struct Chunk {
    rows: u64,
    left_out: Vec<u32>,
    sought: Vec<Sought>,
}

impl Chunk {
    /// With room for all: a row is large, and to move it dear.
    fn empty() -> Self {
        Self {
            rows: 0,
            left_out: Vec::new(),
            sought: Vec::with_capacity(CHUNK as usize),
        }
    }

    fn add(
        &mut self,
        store: &Store,
        source: Source,
        record: ChildRecord,
    ) -> Result<(), StoreError> {
        self.rows += 1;
        let number = record.row;
        match record::row(record, source.place) {
            Some(row) => self.sought.push(seek(store, source, row)?),
            None => self.left_out.push(number),
        }
        Ok(())
    }
}

/// Takes in every chunk as it is read: how many rows there were, which were left out, and what became of the others.
async fn take_all(
    work: &mut Work,
    source: Source,
    mut chunks: mpsc::Receiver<Chunk>,
    registered: mpsc::UnboundedSender<Vec<Prepared>>,
    progress: impl Fn(u64),
) -> Result<(u64, Vec<u32>, Taken), StoreError> {
    let (mut rows, mut left_out, mut taken) = (0, Vec::new(), Taken::default());
    while let Some(chunk) = chunks.recv().await {
        rows += chunk.rows;
        left_out.extend(chunk.left_out);
        let (done, new) = take(work, source, chunk.sought).await?;
        taken.add(done);
        // Should nobody receive, whoever waits for the names is told.
        let _ = registered.send(new);
        progress(rows);
    }
    Ok((rows, left_out, taken))
}

type Read = (Workbook, FileReport);
type Reader = JoinHandle<Result<Read, ImportError>>;

/// Reads, checks and makes ready on a thread of its own, a chunk ahead of what is being written.
fn read_in_background(
    work: &Work,
    source: Source,
    rules: &Arc<Rules>,
    limits: Limits,
    request: &ImportRequest,
) -> (mpsc::Receiver<Chunk>, Reader) {
    let (sender, receiver) = mpsc::channel(2);
    let (store, reach, rules, name, content) = (
        work.store().clone(),
        work.reach().clone(),
        Arc::clone(rules),
        request.file_name.clone(),
        request.content.clone(),
    );
    let reader = spawn_blocking(move || {
        let mut workbook = Workbook::from_bytes(&name, content, &limits)?;
        let (mut chunk, mut sought) = (Chunk::empty(), Ok(()));
        // A receiver that is gone has failed; its error is the one to tell, so a failed send is none.
        let report = Checker::new(&rules)
            .within(reach)
            .check(&mut workbook, |record| {
                if sought.is_ok() {
                    sought = chunk.add(&store, source, record);
                }
                if chunk.rows == CHUNK {
                    let _ = sender.blocking_send(std::mem::replace(&mut chunk, Chunk::empty()));
                }
            })?;
        sought?;
        let _ = sender.blocking_send(chunk);
        Ok((workbook, report))
    });
    (receiver, reader)
}

/// Gathers the names of what was registered, on a thread of its own: they are sorted when the last row is in, and the
/// memory of the rows is given back while the database writes the next.
fn gather_names() -> (mpsc::UnboundedSender<Vec<Prepared>>, JoinHandle<Names>) {
    let (sender, mut receiver) = mpsc::unbounded_channel::<Vec<Prepared>>();
    let gathered = spawn_blocking(move || {
        let mut names = Names::default();
        while let Some(registered) = receiver.blocking_recv() {
            names.add(&registered);
        }
        names.sorted()
    });
    (sender, gathered)
}

/// The rows left out as a workbook of their own.
async fn mark(
    read: Read,
    other_name: &[u32],
    on: Date,
    lang: Lang,
    any: bool,
) -> Result<Option<Vec<u8>>, ImportError> {
    if !any {
        return Ok(None);
    }
    let (mut workbook, mut report) = read;
    for &row in other_name {
        report.add_at_resident_id(row, Code::OnFileUnderOtherName);
    }
    let marking = spawn_blocking(move || {
        let mut marked = Marked::new(on, lang);
        marked.add(&mut workbook, &report, Copied::Blocked)?;
        marked.into_bytes()
    });
    Ok(Some(marking.await.map_err(|_| ImportError::Interrupted)??))
}
