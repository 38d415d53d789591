//! Finds the header under titles and merged groups, in the sheet that has the best one.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::footer::RowKind;
use super::layout::{Column, Field, Group, Layout, Required};
use super::synonyms::Synonyms;
use crate::cell::Row;
use crate::error::LedgerError;
use crate::read::Workbook;

/// Rows from the top among which a header must be.
const SEARCHED: u32 = 60;
/// Recognised columns below which a row is no header.
const FEWEST: u32 = 3;

/// Finds the header of an office's ledger: the best one of the visible sheets, or, where
/// those have none, of the hidden ones.
///
/// # Errors
/// As [`find_with`].
pub fn find(workbook: &mut Workbook, synonyms: &Synonyms) -> Result<Layout, LedgerError> {
    find_with(workbook, synonyms, Required::OF_LEDGER)
}

/// Finds the header of a workbook that has the required columns.
///
/// # Errors
/// [`LedgerError::NoHeader`]; [`LedgerError::MissingColumn`] for a header without
/// the required columns; whatever reading the sheets brings.
pub fn find_with(
    workbook: &mut Workbook,
    synonyms: &Synonyms,
    required: &[Required],
) -> Result<Layout, LedgerError> {
    let mut best: Option<((bool, bool, u32), Layout)> = None;
    let mut alike = Vec::new();
    for (index, sheet) in workbook.sheets().to_vec().into_iter().enumerate() {
        let Some(Found {
            score,
            has_children,
            layout,
        }) = in_sheet(workbook, index, &sheet.name, synonyms)?
        else {
            continue;
        };
        if sheet.visible && has_children && layout.missing(required).is_empty() {
            alike.push((index, sheet.name));
        }
        // An empty form in front of the ledger has as good a header.
        let rank = (sheet.visible, has_children, score);
        if best.as_ref().is_none_or(|(best, _)| rank > *best) {
            best = Some((rank, layout));
        }
    }
    let file = workbook.file().to_owned();
    let Some((_, mut layout)) = best else {
        return Err(LedgerError::NoHeader { file });
    };
    let missing = layout.missing(required);
    if !missing.is_empty() {
        return Err(LedgerError::MissingColumn {
            file,
            row: layout.row,
            missing,
        });
    }
    layout.passed_over = alike
        .into_iter()
        .filter(|(index, _)| *index != layout.sheet)
        .map(|(_, name)| name)
        .collect();
    Ok(layout)
}

/// The header of one sheet.
struct Found {
    /// How good a header it is.
    score: u32,
    /// Whether children stand below it, as far as a header is sought.
    has_children: bool,
    layout: Layout,
}

/// The rows of a sheet's top, and as texts.
struct Top {
    rows: Vec<(Row<'static>, Vec<String>)>,
}

impl Top {
    fn of(workbook: &mut Workbook, sheet: usize) -> Result<Self, LedgerError> {
        let mut top = Top { rows: Vec::new() };
        workbook.rows(sheet, &mut |row: &Row<'_>| {
            if row.number > SEARCHED {
                return ControlFlow::Break(());
            }
            top.rows.push((
                row.detached(),
                row.cells
                    .iter()
                    .map(|cell| cell.display().into_owned())
                    .collect(),
            ));
            ControlFlow::Continue(())
        })?;
        Ok(top)
    }
}

fn in_sheet(
    workbook: &mut Workbook,
    sheet: usize,
    name: &str,
    synonyms: &Synonyms,
) -> Result<Option<Found>, LedgerError> {
    let top = Top::of(workbook, sheet)?;
    let mut best: Option<(u32, usize, Vec<Column>)> = None;
    for at in 0..top.rows.len() {
        // A single row first: at a tie the simpler reading wins.
        for upper in [None, at.checked_sub(1)] {
            if at == 0 && upper.is_none() && best.is_some() {
                continue;
            }
            let columns = columns(
                upper.map(|upper| top.rows[upper].1.as_slice()),
                &top.rows[at].1,
                synonyms,
            );
            let score = score(&columns);
            if score >= FEWEST && best.as_ref().is_none_or(|(best, ..)| score > *best) {
                best = Some((score, at, columns));
            }
        }
    }
    Ok(best.map(|(score, at, columns)| {
        let titles = top.rows[..at]
            .iter()
            .flat_map(|(_, cells)| cells)
            .map(String::as_str);
        let category = titles
            .chain([name])
            .find_map(|title| synonyms.category_in(title));
        let layout = Layout {
            sheet,
            row: top.rows[at].0.number,
            columns,
            category,
            passed_over: Vec::new(),
        };
        let mut below = top.rows[at + 1..].iter();
        Found {
            score,
            has_children: below.any(|(row, _)| RowKind::of(row, &layout) == RowKind::Child),
            layout,
        }
    }))
}

/// Reads one or two rows as a header.
fn columns(upper: Option<&[String]>, lower: &[String], synonyms: &Synonyms) -> Vec<Column> {
    let width = lower.len().max(upper.map_or(0, <[String]>::len));
    let mut under = Group::Child;
    let mut columns = Vec::new();
    for index in 0..width {
        let above = upper
            .and_then(|upper| upper.get(index))
            .filter(|text| !text.trim().is_empty());
        let own = lower.get(index).filter(|text| !text.trim().is_empty());
        if let Some(above) = above {
            under = synonyms.group(above).unwrap_or(Group::Other);
        }
        let (heading, group) = match (own, above) {
            (Some(own), _) => (own, under),
            // Merged downwards: a column of its own, and no group for those to its right.
            (None, Some(above)) => (above, Group::Child),
            (None, None) => continue,
        };
        let (group, field) = synonyms.column(heading, group);
        columns.push(Column {
            index,
            heading: heading.clone(),
            group,
            field,
        });
        if own.is_none() {
            under = Group::Child;
        }
    }
    adopt(&mut columns);
    bring_home(&mut columns);
    columns
}

/// What a ledger tells of no grown-up, or of none but beside the child.
const OF_CHILD: [Field; 10] = [
    Field::Ordinal,
    Field::District,
    Field::Town,
    Field::Village,
    Field::Category,
    Field::State,
    Field::BankName,
    Field::BankHolder,
    Field::BankAccount,
    Field::Remark,
];

/// Groups run on over blank cells to their right, and a child's places may stand under a word for its address: what
/// only a child has is the child's, whatever stands above.
fn bring_home(columns: &mut [Column]) {
    for field in OF_CHILD {
        let telling = |column: &Column| column.field == Some(field);
        let is_known = |column: &Column| telling(column) && column.group == Group::Child;
        if !columns.iter().any(is_known)
            && let Some(column) = columns.iter_mut().find(|column| telling(column))
        {
            column.group = Group::Child;
        }
    }
}

/// Where no group is known to be the child's, the unknown group with name and id is.
fn adopt(columns: &mut [Column]) {
    let has = |columns: &[Column], group, field| {
        columns
            .iter()
            .any(|column| column.group == group && column.field == Some(field))
    };
    if !has(columns, Group::Child, Field::Name) && has(columns, Group::Other, Field::Name) {
        for column in columns
            .iter_mut()
            .filter(|column| column.group == Group::Other)
        {
            column.group = Group::Child;
        }
    }
}

/// How much of a header a row is: columns recognised, the required ones counting more.
fn score(columns: &[Column]) -> u32 {
    let known: HashSet<(Group, Field)> = columns
        .iter()
        .filter(|column| column.group != Group::Other)
        .filter_map(|column| Some((column.group, column.field?)))
        .collect();
    let has = |field| u32::from(known.contains(&(Group::Child, field)));
    if has(Field::Name) + has(Field::ResidentId) == 0 {
        return 0;
    }
    let required =
        has(Field::Name) + has(Field::ResidentId) + has(Field::Village) + has(Field::Category);
    u32::try_from(known.len())
        .unwrap_or(u32::MAX)
        .saturating_add(2 * required - 2)
}
