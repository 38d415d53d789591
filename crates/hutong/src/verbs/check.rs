//! `hutong check`: reads ledgers and reports every fault at its cell, without any database.

use std::io::{IsTerminal, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use kernel::gazetteer::Gazetteer;
use ledger::check::{AgeLimits, Checker, FileReport, Rules, Severity, json};
use ledger::header::Synonyms;
use ledger::mark::{Copied, Marked};
use ledger::read::Workbook;
use ledger::values::Places;
use ledger::{LedgerError, Limits};
use policy::Rulebook;

use crate::arguments::{DATE, date};
use crate::divisions::Further;
use crate::outcome::{Fault, Outcome, Verdict};
use crate::output::written;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Ledgers to check (xlsx, xls, csv), told by their contents; duplicates are sought across all of them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Division the children must live in, e.g. 370481.
    #[arg(long)]
    place: String,
    /// Day on which ages are counted, e.g. 2021-10-31.
    #[arg(long, value_name = DATE, value_parser = date)]
    as_of: Date,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// Write a copy with the faulty cells coloured and commented.
    #[arg(long, value_name = "OUT.xlsx")]
    mark: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    further: Further,
}

/// How ledgers are read; shared by every verb that reads them.
#[derive(Debug, clap::Args)]
pub(crate) struct Reading {
    /// Further names of columns, groups and categories (TOML).
    #[arg(long, value_name = "FILE")]
    synonyms: Option<PathBuf>,
    /// Most cells a ledger may have.
    #[arg(long, env = "HUTONG_MAX_CELLS", value_name = "N", default_value_t = Limits::default().cells)]
    max_cells: u64,
    /// Most MiB a ledger may inflate to.
    #[arg(long, env = "HUTONG_MAX_INFLATED_MIB", value_name = "MIB", default_value_t = Limits::default().inflated_bytes >> 20)]
    max_inflated_mib: u64,
}

impl Reading {
    /// The bounds these options set.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            cells: self.max_cells,
            inflated_bytes: self.max_inflated_mib.saturating_mul(1 << 20),
            ..Limits::default()
        }
    }

    /// The built-in names of columns with the office's own.
    pub(crate) fn synonyms(&self) -> Result<Synonyms, LedgerError> {
        let mut synonyms = Synonyms::builtin()?;
        if let Some(path) = &self.synonyms {
            let toml = std::fs::read_to_string(path).map_err(|error| LedgerError::Synonyms {
                what: format!("{}: {error}", path.display()),
            })?;
            synonyms.extend(&toml)?;
        }
        Ok(synonyms)
    }

    /// What the ledgers of a place and a day are checked against.
    pub(crate) fn rules(
        &self,
        known: &Gazetteer,
        place: Division,
        as_of: Date,
    ) -> Result<Rules, Fault> {
        Ok(Rules {
            places: Places::new(known, place)?,
            synonyms: self.synonyms()?,
            ages: AgeLimits::in_force(Rulebook::builtin(), as_of, place)?,
            as_of,
        })
    }
}

/// The division whose code was given.
pub(crate) fn division(code: &str) -> Result<Division, LedgerError> {
    Division::parse(code).map_err(|_| LedgerError::UnknownPlace {
        place: code.to_owned(),
    })
}

/// The marked copy would take the place of a ledger, of which an office may have no other.
#[derive(Debug, thiserror::Error)]
#[error("the marked copy would overwrite the ledger {}", .0.display())]
struct CopyOverLedger(PathBuf);

impl CopyOverLedger {
    /// Finds the ledger that the copy would be written over, by whatever name.
    fn look_out(copy: &Path, ledgers: &[PathBuf]) -> Result<(), Self> {
        let place = |path: &Path| {
            let found = std::fs::metadata(path).ok()?;
            Some((found.dev(), found.ino()))
        };
        let Some(taken) = place(copy) else {
            return Ok(());
        };
        match ledgers.iter().find(|ledger| place(ledger) == Some(taken)) {
            Some(ledger) => Err(Self(ledger.clone())),
            None => Ok(()),
        }
    }
}

impl Explain for CopyOverLedger {
    fn code(&self) -> &'static str {
        "ledger.unwritable"
    }

    fn explain(&self, lang: Lang) -> String {
        let ledger = self.0.display();
        match lang {
            Lang::Zh => {
                format!("{ledger}：标注文件会覆盖这份台账，未作核查；请为 --mark 另取一个文件名。")
            }
            Lang::En => format!(
                "{ledger}: the marked copy would overwrite this ledger, so nothing was checked; give --mark another name."
            ),
        }
    }
}

/// What kept a ledger from being read or copied, with what the command line offers against it.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct NotChecked(pub(crate) LedgerError);

impl Explain for NotChecked {
    fn code(&self) -> &'static str {
        self.0.code()
    }

    fn explain(&self, lang: Lang) -> String {
        let told = self.0.explain(lang);
        match (&self.0, lang) {
            (LedgerError::NoHeader { .. } | LedgerError::MissingColumn { .. }, Lang::Zh) => {
                format!("{told}不便改列名的，可用 --synonyms 补充列名对照表。")
            }
            (LedgerError::NoHeader { .. } | LedgerError::MissingColumn { .. }, Lang::En) => {
                format!("{told} Where headings must stay, add them with --synonyms.")
            }
            _ => told,
        }
    }
}

/// Checks the files in order. One that cannot be read or copied is reported and the
/// others are checked all the same; the exit code is then 2.
pub(crate) fn run(args: &Args, lang: Lang) -> Verdict {
    if let Some(copy) = &args.mark {
        CopyOverLedger::look_out(copy, &args.files)?;
    }
    let place = division(&args.place)?;
    let known = args.further.with_builtin()?;
    let rules = args.reading.rules(&known, place, args.as_of)?;
    let mut checker = Checker::new(&rules);
    let mut marked = args.mark.is_some().then(|| Marked::new(args.as_of, lang));
    let mut reports = Vec::new();
    let mut failed = Vec::new();
    for path in &args.files {
        match check(path, &args.reading.limits(), &mut checker, lang) {
            Ok((mut workbook, report)) => {
                let copied = marked
                    .as_mut()
                    .map(|marked| marked.add(&mut workbook, &report, Copied::All));
                failed.extend(copied.and_then(Result::err));
                reports.push(report);
            }
            Err(error) => failed.push(error),
        }
    }
    // What was found is told even where the copy cannot be written.
    if let (Some(marked), Some(path)) = (marked, &args.mark)
        && !reports.is_empty()
    {
        failed.extend(save(marked, path, lang).err());
    }
    print(&reports, args.json, lang)?;
    let last = failed.pop();
    for error in failed {
        let _ = Fault::from(NotChecked(error)).report(lang);
    }
    match last {
        Some(error) => Err(NotChecked(error).into()),
        None if reports.iter().any(|report| !report.issues.is_empty()) => Ok(Outcome::Findings),
        None => Ok(Outcome::Done),
    }
}

fn save(marked: Marked, path: &Path, lang: Lang) -> Result<(), LedgerError> {
    let uncommented = marked.uncommented();
    marked.save(path)?;
    if uncommented > 0 {
        let copy = path.display();
        match lang {
            Lang::Zh => eprintln!(
                "提示：{copy}：问题较多，有 {uncommented} 个单元格只标了颜色，没有加批注；全部问题见核查清单。"
            ),
            Lang::En => eprintln!(
                "note: {copy}: {uncommented} faulty cells are coloured without a comment, there being so many; the report has all faults."
            ),
        }
    }
    Ok(())
}

fn check(
    path: &Path,
    limits: &Limits,
    checker: &mut Checker<'_>,
    lang: Lang,
) -> Result<(Workbook, FileReport), LedgerError> {
    let mut workbook = Workbook::open(path, limits)?;
    let mut progress = Progress::new(path, lang);
    let report = checker.check(&mut workbook, |_| progress.step())?;
    progress.finish();
    for sheet in &report.layout.passed_over {
        match lang {
            Lang::Zh => eprintln!(
                "提示：{}：工作表“{sheet}”也像台账，本次未读取；如需核查，请另存为单独的文件。",
                report.file
            ),
            Lang::En => eprintln!(
                "note: {}: sheet {sheet:?} looks like a ledger too and was not read; save it as a file of its own to check it.",
                report.file
            ),
        }
    }
    Ok((workbook, report))
}

/// A spinner that appears on a terminal once a file takes more than a second.
struct Progress {
    began: Instant,
    rows: u64,
    bar: Option<ProgressBar>,
    label: String,
}

impl Progress {
    fn new(path: &Path, lang: Lang) -> Self {
        let words = match lang {
            Lang::Zh => "已核查的儿童",
            Lang::En => "children checked",
        };
        let label = format!("{} · {words}", path.display());
        Self {
            began: Instant::now(),
            rows: 0,
            bar: None,
            label,
        }
    }

    fn step(&mut self) {
        self.rows += 1;
        if !self.rows.is_multiple_of(1024) {
            return;
        }
        if self.bar.is_none()
            && std::io::stderr().is_terminal()
            && self.began.elapsed() > Duration::from_secs(1)
        {
            let bar = ProgressBar::new_spinner().with_message(self.label.clone());
            // The template is a constant; were it wrong, the plain spinner would do.
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {pos}") {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.rows);
        }
    }

    fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn print(reports: &[FileReport], as_json: bool, lang: Lang) -> Result<(), Fault> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let printed = if as_json {
        serde_json::to_writer(&mut out, &json(reports, lang))
            .map_err(std::io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        reports
            .iter()
            .try_for_each(|report| table(&mut out, report, lang))
    };
    let printed = printed.and_then(|()| out.flush());
    // What could not be written is not tried again when the buffer goes.
    let _ = out.into_parts();
    Ok(written(printed)?)
}

fn table(out: &mut impl Write, report: &FileReport, lang: Lang) -> std::io::Result<()> {
    let blocking = report
        .issues
        .iter()
        .filter(|issue| issue.code.severity() == Severity::Block)
        .count();
    let (file, children, issues) = (&report.file, report.children, report.issues.len());
    match (lang, issues) {
        (Lang::Zh, 0) => return writeln!(out, "{file}：{children} 名儿童，未发现问题"),
        (Lang::En, 0) => return writeln!(out, "{file}: {children} children, no faults"),
        (Lang::Zh, _) => writeln!(
            out,
            "{file}：{children} 名儿童，{issues} 处问题，其中 {blocking} 处不改正不能导入（标 ×）"
        )?,
        (Lang::En, _) => writeln!(
            out,
            "{file}: {children} children, {issues} faults, {blocking} of them keep a row from import (marked ×)"
        )?,
    }
    let headings = match lang {
        Lang::Zh => ["行", "列", "问题"],
        Lang::En => ["row", "column", "fault"],
    };
    let width = report
        .issues
        .iter()
        .map(|issue| shown_width(&squeezed(&issue.column)))
        .fold(6, usize::max);
    writeln!(
        out,
        "    {}  {}  {}",
        padded(headings[0], 6),
        padded(headings[1], width),
        headings[2]
    )?;
    for issue in &report.issues {
        let mark = if issue.code.severity() == Severity::Block {
            '×'
        } else {
            ' '
        };
        writeln!(
            out,
            "  {mark} {}  {}  {} [{}]",
            padded(&issue.row.to_string(), 6),
            padded(&squeezed(&issue.column), width),
            issue.code.message(lang),
            issue.code.as_str()
        )?;
    }
    Ok(())
}

/// A heading on one line.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Chinese characters and full-width signs take two places on a terminal.
fn shown_width(text: &str) -> usize {
    text.chars()
        .map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 })
        .sum()
}

fn padded(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(shown_width(text));
    format!("{text}{}", " ".repeat(gap))
}
