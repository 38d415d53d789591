//! Checks files one after the other and remembers the children of all.

use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::reach::Reach;

use super::ages::AgeLimits;
use super::duplicates::Seen;
use super::issue::{Code, Issue};
use crate::cell::Row;
use crate::error::{Bound, LedgerError};
use crate::header::{self, Field, Group, Layout, RowKind, Synonyms};
use crate::read::Workbook;
use crate::record::{ChildRecord, RecordReader};
use crate::values::Places;

/// What ledgers are checked against.
#[derive(Debug)]
pub struct Rules {
    /// The divisions the children must live in.
    pub places: Places,
    /// Names of columns and categories.
    pub synonyms: Synonyms,
    /// The age limit of each category.
    pub ages: AgeLimits,
    /// The day of the check.
    pub as_of: Date,
}

/// Checks files in the order given; a child listed twice is reported where it comes later.
#[derive(Debug)]
pub struct Checker<'r> {
    rules: &'r Rules,
    seen: Seen,
    /// Bytes of the faults in the reports so far.
    reported: u64,
    reach: Option<Reach>,
}

/// What one file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// The file, as given.
    pub file: String,
    /// Its header.
    pub layout: Layout,
    /// Rows of children, faulty ones too.
    pub children: u64,
    /// The faults by row, then by column.
    pub issues: Vec<Issue>,
}

impl FileReport {
    /// Adds a fault that only the registry could find, at the row's resident id.
    pub fn add_at_resident_id(&mut self, row: u32, code: Code) {
        if let Some(column) = self.layout.column(Group::Child, Field::ResidentId) {
            let issue = Issue {
                row,
                place: column.index,
                column: column.heading.as_str().into(),
                raw: Box::default(),
                code,
            };
            let after = self
                .issues
                .partition_point(|other| (other.row, other.place) <= (row, column.index));
            self.issues.insert(after, issue);
        }
    }
}

impl<'r> Checker<'r> {
    /// A checker that has seen no file.
    #[must_use]
    pub fn new(rules: &'r Rules) -> Self {
        Self {
            rules,
            seen: Seen::default(),
            reported: 0,
            reach: None,
        }
    }

    /// Finds fault with children who live where this reach does not extend: a county's ledger may list a street that
    /// another unit serves.
    #[must_use]
    pub fn within(mut self, reach: Reach) -> Self {
        self.reach = Some(reach);
        self
    }

    /// Checks a file and hands each child's record, its issues complete, to `take`.
    ///
    /// # Errors
    /// [`LedgerError`] if the file has no usable header, breaks off or has more faults
    /// than a report can hold; records handed out before are then void.
    pub fn check(
        &mut self,
        workbook: &mut Workbook,
        mut take: impl FnMut(ChildRecord),
    ) -> Result<FileReport, LedgerError> {
        let layout = header::find(workbook, &self.rules.synonyms)?;
        let file: Arc<str> = workbook.file().into();
        let mut reader = RecordReader::new(&layout, self.rules);
        let mut children = 0;
        let mut issues = Vec::new();
        let bound = workbook.limits().report_bytes;
        let mut reported = self.reported;
        let (seen, reach) = (&mut self.seen, self.reach.as_ref());
        workbook.rows(layout.sheet, &mut |row| {
            if row.number > layout.row && RowKind::of(row, &layout) == RowKind::Child {
                let mut record = reader.read(row);
                for (field, code) in seen.note(&record, &file) {
                    reader.add(&mut record, Group::Child, field, code);
                }
                if reach.is_some_and(|reach| lives_beyond(&record, reach)) {
                    reader.add(&mut record, Group::Child, Field::Village, Code::OutOfReach);
                }
                finish(&mut record, row);
                children += 1;
                reported += record.issues.iter().map(Issue::bytes).sum::<u64>();
                if reported > bound {
                    return ControlFlow::Break(());
                }
                issues.extend_from_slice(&record.issues);
                take(record);
            }
            ControlFlow::Continue(())
        })?;
        if reported > bound {
            return Err(LedgerError::TooLarge {
                file: workbook.file().to_owned(),
                bound: Bound::ReportBytes,
                limit: bound,
            });
        }
        self.reported = reported;
        // Rows of a workbook are almost always in order, but nothing obliges them to be.
        if !issues.is_sorted_by_key(|issue| issue.row) {
            issues.sort_by_key(|issue| (issue.row, issue.place));
        }
        Ok(FileReport {
            file: workbook.file().to_owned(),
            layout,
            children,
            issues,
        })
    }
}

/// Puts a row's issues in the order of its columns, each with what the cell says.
fn finish(record: &mut ChildRecord, row: &Row<'_>) {
    record.issues.sort_by_key(|issue| issue.place);
    for issue in &mut record.issues {
        let cell = row.cells.get(issue.place);
        issue.raw = cell.map_or_else(Box::default, |cell| cell.display().into());
    }
}

/// Whether the village, or the town of a row without one, lies beyond this reach.
fn lives_beyond(record: &ChildRecord, reach: &Reach) -> bool {
    let place = record.village.value.or(record.town.value);
    place.is_some_and(|place| !reach.contains(place))
}
