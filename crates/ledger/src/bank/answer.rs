//! A bank's answer, read by a template.

use std::ops::ControlFlow;

use kernel::money::Money;

use super::error::BankError;
use super::template::{BankColumn, BankField, BankFormat, Template};
use crate::limits::Limits;
use crate::read::Workbook;

/// An answer to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAnswer {
    /// The number of the file it answers.
    pub number: String,
    /// How many lines it says it has.
    pub count: u32,
    /// What it says they come to.
    pub total: Money,
    /// Its lines.
    pub lines: Vec<BankAnswerLine>,
}

/// A line of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAnswerLine {
    /// Its row, as the spreadsheet counts.
    pub row: u32,
    /// The serial in the file.
    pub serial: i32,
    /// The amount.
    pub amount: Money,
    /// The bank's code and words, where it was not paid.
    pub failure: Option<(String, String)>,
}

/// How much of an answer is read: a million lines and their titles.
const LIMITS: Limits = Limits {
    file_bytes: 256 << 20,
    inflated_bytes: 1 << 30,
    part_bytes: 16 << 20,
    parts: 10_000,
    cells: 16_000_000,
    texts: 16_000_000,
    text_bytes: 512 << 20,
    cell_bytes: 1 << 16,
    row_bytes: 1 << 20,
    report_bytes: 0,
    columns: 256,
};

/// A row that is being read: its number and its texts.
type Texts = (u32, Vec<String>);

impl Template {
    /// Reads an answer; `name` is the file's, for messages.
    ///
    /// # Errors
    /// [`BankError::Row`] with the first row that makes no sense, [`BankError::Unreadable`].
    pub fn read_answer(&self, name: &str, bytes: Vec<u8>) -> Result<BankAnswer, BankError> {
        match self.format {
            BankFormat::Fixed => self.read_fixed(name, &bytes),
            BankFormat::Csv | BankFormat::Xlsx => self.read_sheet(name, bytes),
        }
    }

    fn read_sheet(&self, name: &str, bytes: Vec<u8>) -> Result<BankAnswer, BankError> {
        let mut book = Workbook::from_bytes(name, bytes, &LIMITS)?;
        let (mut reading, mut failed) = (Reading::of(self), None);
        book.rows(0, &mut |row| {
            let cells = row.cells.iter();
            let texts = cells.map(|cell| cell.display().trim().to_owned()).collect();
            match reading.row((row.number, texts)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        match failed {
            Some(error) => Err(error),
            None => reading.finish(),
        }
    }

    fn read_fixed(&self, name: &str, bytes: &[u8]) -> Result<BankAnswer, BankError> {
        if bytes.len() as u64 > LIMITS.file_bytes {
            return Err(crate::LedgerError::TooLarge {
                file: name.to_owned(),
                bound: crate::error::Bound::FileBytes,
                limit: LIMITS.file_bytes,
            }
            .into());
        }
        let mut reading = Reading::of(self);
        for (row, record) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            let record = record.strip_suffix(b"\r").unwrap_or(record);
            if record.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let columns = match reading.answer {
                None => &self.control,
                Some(_) => &self.answer,
            };
            let texts = self.cut(row, record, columns)?;
            reading.row((row, texts))?;
        }
        reading.finish()
    }

    /// The values of a record, each of its width; blanks at the end may be missing.
    fn cut(
        &self,
        row: u32,
        record: &[u8],
        columns: &[BankColumn],
    ) -> Result<Vec<String>, BankError> {
        let (mut rest, mut texts) = (record, Vec::with_capacity(columns.len()));
        for column in columns {
            let (value, after) = rest.split_at(column.width.min(rest.len()));
            let field = column.field;
            let (text, _, wrong) = self.encoding.encoding().decode(value);
            if wrong {
                return Err(BankError::Row { row, field });
            }
            texts.push(text.trim().to_owned());
            rest = after;
        }
        match (rest.iter().all(u8::is_ascii_whitespace), columns.last()) {
            (false, Some(last)) => Err(BankError::Row {
                row,
                field: last.field,
            }),
            _ => Ok(texts),
        }
    }
}

/// An answer as far as it is read.
struct Reading<'a> {
    template: &'a Template,
    answer: Option<BankAnswer>,
    /// Where each column of the template stands; known after the titles.
    places: Option<Vec<Option<usize>>>,
}

impl<'a> Reading<'a> {
    fn of(template: &'a Template) -> Self {
        let is_fixed = template.format == BankFormat::Fixed;
        let places = is_fixed.then(|| (0..template.answer.len()).map(Some).collect());
        Self {
            template,
            answer: None,
            places,
        }
    }

    fn row(&mut self, (row, texts): Texts) -> Result<(), BankError> {
        if self.answer.is_none() {
            self.answer = Some(control(self.template, row, &texts)?);
            return Ok(());
        }
        let Some(places) = &self.places else {
            return self.titles(row, &texts);
        };
        let line = line(self.template, places, row, &texts)?;
        if let Some(answer) = &mut self.answer {
            answer.lines.push(line);
        }
        Ok(())
    }

    fn titles(&mut self, row: u32, texts: &[String]) -> Result<(), BankError> {
        let place = |column: &BankColumn| {
            let found = texts.iter().position(|text| text == column.title());
            match (found, column.field) {
                (None, BankField::Code | BankField::Reason) => Ok(None),
                (None, field) => Err(BankError::Row { row, field }),
                (found, _) => Ok(found),
            }
        };
        let places: Result<_, BankError> = self.template.answer.iter().map(place).collect();
        self.places = Some(places?);
        Ok(())
    }

    fn finish(self) -> Result<BankAnswer, BankError> {
        let field = BankField::Number;
        self.answer.ok_or(BankError::Row { row: 1, field })
    }
}

fn control(template: &Template, row: u32, texts: &[String]) -> Result<BankAnswer, BankError> {
    let mut answer = BankAnswer {
        number: String::new(),
        count: 0,
        total: Money::ZERO,
        lines: Vec::new(),
    };
    for (at, column) in template.control.iter().enumerate() {
        let field = column.field;
        let wrong = BankError::Row { row, field };
        let text = texts.get(at).map_or("", String::as_str);
        match field {
            BankField::Number if text.is_empty() => return Err(wrong),
            BankField::Number => text.clone_into(&mut answer.number),
            BankField::Count => answer.count = text.parse().map_err(|_| wrong)?,
            BankField::Total | BankField::TotalFen => {
                answer.total = money(field, text).ok_or(wrong)?;
            }
            _ => {}
        }
    }
    Ok(answer)
}

fn line(
    template: &Template,
    places: &[Option<usize>],
    row: u32,
    texts: &[String],
) -> Result<BankAnswerLine, BankError> {
    let (mut serial, mut amount, mut is_paid) = (0, Money::ZERO, false);
    let (mut code, mut reason) = (String::new(), String::new());
    for (column, place) in template.answer.iter().zip(places) {
        let field = column.field;
        let wrong = BankError::Row { row, field };
        let text = place
            .and_then(|place| texts.get(place))
            .map_or("", String::as_str);
        match field {
            BankField::Serial => serial = text.parse().map_err(|_| wrong)?,
            BankField::Amount | BankField::AmountFen => {
                amount = money(field, text).ok_or(wrong)?;
            }
            BankField::Result => is_paid = template.says_paid(text).ok_or(wrong)?,
            BankField::Code => text.clone_into(&mut code),
            BankField::Reason => text.clone_into(&mut reason),
            _ => {}
        }
    }
    Ok(BankAnswerLine {
        row,
        serial,
        amount,
        failure: (!is_paid).then_some((code, reason)),
    })
}

fn money(field: BankField, text: &str) -> Option<Money> {
    match field {
        BankField::AmountFen | BankField::TotalFen => text.parse().ok().map(Money::from_fen),
        _ => text.replace(',', "").parse().ok(),
    }
}

impl Template {
    /// Whether a result says that it was paid; `None` where it says neither.
    fn says_paid(&self, text: &str) -> Option<bool> {
        let among = |words: &[String]| words.iter().any(|word| word == text);
        if among(&self.paid) {
            return Some(true);
        }
        let failed = match self.failed.is_empty() {
            true => !text.is_empty(),
            false => among(&self.failed),
        };
        failed.then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "37048120211120000001,2,3200.00\r\n序号,户名,金额,处理结果,失败原因,失败代码\r\n1,虚构祖父,1600.00,成功,,\r\n2,虚构,1600.00,失败,户名不符,E03\r\n";

    fn csv(text: &str) -> Result<BankAnswer, BankError> {
        let (bytes, ..) = encoding_rs::GBK.encode(text);
        let template = Template::named("general_csv")?;
        template.read_answer("回盘.csv", bytes.into_owned())
    }

    #[test]
    fn columns_are_found_by_their_titles() {
        let answer = csv(CSV).unwrap();
        assert_eq!(
            (answer.number.as_str(), answer.count),
            ("37048120211120000001", 2)
        );
        assert_eq!(answer.total, Money::from_yuan(3200));
        assert_eq!(answer.lines[0].failure, None);
        let second = &answer.lines[1];
        assert_eq!(
            (second.row, second.serial, second.amount),
            (4, 2, Money::from_yuan(1600))
        );
        assert_eq!(second.failure, Some(("E03".into(), "户名不符".into())));
    }

    #[test]
    fn what_makes_no_sense_names_its_row() {
        let row = |row, field| Err(BankError::Row { row, field });
        for (from, to, expected) in [
            ("成功", "处理中", row(3, BankField::Result)),
            ("2,虚构", "二,虚构", row(4, BankField::Serial)),
            ("1600.00,失败", "1600.001,失败", row(4, BankField::Amount)),
            ("处理结果", "结果", row(2, BankField::Result)),
            ("001,2,", "001,两笔,", row(1, BankField::Count)),
        ] {
            assert_eq!(csv(&CSV.replace(from, to)), expected, "{to}");
        }
    }

    #[test]
    fn records_of_fixed_width_are_cut_by_bytes() {
        let text = format!(
            "{:<24}{:08}{:016}\r\n{:08}{:014}{:<4}{:<8}{}\r\n{:08}{:014}{:<4}{:<8}户名㐂不符\r\n",
            "37048120211120000001",
            2,
            320_000,
            1,
            160_000,
            "0000",
            "",
            "",
            2,
            160_000,
            "9999",
            "E03"
        );
        let (bytes, ..) = encoding_rs::GB18030.encode(&text);
        let template = Template::named("fixed_txt").unwrap();
        let answer = template.read_answer("a.txt", bytes.to_vec()).unwrap();
        assert_eq!((answer.count, answer.total), (2, Money::from_yuan(3200)));
        assert_eq!(answer.lines[0].failure, None);
        assert_eq!(
            answer.lines[1].failure,
            Some(("E03".into(), "户名㐂不符".into()))
        );
        // A byte too much somewhere, and the record is no record.
        let shifted = text.replace("户名㐂不符", &"虚".repeat(31));
        let (bytes, ..) = encoding_rs::GB18030.encode(&shifted);
        let field = BankField::Reason;
        assert_eq!(
            template.read_answer("a.txt", bytes.to_vec()),
            Err(BankError::Row { row: 3, field })
        );
    }

    #[test]
    fn a_workbook_is_read_like_text() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, line) in (0..).zip(CSV.lines()) {
            for (at, cell) in (0..).zip(line.split(',')) {
                sheet.write_string(row, at, cell).unwrap();
            }
        }
        let template = Template::named("general_xlsx").unwrap();
        let answer = template.read_answer("回盘.xlsx", book.save_to_buffer().unwrap());
        assert_eq!(answer, csv(CSV));
    }
}
