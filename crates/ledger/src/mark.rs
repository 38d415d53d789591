//! Writes checked ledgers back as a workbook, faulty cells coloured and commented.
//!
//! **Invariant:** every value is written as text. Ids keep all their digits,
//! and a cell that begins with `=` stays a text that begins with `=`. Only a number that had lost digits
//! stays a number, so that the copy is found as faulty as the file.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use jiff::civil::Date;
use kernel::explain::Lang;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, Note, Workbook as Output, Worksheet, XlsxError,
};

use crate::cell::{Cell, Row};
use crate::check::{FileReport, Severity};
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
        let mut next = 0;
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
                failed = marks.copy(sheet, row, target).err();
            }
            ControlFlow::Continue(())
        })?;
        failed.map_or(Ok(()), |error| Err(unwritable(&error)))
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
struct Marks {
    /// By row and column: how grave, and what to say.
    cells: HashMap<(u32, usize), (Severity, String)>,
    /// By row: faulty columns beyond which a row may end.
    last: HashMap<u32, usize>,
    blocked: std::collections::HashSet<u32>,
    plain: Format,
    block: Format,
    clear: Format,
}

impl Marks {
    fn new(report: &FileReport, lang: Lang) -> Self {
        let plain = Format::new().set_num_format("@");
        let mut marks = Self {
            cells: HashMap::new(),
            last: HashMap::new(),
            blocked: std::collections::HashSet::new(),
            block: plain.clone().set_background_color(BLOCK),
            clear: plain.clone().set_background_color(CLEAR),
            plain,
        };
        for issue in &report.issues {
            let severity = issue.code.severity();
            let message = issue.code.message(lang);
            let cell = marks
                .cells
                .entry((issue.row, issue.place))
                .or_insert_with(|| (severity, String::new()));
            if severity == Severity::Block {
                cell.0 = severity;
                marks.blocked.insert(issue.row);
            }
            if !cell.1.is_empty() {
                cell.1.push('\n');
            }
            cell.1.push_str(&message);
            let last = marks.last.entry(issue.row).or_default();
            *last = (*last).max(issue.place);
        }
        marks
    }

    fn is_blocked(&self, row: u32) -> bool {
        self.blocked.contains(&row)
    }

    fn copy(&self, sheet: &mut Worksheet, row: &Row<'_>, target: u32) -> Result<(), XlsxError> {
        let last = self.last.get(&row.number);
        let width = row.cells.len().max(last.map_or(0, |last| last + 1));
        for place in 0..width {
            let column = u16::try_from(place).unwrap_or(u16::MAX);
            let text = row
                .cells
                .get(place)
                .map(crate::cell::Cell::display)
                .unwrap_or_default();
            let mark = last.and_then(|_| self.cells.get(&(row.number, place)));
            let format = match mark {
                Some((Severity::Block, _)) => &self.block,
                Some((Severity::Clear, _)) => &self.clear,
                None if text.is_empty() => continue,
                None => &self.plain,
            };
            let text = shortened(&text);
            if let Some(Cell::Number(number)) = row.cells.get(place)
                && number.abs() >= FIRST_ROUNDED
            {
                let rounded = format.clone().set_num_format("0");
                sheet.write_number_with_format(target, column, *number, &rounded)?;
            } else if text.is_empty() {
                sheet.write_blank(target, column, format)?;
            } else {
                sheet.write_string_with_format(target, column, text, format)?;
            }
            if let Some((_, message)) = mark {
                sheet.insert_note(
                    target,
                    column,
                    &Note::new(message.as_str()).add_author_prefix(false),
                )?;
            }
        }
        Ok(())
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
