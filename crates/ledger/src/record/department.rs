//! Reads a list that another department wrote of persons: deaths, prison terms, disability certificates, low income.

use std::borrow::Cow;
use std::ops::ControlFlow;

use jiff::civil::Date;
use kernel::resident_id::ResidentId;

use super::child::Reading;
use crate::cell::{Cell, Row};
use crate::error::LedgerError;
use crate::header::{self, Field, Group, Layout, Required, RowKind, Synonyms};
use crate::read::Workbook;
use crate::values::{self, Day};

/// What such a list says of one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonRecord {
    /// The row, as the spreadsheet counts.
    pub row: u32,
    /// 身份证号; its value is sound.
    pub resident_id: Reading<ResidentId>,
    /// 死亡日期、刑期起始、发证日期
    pub since: Reading<Date>,
    /// 刑期终止、有效期至
    pub until: Reading<Date>,
    /// 残疾等级: 1 (the gravest) to 4.
    pub grade: Reading<u8>,
}

static EMPTY: Cell<'static> = Cell::Empty;

/// The persons of a list of another department, from the top. The resident id is all that it must have.
///
/// # Errors
/// [`LedgerError`] if the file has no such header or breaks off.
pub fn read_department_list(
    workbook: &mut Workbook,
    synonyms: &Synonyms,
) -> Result<Vec<PersonRecord>, LedgerError> {
    let layout = header::find_with(workbook, synonyms, Required::OF_DEPARTMENT_LIST)?;
    let mut persons = Vec::new();
    workbook.rows(layout.sheet, &mut |row| {
        if row.number > layout.row && RowKind::of(row, &layout) == RowKind::Child {
            persons.push(person(row, &layout));
        }
        ControlFlow::Continue(())
    })?;
    Ok(persons)
}

fn person(row: &Row<'_>, layout: &Layout) -> PersonRecord {
    let cell = |field| {
        let column = layout.column(Group::Child, field);
        column
            .and_then(|column| row.cells.get(column.index))
            .unwrap_or(&EMPTY)
    };
    let id = cell(Field::ResidentId);
    PersonRecord {
        row: row.number,
        resident_id: Reading {
            raw: id.display().into_owned(),
            value: values::resident_id(id).ok().flatten(),
        },
        since: day(cell(Field::Since)),
        until: day(cell(Field::Until)),
        grade: grade(cell(Field::DisabilityGrade).display()),
    }
}

fn day(cell: &Cell<'_>) -> Reading<Date> {
    let value = match values::day(cell) {
        Day::On(day) => Some(day),
        Day::Blank | Day::Unreadable => None,
    };
    Reading {
        raw: cell.display().into_owned(),
        value,
    }
}

/// 一级、1、壹级: one of the four grades.
fn grade(raw: Cow<'_, str>) -> Reading<u8> {
    let first = raw.trim().chars().find(|c| c.is_alphanumeric());
    let value = first.and_then(|first| match first {
        '一' | '壹' | '1' | '１' => Some(1),
        '二' | '贰' | '2' | '２' => Some(2),
        '三' | '叁' | '3' | '３' => Some(3),
        '四' | '肆' | '4' | '４' => Some(4),
        _ => None,
    });
    Reading {
        raw: raw.into_owned(),
        value,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::Limits;

    fn read(text: &str) -> Vec<PersonRecord> {
        let bytes = text.as_bytes().to_vec();
        let mut workbook = Workbook::from_bytes("名单.csv", bytes, &Limits::default()).unwrap();
        read_department_list(&mut workbook, &Synonyms::builtin().unwrap()).unwrap()
    }

    #[test]
    fn a_list_of_deaths_is_read_under_its_title() {
        let read = read(
            "2021年三季度火化人员名单\n序号,死者姓名,死者身份证号,性别,死亡日期\n1,虚构某,11010519491231002X,女,2021年8月3日\n合计,1,,,\n",
        );
        assert_eq!(read.len(), 1);
        assert_eq!(
            (read[0].row, read[0].since.value),
            (3, Some(date(2021, 8, 3)))
        );
        assert!(read[0].resident_id.value.is_some());
    }

    #[test]
    fn a_term_has_two_days_and_a_certificate_a_grade() {
        let term = read(
            "罪犯姓名,身份证号码,刑期起始日期,刑期终止日期\n虚构某,11010519491231002X,2020-01-01,2023-12-31\n",
        );
        assert_eq!(term[0].until.value, Some(date(2023, 12, 31)));
        let card = read(
            "持证人姓名,身份证号,残疾类别,残疾等级,发证日期\n虚构某,11010519491231002X,肢体,二级,2019.5.6\n虚构某,坏号码,肢体,不详,\n",
        );
        assert_eq!(card[0].grade.value, Some(2));
        assert!(card[1].resident_id.is_doubtful() && card[1].grade.is_doubtful());
    }
}
