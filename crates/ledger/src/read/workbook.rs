//! The one way in: a file of any kind as sheets of rows.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use super::corrections::Corrections;
use super::kind::{self, Kind};
use super::trouble::Trouble;
use super::{ahead, csv, xls, xlsx};
use crate::cell::Row;
use crate::error::{Bound, LedgerError, Unopenable};
use crate::limits::Limits;

/// A sheet of a workbook; a csv file is one sheet without a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name on the tab.
    pub name: String,
    /// Whether its tab is shown.
    pub visible: bool,
}

/// An opened ledger file, its bounds already checked.
///
/// ```no_run
/// use std::ops::ControlFlow;
/// let mut book = ledger::read::Workbook::open("台账.xlsx".as_ref(), &ledger::Limits::default())?;
/// book.rows(0, &mut |row| {
///     println!("{}: {} cells", row.number, row.cells.len());
///     ControlFlow::Continue(())
/// })?;
/// # Ok::<(), ledger::LedgerError>(())
/// ```
#[derive(Debug)]
pub struct Workbook {
    file: String,
    limits: Limits,
    sheets: Vec<Sheet>,
    book: Book,
    corrections: Corrections,
}

#[derive(Debug)]
enum Book {
    Xlsx(Box<xlsx::Book>),
    Xls(xls::Book),
    Csv(csv::Book),
}

/// What is done with each row; `Break` ends the reading early.
pub(super) type Visit<'v> = dyn FnMut(&Row<'_>) -> ControlFlow<()> + 'v;

impl Workbook {
    /// Opens a file, looking at its bytes and never at its extension.
    ///
    /// # Errors
    /// [`LedgerError`] when the file cannot be read, passes a bound, is
    /// encrypted, damaged, or no workbook at all.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, LedgerError> {
        let file = path.display().to_string();
        load(path, limits)
            .and_then(|bytes| parse(bytes, limits))
            .map(|(sheets, book)| Self {
                file: file.clone(),
                limits: *limits,
                sheets,
                book,
                corrections: Corrections::default(),
            })
            .map_err(|trouble| trouble.of(&file))
    }

    /// Reads a ledger that is already in memory, such as one unsealed from the store.
    ///
    /// # Errors
    /// As [`Workbook::open`]; `file` is the name used in messages.
    pub fn from_bytes(file: &str, bytes: Vec<u8>, limits: &Limits) -> Result<Self, LedgerError> {
        let checked = if bytes.len() as u64 > limits.file_bytes {
            Err(Trouble::TooLarge(Bound::FileBytes, limits.file_bytes))
        } else {
            parse(bytes, limits)
        };
        checked
            .map(|(sheets, book)| Self {
                file: file.to_owned(),
                limits: *limits,
                sheets,
                book,
                corrections: Corrections::default(),
            })
            .map_err(|trouble| trouble.of(file))
    }

    /// Yields these cells instead of the file's own from now on.
    pub fn correct(&mut self, corrections: Corrections) {
        self.corrections = corrections;
    }

    /// The file's name as given.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The bounds it was opened with.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The sheets, in the order of their tabs.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// Visits the rows of a sheet from the top; a sheet may be read again.
    /// Rows that hold nothing at all may be left out; numbers stay right.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] or [`LedgerError::TooLarge`], at the place reached.
    pub fn rows(
        &mut self,
        sheet: usize,
        visit: &mut dyn FnMut(&Row<'_>) -> ControlFlow<()>,
    ) -> Result<(), LedgerError> {
        let (book, limits, corrections) = (&mut self.book, &self.limits, &self.corrections);
        let mut corrected = |row: &Row<'_>| match corrections.applied(row) {
            Some(row) => visit(&row),
            None => visit(row),
        };
        ahead::read(|visit| book.rows(sheet, limits, visit), &mut corrected)
            .map_err(|trouble| trouble.of(&self.file))
    }
}

impl Book {
    fn rows(
        &mut self,
        sheet: usize,
        limits: &Limits,
        visit: &mut Visit<'_>,
    ) -> Result<(), Trouble> {
        match self {
            Self::Xlsx(book) => book.rows(sheet, limits, visit),
            Self::Xls(book) => book.rows(sheet, limits, visit),
            Self::Csv(book) => book.rows(limits, visit),
        }
    }
}

/// The bytes of a ledger file, never more than the bound.
///
/// # Errors
/// [`LedgerError`] when the file cannot be opened or is too large.
pub fn contents(path: &Path, limits: &Limits) -> Result<Vec<u8>, LedgerError> {
    load(path, limits).map_err(|trouble| trouble.of(&path.display().to_string()))
}

fn load(path: &Path, limits: &Limits) -> Result<Vec<u8>, Trouble> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(Trouble::Unopenable(Unopenable::NotAFile));
    }
    let too_large = Trouble::TooLarge(Bound::FileBytes, limits.file_bytes);
    if metadata.len() > limits.file_bytes {
        return Err(too_large);
    }
    // The file may grow while it is read: the bound holds for what is read.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    File::open(path)?
        .take(limits.file_bytes + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limits.file_bytes {
        return Err(too_large);
    }
    Ok(bytes)
}

fn parse(bytes: Vec<u8>, limits: &Limits) -> Result<(Vec<Sheet>, Book), Trouble> {
    match kind::of(&bytes)? {
        Kind::Zip => {
            xlsx::Book::open(bytes, limits).map(|book| (book.sheets(), Book::Xlsx(Box::new(book))))
        }
        Kind::Compound => {
            xls::Book::open(bytes, limits).map(|book| (book.sheets(), Book::Xls(book)))
        }
        Kind::Text => csv::Book::open(bytes).map(|book| {
            (
                vec![Sheet {
                    name: String::new(),
                    visible: true,
                }],
                Book::Csv(book),
            )
        }),
    }
}
