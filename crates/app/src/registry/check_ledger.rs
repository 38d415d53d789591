//! Checking a ledger before it is imported: its faults cell by cell, and nothing written anywhere.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kernel::explain::{Explain, Lang};
use kernel::gazetteer::Gazetteer;
use kernel::reach::Reach;
use kernel::roles::Action;
use ledger::check::{AgeLimits, Checker, FileReport, Issue, Rules, Severity};
use ledger::header::Synonyms;
use ledger::mark::{Copied, Marked};
pub use ledger::read::Corrections;
use ledger::read::Workbook;
use ledger::values::Places;
use ledger::{LedgerError, Limits};
use policy::{NotInForce, Rulebook};
use store::error::StoreError;
use store::organisation::divisions_around;
use store::work::Work;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::case_error::{CaseError, Hindrance};
use super::circumstances::has_come;
use super::order::{UploadedLedger, within_reach};

/// The most bytes of a ledger that is checked while its officer waits; a larger one is imported as it is.
pub const LARGEST_CHECKED: usize = 20 << 20;

/// One at a time: a workbook may inflate to some hundred megabytes in memory.
static TURN: Semaphore = Semaphore::const_new(1);

/// The most faulty rows that are told: who has more puts these right first, or the file itself.
const MOST_ROWS: usize = 500;

/// A ledger that was read through.
#[derive(Debug)]
pub struct CheckedLedger {
    report: FileReport,
    names: HashMap<u32, String>,
    workbook: Workbook,
    on: jiff::civil::Date,
}

/// What is wrong with a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// Rows of children, faulty ones too.
    pub children: u64,
    /// Faulty cells.
    pub faults: usize,
    /// Rows that an import leaves out.
    pub left_out: usize,
    /// Rows that an import takes in, their doubtful cells left empty.
    pub doubtful: usize,
    /// Faulty rows, those left out first; at most 500.
    pub rows: Vec<FaultyRow>,
    /// Further sheets that look like ledgers and are not read.
    pub passed_over: Vec<String>,
}

/// A row with faulty cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultyRow {
    /// The row, as the spreadsheet counts.
    pub row: u32,
    /// The child's name, as written.
    pub name: String,
    /// Whether an import leaves it out.
    pub left_out: bool,
    /// From left to right.
    pub faults: Vec<FaultyCell>,
}

/// A fault at a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultyCell {
    /// The column's place, from 0.
    pub column: usize,
    /// Its heading, as written.
    pub heading: String,
    /// What the cell holds.
    pub text: String,
    /// What is wrong, by its code.
    pub code: &'static str,
    /// Whether it keeps the row out.
    pub left_out: bool,
    /// What is wrong and what to do.
    pub message: String,
}

/// Why a ledger was not checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It is not the officer's to check, or not to be checked at all.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The file cannot be read as a ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The rulebook has no limits for that day.
    #[error(transparent)]
    Rules(#[from] NotInForce),
    /// The reader stopped before the end.
    #[error("reading the file was interrupted")]
    Interrupted,
}

impl From<StoreError> for CheckError {
    fn from(error: StoreError) -> Self {
        Self::Case(CaseError::Store(error))
    }
}

impl Explain for CheckError {
    fn code(&self) -> &'static str {
        match self {
            Self::Case(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Rules(error) => error.code(),
            Self::Interrupted => "import.interrupted",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Case(error), _) => error.explain(lang),
            (Self::Ledger(error), _) => error.explain(lang),
            (Self::Rules(error), _) => error.explain(lang),
            (Self::Interrupted, Lang::Zh) => "读取文件时中断，请重试。".into(),
            (Self::Interrupted, Lang::En) => "Reading the file was interrupted. Try again.".into(),
        }
    }
}

/// Checks a ledger as an import would read it, after these corrections.
///
/// # Errors
/// [`CheckError`]; the place has to be within the officer's reach, the day not to come.
pub async fn check_ledger(
    mut work: Work,
    ledger: UploadedLedger<'_>,
    corrections: Corrections,
) -> Result<CheckedLedger, CheckError> {
    within_reach(&mut work, Action::ImportLedger, ledger.place).await?;
    if ledger.content.is_empty() || ledger.content.len() > LARGEST_CHECKED {
        return Err(CaseError::from(Hindrance::Size).into());
    }
    has_come(&work, ledger.as_of)?;
    let rules = rules(&mut work, ledger).await?;
    let reach = work.reach().clone();
    // No transaction stays open while a file is read.
    work.commit().await?;
    let (name, content) = (ledger.file_name.to_owned(), ledger.content.to_vec());
    let _turn = TURN.acquire().await.map_err(|_| CheckError::Interrupted)?;
    let checking = spawn_blocking(move || read(&name, content, corrections, (&rules, reach)));
    checking.await.map_err(|_| CheckError::Interrupted)?
}

async fn rules(work: &mut Work, ledger: UploadedLedger<'_>) -> Result<Arc<Rules>, CheckError> {
    let mut names = Gazetteer::builtin().clone();
    names.extend(divisions_around(work, ledger.place).await?);
    Ok(Arc::new(Rules {
        places: Places::new(&names, ledger.place)?,
        synonyms: Synonyms::builtin()?,
        ages: AgeLimits::in_force(Rulebook::builtin(), ledger.as_of, ledger.place)?,
        as_of: ledger.as_of,
    }))
}

fn read(
    name: &str,
    content: Vec<u8>,
    corrections: Corrections,
    (rules, reach): (&Rules, Reach),
) -> Result<CheckedLedger, CheckError> {
    let mut workbook = Workbook::from_bytes(name, content, &Limits::default())?;
    workbook.correct(corrections);
    let mut names = HashMap::new();
    let report = Checker::new(rules)
        .within(reach)
        .check(&mut workbook, |record| {
            if !record.issues.is_empty() {
                names.insert(record.row, record.name.raw);
            }
        })?;
    Ok(CheckedLedger {
        report,
        names,
        workbook,
        on: rules.as_of,
    })
}

fn blocks(issue: &Issue) -> bool {
    issue.code.severity() == Severity::Block
}

impl CheckedLedger {
    /// What is wrong with it, in words.
    #[must_use]
    pub fn findings(&self, lang: Lang) -> Findings {
        let mut by_row: BTreeMap<u32, Vec<&Issue>> = BTreeMap::new();
        for issue in &self.report.issues {
            by_row.entry(issue.row).or_default().push(issue);
        }
        let (kept_out, in_doubt): (Vec<_>, Vec<_>) = by_row
            .iter()
            .partition(|(_, issues)| issues.iter().any(|issue| blocks(issue)));
        let (left_out, doubtful) = (kept_out.len(), in_doubt.len());
        let rows = kept_out.into_iter().chain(in_doubt).take(MOST_ROWS);
        Findings {
            children: self.report.children,
            faults: self.report.issues.len(),
            left_out,
            doubtful,
            rows: rows
                .map(|(row, issues)| self.row(*row, issues, lang))
                .collect(),
            passed_over: self.report.layout.passed_over.clone(),
        }
    }

    fn row(&self, row: u32, issues: &[&Issue], lang: Lang) -> FaultyRow {
        let cell = |issue: &&Issue| FaultyCell {
            column: issue.place,
            heading: issue.column.to_string(),
            text: issue.raw.to_string(),
            code: issue.code.as_str(),
            left_out: blocks(issue),
            message: issue.code.message(lang),
        };
        FaultyRow {
            row,
            name: self.names.get(&row).cloned().unwrap_or_default(),
            left_out: issues.iter().any(|issue| blocks(issue)),
            faults: issues.iter().map(cell).collect(),
        }
    }

    /// The ledger as a workbook, put right where it was corrected, its remaining faults coloured and explained.
    ///
    /// # Errors
    /// [`CheckError`].
    pub async fn into_workbook(mut self, lang: Lang) -> Result<Vec<u8>, CheckError> {
        let marking = spawn_blocking(move || {
            let mut marked = Marked::new(self.on, lang);
            marked.add(&mut self.workbook, &self.report, Copied::All)?;
            marked.into_bytes()
        });
        Ok(marking.await.map_err(|_| CheckError::Interrupted)??)
    }
}
