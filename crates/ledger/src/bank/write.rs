//! A file for the bank, written by a template.

use kernel::money::Money;
use rust_xlsxwriter::Workbook;

use super::error::BankError;
use super::template::{BankColumn, BankField, BankFormat, Template};

/// A line of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct PayLine {
    /// Its serial, from 1 on.
    pub serial: u32,
    /// The account's number.
    pub account: String,
    /// Its holder.
    pub holder: String,
    /// Its bank.
    pub bank: String,
    /// The amount.
    pub amount: Money,
}

/// What is to be written.
#[derive(Clone, Copy)]
pub struct PayOrder<'a> {
    /// The file's number.
    pub number: &'a str,
    /// The sum of the lines.
    pub total: Money,
    /// The lines.
    pub lines: &'a [PayLine],
}

impl PayOrder<'_> {
    fn control(&self, field: BankField) -> String {
        match field {
            BankField::Number => self.number.to_owned(),
            BankField::Count => self.lines.len().to_string(),
            BankField::Total => self.total.to_string(),
            BankField::TotalFen => self.total.fen().to_string(),
            _ => String::new(),
        }
    }
}

impl PayLine {
    fn value(&self, field: BankField) -> String {
        match field {
            BankField::Serial => self.serial.to_string(),
            BankField::Account => self.account.clone(),
            BankField::Holder => self.holder.clone(),
            BankField::Bank => self.bank.clone(),
            BankField::Amount => self.amount.to_string(),
            BankField::AmountFen => self.amount.fen().to_string(),
            _ => String::new(),
        }
    }
}

/// One record as bytes: its values with a separator, or each in its width.
struct Record<'a> {
    template: &'a Template,
    serial: u32,
    bytes: Vec<u8>,
}

impl Record<'_> {
    fn put(&mut self, column: &BankColumn, value: &str) -> Result<(), BankError> {
        let (serial, field) = (self.serial, column.field);
        let (encoded, _, lacks) = self.template.encoding.encoding().encode(value);
        if lacks {
            return Err(BankError::Letter { serial, field });
        }
        if self.template.format == BankFormat::Csv {
            self.put_separated(&encoded);
            return Ok(());
        }
        let gap = column.width.checked_sub(encoded.len());
        let gap = gap.ok_or(BankError::Wide { serial, field })?;
        if field.is_figure() {
            self.bytes.extend(std::iter::repeat_n(b'0', gap));
        }
        self.bytes.extend_from_slice(&encoded);
        if !field.is_figure() {
            self.bytes.extend(std::iter::repeat_n(b' ', gap));
        }
        Ok(())
    }

    /// In GBK and GB18030 the second byte of a character is never a comma or a quote.
    fn put_separated(&mut self, encoded: &[u8]) {
        if !self.bytes.is_empty() {
            self.bytes.push(b',');
        }
        if !encoded.iter().any(|byte| matches!(byte, b',' | b'"')) {
            self.bytes.extend_from_slice(encoded);
            return;
        }
        self.bytes.push(b'"');
        for byte in encoded {
            if *byte == b'"' {
                self.bytes.push(b'"');
            }
            self.bytes.push(*byte);
        }
        self.bytes.push(b'"');
    }
}

impl Template {
    /// Writes a file.
    ///
    /// # Errors
    /// [`BankError::Letter`], [`BankError::Wide`], [`BankError::Unwritable`]; there is no file then.
    pub fn write(&self, order: PayOrder<'_>) -> Result<Vec<u8>, BankError> {
        match self.format {
            BankFormat::Xlsx => self.write_workbook(order),
            BankFormat::Csv | BankFormat::Fixed => self.write_text(order),
        }
    }

    fn write_text(&self, order: PayOrder<'_>) -> Result<Vec<u8>, BankError> {
        let mut file = Vec::new();
        self.record(&mut file, 0, &self.control, |field| order.control(field))?;
        if self.format == BankFormat::Csv {
            let mut titles = Record {
                template: self,
                serial: 0,
                bytes: Vec::new(),
            };
            for column in &self.line {
                titles.put(column, column.title())?;
            }
            file.append(&mut titles.bytes);
            file.extend_from_slice(b"\r\n");
        }
        for line in order.lines {
            self.record(&mut file, line.serial, &self.line, |field| {
                line.value(field)
            })?;
        }
        Ok(file)
    }

    fn record(
        &self,
        file: &mut Vec<u8>,
        serial: u32,
        columns: &[BankColumn],
        value: impl Fn(BankField) -> String,
    ) -> Result<(), BankError> {
        let mut record = Record {
            template: self,
            serial,
            bytes: Vec::new(),
        };
        for column in columns {
            record.put(column, &value(column.field))?;
        }
        file.append(&mut record.bytes);
        file.extend_from_slice(b"\r\n");
        Ok(())
    }

    /// Everything as text: a number of an account would lose its last digits otherwise.
    fn write_workbook(&self, order: PayOrder<'_>) -> Result<Vec<u8>, BankError> {
        let mut book = Workbook::new();
        let made = (|| {
            let sheet = book.add_worksheet();
            for (at, column) in (0..).zip(&self.control) {
                sheet.write_string(0, at, order.control(column.field))?;
            }
            for (at, column) in (0..).zip(&self.line) {
                sheet.write_string(1, at, column.title())?;
            }
            for (row, line) in (2..).zip(order.lines) {
                for (at, column) in (0..).zip(&self.line) {
                    sheet.write_string(row, at, line.value(column.field))?;
                }
            }
            book.save_to_buffer()
        })();
        made.map_err(|error| BankError::Unwritable {
            what: error.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(serial: u32, holder: &str, fen: i64) -> PayLine {
        PayLine {
            serial,
            account: "6222021611110003".into(),
            holder: holder.into(),
            bank: "虚构银行".into(),
            amount: Money::from_fen(fen),
        }
    }

    fn write(code: &str, lines: &[PayLine]) -> Result<Vec<u8>, BankError> {
        let total = Money::sum(lines.iter().map(|line| line.amount)).unwrap();
        let number = "37048120211120000001";
        Template::named(code)?.write(PayOrder {
            number,
            total,
            lines,
        })
    }

    #[test]
    fn widths_are_bytes_of_the_encoding() {
        // 㐂 has four bytes in GB18030, 祖 has two.
        let bytes = write("fixed_txt", &[line(1, "虚构㐂", 160_000)]).unwrap();
        let records: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        assert_eq!(records[0].len(), 24 + 8 + 16 + 1);
        assert_eq!(records[1].len(), 8 + 32 + 60 + 60 + 14 + 1);
        let (text, _, wrong) = encoding_rs::GB18030.decode(records[1]);
        assert!(
            !wrong && text.starts_with("000000016222021611110003"),
            "{text}"
        );
        assert!(text.ends_with("00000000160000\r"), "{text}");
        assert_eq!(
            &records[1][40..48],
            &encoding_rs::GB18030.encode("虚构㐂").0[..]
        );
    }

    #[test]
    fn a_missing_letter_and_a_wide_value_name_the_line() {
        let lines = [line(1, "虚构祖父", 1), line(2, "虚构㐂", 1)];
        let lacks = BankError::Letter {
            serial: 2,
            field: BankField::Holder,
        };
        assert_eq!(write("general_csv", &lines), Err(lacks));
        let long = line(7, &"虚".repeat(31), 1);
        let wide = BankError::Wide {
            serial: 7,
            field: BankField::Holder,
        };
        assert_eq!(write("fixed_txt", &[long]), Err(wide));
        let dear = line(3, "虚构祖父", 999_999_999_999_999);
        let wide = BankError::Wide {
            serial: 3,
            field: BankField::AmountFen,
        };
        assert_eq!(write("fixed_txt", &[dear]), Err(wide));
    }

    #[test]
    fn text_with_commas_is_quoted() {
        let bytes = write("general_csv", &[line(1, "虚构,\"甲\"", 160_050)]).unwrap();
        let (text, ..) = encoding_rs::GBK.decode(&bytes);
        let expected = "37048120211120000001,1,1600.50\r\n序号,账号,户名,开户行,金额\r\n1,6222021611110003,\"虚构,\"\"甲\"\"\",虚构银行,1600.50\r\n";
        assert_eq!(text, expected);
    }
}
