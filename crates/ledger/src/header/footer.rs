//! Tells a child's row from totals, signatures, notes and repeated headers.

use super::layout::{Field, Group, Layout};
use crate::cell::{Cell, Row};
use crate::text::compact;
use crate::values::{self, IdFault};

/// What a row below the header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A child.
    Child,
    /// Nothing, or only a running number.
    Blank,
    /// Totals, signatures, notes, captions and headers printed again.
    Aside,
}

const TOTALS: [&str; 6] = ["合计", "总计", "小计", "共计", "累计", "总数"];
const SIGNATURES: [&str; 22] = [
    "填表",
    "制表",
    "审核",
    "审批",
    "单位负责",
    "负责人",
    "经办",
    "填报",
    "联系人",
    "复核",
    "分管",
    "主管",
    "盖章",
    "公章",
    "签字",
    "签名",
    "报送",
    "统计",
    "截至",
    "领导",
    "日期",
    "单位(",
];
const NOTES: [&str; 6] = ["注", "备注", "说明", "填表说明", "附注", "※"];

/// A total's or a signature's label is short; a remark that mentions one is not.
const LONGEST_LABEL: usize = 12;
/// Digits of an id of the old form.
const OLD_ID: usize = 15;
/// Quotation marks, letters: more beside so many digits are a sentence with a date and a telephone.
const STRAY_SIGNS: usize = 3;

impl RowKind {
    /// What this row is under that header.
    #[must_use]
    pub fn of(row: &Row<'_>, layout: &Layout) -> Self {
        let Some(first) = row.cells.iter().find(|cell| !cell.is_blank()) else {
            return Self::Blank;
        };
        let cell = |field| {
            let column = layout.column(Group::Child, field)?;
            row.cells.get(column.index)
        };
        // Whatever stands in front (审核通过, 小计), no total and no signature has somebody's id.
        if cell(Field::ResidentId).is_some_and(is_long_number) {
            return Self::Child;
        }
        if is_repeated_header(row, layout) || is_column_numbers(row) {
            return Self::Aside;
        }
        let filled = |field| cell(field).is_some_and(|cell| !cell.is_blank());
        let tells = |field| filled(field) && !cell(field).is_some_and(is_label);
        // A subtotal may say of which village and class it is, but it has no name.
        let totals = |cell: &Cell<'_>| matches!(cell, Cell::Text(text) if is_total(&compact(text)));
        let is_total_row = row.cells.iter().take(4).any(totals);
        let is_named = filled(Field::Name) && !cell(Field::Name).is_some_and(totals);
        if tells(Field::Village) && tells(Field::Category) && (is_named || !is_total_row) {
            return Self::Child;
        }
        let text = first.display();
        let text = compact(&text);
        let is_numbered = is_number(&text);
        if !is_numbered && (is_total(&text) || is_signature(&text) || is_note(&text))
            || is_signed(row, layout)
        {
            return Self::Aside;
        }
        if filled(Field::ResidentId) {
            return Self::Child;
        }
        if is_total_row {
            return Self::Aside;
        }
        let ordinal = layout
            .column(Group::Child, Field::Ordinal)
            .map(|column| column.index);
        let filled_cells = row
            .cells
            .iter()
            .enumerate()
            .filter(|(at, cell)| Some(*at) != ordinal && !cell.is_blank())
            .count();
        match filled_cells {
            0 if is_numbered => Self::Blank,
            // One cell alone is a caption, unless it is a name with a running number.
            0 => Self::Aside,
            1 if !(is_numbered && filled(Field::Name)) => Self::Aside,
            _ => Self::Child,
        }
    }
}

/// Whether a cell holds a resident id, however mistyped, or what a spreadsheet made of one.
fn is_long_number(cell: &Cell<'_>) -> bool {
    let text = cell.display();
    let text = compact(&text);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_id = digits >= OLD_ID && text.chars().count() - digits <= STRAY_SIGNS;
    is_id || values::resident_id(cell) == Err(IdFault::PrecisionLost)
}

fn is_total(text: &str) -> bool {
    TOTALS.iter().any(|word| text.contains(word)) && text.chars().count() <= LONGEST_LABEL
}

fn is_signature(text: &str) -> bool {
    SIGNATURES.iter().any(|word| text.starts_with(word))
}

/// A few cells in a wide row, one of which is a label. A child's row fills more than half of the columns, even without
/// an id.
fn is_signed(row: &Row<'_>, layout: &Layout) -> bool {
    let filled = row.cells.iter().filter(|cell| !cell.is_blank());
    filled.clone().count() * 2 <= layout.columns.len() && filled.into_iter().any(is_label)
}

/// What asks for a name or a seal, or begins to count: `局长：`, 盖章, 其中, 第1页.
fn is_label(cell: &Cell<'_>) -> bool {
    let Cell::Text(text) = cell else {
        return false;
    };
    let text = compact(text);
    let is_label = text.ends_with(':')
        || ["盖章", "公章", "签字"]
            .iter()
            .any(|word| text.contains(word))
        || ["总人数", "人数", "其中"]
            .iter()
            .any(|word| text.starts_with(word))
        || is_page_number(&text);
    is_label && text.chars().count() <= LONGEST_LABEL
}

/// 第1页, 第 1 页 共 3 页
fn is_page_number(text: &str) -> bool {
    let number = text
        .strip_prefix('第')
        .and_then(|rest| rest.split_once('页'));
    number.is_some_and(|(number, _)| is_number(number))
}

fn is_note(text: &str) -> bool {
    let text = text.trim_start_matches(['*', '(', '1', '.']);
    NOTES.iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with([':', '、', '1', '.', ' ', ',', '(', ';', '一', '本'])
        })
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// A header printed again at the top of a page.
fn is_repeated_header(row: &Row<'_>, layout: &Layout) -> bool {
    let name = layout.column(Group::Child, Field::Name);
    let id = layout.column(Group::Child, Field::ResidentId);
    [name, id].into_iter().flatten().any(|column| matches!(row.cells.get(column.index), Some(Cell::Text(text)) if compact(text) == compact(&column.heading)))
}

/// The row of column numbers that forms print below the header: 甲 乙 1 2 3.
fn is_column_numbers(row: &Row<'_>) -> bool {
    let mut filled = row.cells.iter().filter(|cell| !cell.is_blank()).peekable();
    filled.peek().is_some()
        && filled.all(|cell| {
            let text = cell.display();
            let text = compact(&text);
            let text = text.trim_matches(['(', ')', '[', ']']);
            (is_number(text) && text.len() <= 2)
                || matches!(
                    text,
                    "甲" | "乙" | "丙" | "丁" | "戊" | "己" | "A" | "B" | "C" | "D" | "E"
                )
        })
}
