//! `/api/registry/ledgers/check` and `…/marked`: a ledger's faults before anything of it is taken in.

use app::registry::{
    CheckError, CheckedLedger, Corrections, FaultyCell, FaultyRow, Findings, LARGEST_CHECKED,
    UploadedLedger, check_ledger,
};
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{division, invalid, problem};
use crate::operation::{Answer, Caller, Download, Operation, Sent};
use crate::problem::{Kind, Problem, language};

/// The largest ledger in base64, and what stands around it.
const BODY_LIMIT: usize = LARGEST_CHECKED.div_ceil(3) * 4 + (1 << 20);
/// The most cells that are corrected in one file, and the longest text in one.
const MOST_CORRECTIONS: usize = 2_000;
const LONGEST_TEXT: usize = 1_000;
/// The last column that is looked at, as a reader of ledgers counts.
const LAST_COLUMN: u16 = 1_023;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("registry.check_ledger", "/api/registry/ledgers/check")
            .needs(Action::ImportLedger)
            .summary("Check a ledger before its import; nothing is kept")
            .body_limit(BODY_LIMIT)
            .answers_problems(&[Kind::Conflict])
            .handled_by(check),
        Operation::post("registry.mark_ledger", "/api/registry/ledgers/marked")
            .needs(Action::ImportLedger)
            .summary("Take a ledger back with its corrections in it, its faults coloured and explained; nothing is kept")
            .body_limit(BODY_LIMIT)
            .answers_problems(&[Kind::Conflict])
            .handled_by(mark),
    ]
}

/// A ledger to check, with the cells that were put right since it was written.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LedgerSent {
    /// The file's name; its ending tells nothing, its content does.
    name: String,
    /// The division the ledger is of, as its code.
    place: i64,
    /// The day it states.
    as_of: Date,
    /// The file of at most 20 MB, in base64.
    #[schema(format = Byte)]
    content: String,
    #[serde(default)]
    corrections: Vec<CellCorrection>,
}

/// What a cell is to hold instead.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CellCorrection {
    /// The row, as the spreadsheet counts.
    row: u32,
    /// The column's place, from 0.
    column: u16,
    /// At most 1,000 characters.
    #[schema(max_length = 1000)]
    text: String,
}

/// What a check found. Nothing of the ledger was kept.
#[derive(Serialize, ToSchema)]
struct LedgerFindings {
    /// Rows of children, faulty ones too.
    children: u64,
    /// Faulty cells.
    faults: usize,
    /// Rows that an import leaves out.
    left_out: usize,
    /// Rows that an import takes in, their doubtful cells left empty and put among the work items.
    doubtful: usize,
    /// Faulty rows, those left out first; at most 500.
    rows: Vec<RowFindings>,
    /// Further sheets that look like ledgers and are not read.
    passed_over: Vec<String>,
}

/// A row with faulty cells.
#[derive(Serialize, ToSchema)]
struct RowFindings {
    /// The row, as the spreadsheet counts.
    row: u32,
    /// The child's name, as written.
    name: String,
    /// Whether an import leaves it out.
    left_out: bool,
    /// From left to right.
    faults: Vec<CellFinding>,
}

/// A fault at a cell.
#[derive(Serialize, ToSchema)]
struct CellFinding {
    /// The column's place, from 0.
    column: usize,
    /// Its heading, as written.
    heading: String,
    /// What the cell holds.
    text: String,
    /// What is wrong, by its code.
    code: &'static str,
    /// Whether it keeps the row out.
    left_out: bool,
    /// What is wrong and what to do, in the reader's language.
    message: String,
}

async fn check(
    caller: Caller,
    headers: HeaderMap,
    Sent(sent): Sent<LedgerSent>,
) -> Result<Answer<LedgerFindings>, Problem> {
    let checked = looked_through(&caller, sent).await?;
    let found = checked.findings(language(&headers));
    Ok(Answer(LedgerFindings::of(found)))
}

async fn mark(
    caller: Caller,
    headers: HeaderMap,
    Sent(sent): Sent<LedgerSent>,
) -> Result<Download, Problem> {
    let checked = looked_through(&caller, sent).await?;
    let bytes = checked.into_workbook(language(&headers)).await;
    Ok(Download {
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".into(),
        name: "hutong-ledger.xlsx".into(),
        bytes: bytes.map_err(told)?,
    })
}

async fn looked_through(caller: &Caller, sent: LedgerSent) -> Result<CheckedLedger, Problem> {
    if sent.name.trim().is_empty() || sent.name.chars().any(char::is_control) {
        return Err(invalid("name"));
    }
    let content = STANDARD.decode(&sent.content);
    let ledger = UploadedLedger {
        file_name: &sent.name,
        content: &content.map_err(|_| invalid("content"))?,
        place: division("place", sent.place)?,
        as_of: sent.as_of,
    };
    let corrections = corrections(sent.corrections)?;
    let work = caller.work().await?;
    check_ledger(work, ledger, corrections).await.map_err(told)
}

fn corrections(sent: Vec<CellCorrection>) -> Result<Corrections, Problem> {
    if sent.len() > MOST_CORRECTIONS {
        return Err(invalid("corrections"));
    }
    let mut corrections = Corrections::default();
    for cell in sent {
        let fits = cell.column <= LAST_COLUMN
            && cell.text.chars().count() <= LONGEST_TEXT
            && !cell.text.chars().any(char::is_control);
        if !fits {
            return Err(invalid("corrections"));
        }
        corrections.put(cell.row, usize::from(cell.column), cell.text);
    }
    Ok(corrections)
}

fn told(error: CheckError) -> Problem {
    match error {
        CheckError::Case(error) => problem(error),
        other => Problem::explained(Kind::Conflict, &other),
    }
}

impl LedgerFindings {
    fn of(found: Findings) -> Self {
        Self {
            children: found.children,
            faults: found.faults,
            left_out: found.left_out,
            doubtful: found.doubtful,
            rows: found.rows.into_iter().map(RowFindings::of).collect(),
            passed_over: found.passed_over,
        }
    }
}

impl RowFindings {
    fn of(found: FaultyRow) -> Self {
        Self {
            row: found.row,
            name: found.name,
            left_out: found.left_out,
            faults: found.faults.into_iter().map(CellFinding::of).collect(),
        }
    }
}

impl CellFinding {
    fn of(found: FaultyCell) -> Self {
        Self {
            column: found.column,
            heading: found.heading,
            text: found.text,
            code: found.code,
            left_out: found.left_out,
            message: found.message,
        }
    }
}
