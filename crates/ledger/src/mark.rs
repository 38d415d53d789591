//! Writes checked ledgers back as a workbook, faulty cells coloured and commented.
//!
//! **Invariant:** every value is written as text. Ids keep all their digits,
//! and a cell that begins with `=` stays a text that begins with `=`. Only a number that had lost digits
//! stays a number, so that the copy is found as faulty as the file.

use std::ops::ControlFlow;
use std::path::Path;

use jiff::civil::Date;
use kernel::explain::Lang;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, Note, Workbook as Output, Worksheet, XlsxError,
};

use crate::cell::{Cell, Row};
use crate::check::{FileReport, Issue, Severity};
use crate::error::LedgerError;
use crate::read::Workbook;
use crate::values::FIRST_ROUNDED;

/// A workbook in the making: one sheet for each ledger.
///
/// Rows go to an unnamed temporary file that the system removes with the program.
pub struct Marked {
    output: Output,
    lang: Lang,
    names: Vec<String>,
    comments: Comments,
}

impl std::fmt::Debug for Marked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Marked")
            .field("sheets", &self.names.len())
            .finish_non_exhaustive()
    }
}

/// Which rows below the header are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// All, in their places.
    All,
    /// Those that an import leaves out, one below the other.
    Blocked,
}

/// Light red for what keeps a row out, light yellow for what can be cleared later.
const BLOCK: Color = Color::RGB(0x00FF_C7CE);
const CLEAR: Color = Color::RGB(0x00FF_EB9C);
/// Comments of a workbook; further faulty cells are coloured only.
const MOST_COMMENTS: u64 = 5_000;
/// The longest text a cell may hold, in UTF-16 units.
const LONGEST: usize = 32_767;
/// The longest name of a sheet.
const LONGEST_NAME: usize = 31;

impl Marked {
    /// An empty workbook, dated with the day of the check.
    #[must_use]
    pub fn new(on: Date, lang: Lang) -> Self {
        let mut output = Output::new();
        let day = ExcelDateTime::from_ymd(
            on.year().unsigned_abs(),
            on.month().unsigned_abs(),
            on.day().unsigned_abs(),
        );
        if let Ok(day) = day {
            output.set_properties(&DocProperties::new().set_creation_datetime(&day));
        }
        Self {
            output,
            lang,
            names: Vec::new(),
            comments: Comments::default(),
        }
    }

    /// Copies a checked ledger's sheet into a sheet of its own.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`], or what reading the ledger again brings.
    pub fn add(
        &mut self,
        workbook: &mut Workbook,
        report: &FileReport,
        copied: Copied,
    ) -> Result<(), LedgerError> {
        let name = self.sheet_name(&report.file);
        let marks = Marks::new(report, self.lang);
        let unwritable = |error: &XlsxError| LedgerError::Unwritable {
            file: report.file.clone(),
            what: error.to_string(),
        };
        let sheet = self
            .output
            .add_worksheet_with_constant_memory()
            .map_err(|error| unwritable(&error))?;
        let mut failed = sheet
            .set_name(name)
            .and_then(|sheet| sheet.set_freeze_panes(report.layout.row, 0))
            .err();
        let (mut next, mut header) = (0, 0);
        let comments = &mut self.comments;
        let left_out = comments.left_out;
        workbook.rows(report.layout.sheet, &mut |row| {
            let is_kept = row.number <= report.layout.row
                || copied == Copied::All
                || marks.is_blocked(row.number);
            if failed.is_some() {
                return ControlFlow::Break(());
            }
            if is_kept {
                let target = if copied == Copied::All {
                    row.number - 1
                } else {
                    next
                };
                next += 1;
                if row.number == report.layout.row {
                    header = target;
                }
                failed = marks.copy(sheet, row, target, comments).err();
            }
            ControlFlow::Continue(())
        })?;
        if comments.left_out > left_out {
            failed = failed.or(comment(sheet, (header, 0), &only_coloured(self.lang)).err());
        }
        failed.map_or(Ok(()), |error| Err(unwritable(&error)))
    }

    /// Faulty cells that were only coloured, because a workbook holds no more than so many comments.
    #[must_use]
    pub fn uncommented(&self) -> u64 {
        self.comments.left_out
    }

    /// Writes the workbook to a file.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`].
    pub fn save(mut self, path: &Path) -> Result<(), LedgerError> {
        self.output
            .save(path)
            .map_err(|error| LedgerError::Unwritable {
                file: path.display().to_string(),
                what: error.to_string(),
            })
    }

    /// The workbook as bytes, to be sealed or sent.
    ///
    /// # Errors
    /// [`LedgerError::Unwritable`].
    pub fn into_bytes(mut self) -> Result<Vec<u8>, LedgerError> {
        self.output
            .save_to_buffer()
            .map_err(|error| LedgerError::Unwritable {
                file: String::new(),
                what: error.to_string(),
            })
    }

    /// The file's name as a sheet's: short, without forbidden signs, unlike all others.
    fn sheet_name(&mut self, file: &str) -> String {
        let stem = Path::new(file)
            .file_stem()
            .map_or_else(|| file.into(), |stem| stem.to_string_lossy());
        let tidy: String = stem
            .chars()
            .filter(|c| {
                !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !c.is_control()
            })
            .collect();
        let tidy = if tidy.trim().is_empty() {
            "台账".to_owned()
        } else {
            tidy
        };
        let numbered = |number: u32| {
            let ending = if number == 1 {
                String::new()
            } else {
                format!("({number})")
            };
            let mut name = String::new();
            for c in tidy.chars() {
                if name.encode_utf16().count() + c.len_utf16() + ending.len() > LONGEST_NAME {
                    break;
                }
                name.push(c);
            }
            name + &ending
        };
        let is_free = |name: &String| {
            !self
                .names
                .iter()
                .any(|other| other.to_lowercase() == name.to_lowercase())
        };
        let name = (1..).map(numbered).find(is_free).unwrap_or_default();
        self.names.push(name.clone());
        name
    }
}

/// The faulty cells of a sheet, and how cells look.
struct Marks<'r> {
    /// By row, then by column.
    issues: &'r [Issue],
    lang: Lang,
    plain: Format,
    block: Format,
    clear: Format,
}

impl<'r> Marks<'r> {
    fn new(report: &'r FileReport, lang: Lang) -> Self {
        let plain = Format::new().set_num_format("@");
        Self {
            issues: &report.issues,
            lang,
            block: plain.clone().set_background_color(BLOCK),
            clear: plain.clone().set_background_color(CLEAR),
            plain,
        }
    }

    fn of_row(&self, row: u32) -> &'r [Issue] {
        let first = self.issues.partition_point(|issue| issue.row < row);
        let issues = &self.issues[first..];
        &issues[..issues.partition_point(|issue| issue.row == row)]
    }

    fn is_blocked(&self, row: u32) -> bool {
        is_blocked(self.of_row(row))
    }

    fn copy(
        &self,
        sheet: &mut Worksheet,
        row: &Row<'_>,
        target: u32,
        comments: &mut Comments,
    ) -> Result<(), XlsxError> {
        let mut issues = self.of_row(row.number);
        let width = issues.last().map_or(0, |last| last.place + 1);
        for place in 0..width.max(row.cells.len()) {
            let column = u16::try_from(place).unwrap_or(u16::MAX);
            let here;
            (here, issues) = issues.split_at(issues.partition_point(|issue| issue.place <= place));
            let cell = row.cells.get(place).unwrap_or(&Cell::Empty);
            let text = cell.display();
            let format = match here {
                [] if text.is_empty() => continue,
                [] => &self.plain,
                here if is_blocked(here) => &self.block,
                _ => &self.clear,
            };
            let text = shortened(&text);
            if let Cell::Number(number) = cell
                && number.abs() >= FIRST_ROUNDED
            {
                let rounded = format.clone().set_num_format("0");
                sheet.write_number_with_format(target, column, *number, &rounded)?;
            } else if text.is_empty() {
                sheet.write_blank(target, column, format)?;
            } else {
                sheet.write_string_with_format(target, column, text, format)?;
            }
            if !here.is_empty() && comments.may_add() {
                let messages: Vec<String> = here
                    .iter()
                    .map(|issue| issue.code.message(self.lang))
                    .collect();
                comment(sheet, (target, column), &messages.join("\n"))?;
            }
        }
        Ok(())
    }
}

fn is_blocked(issues: &[Issue]) -> bool {
    issues
        .iter()
        .any(|issue| issue.code.severity() == Severity::Block)
}

fn comment(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str) -> Result<(), XlsxError> {
    let note = Note::new(text).add_author_prefix(false);
    sheet.insert_note(row, column, &note).map(drop)
}

/// How many comments a workbook has and lacks. All are held in memory until it is written, 12 KiB each.
#[derive(Default)]
struct Comments {
    added: u64,
    left_out: u64,
}

impl Comments {
    fn may_add(&mut self) -> bool {
        let may = self.added < MOST_COMMENTS;
        if may {
            self.added += 1;
        } else {
            self.left_out += 1;
        }
        may
    }
}

fn only_coloured(lang: Lang) -> String {
    match lang {
        Lang::Zh => {
            format!("问题较多：只有前 {MOST_COMMENTS} 处加了批注，其余有问题的单元格只标颜色。")
        }
        Lang::En => format!(
            "Many faults: only the first {MOST_COMMENTS} cells have a comment, the other faulty cells are coloured."
        ),
    }
}

/// The text up to the length a cell may hold, which is counted in UTF-16.
fn shortened(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > LONGEST
    });
    end.map_or(text, |(end, _)| &text[..end])
}
