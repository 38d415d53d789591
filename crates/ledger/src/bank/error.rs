//! Why a bank's file was not written, or its answer not read.

use kernel::explain::{Explain, Lang};

use super::template::BankField;
use crate::error::LedgerError;

/// Why it was not done. There is no file then, and nothing of an answer is entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// There is no such template, or it is none.
    #[error("the template is invalid: {what}")]
    Template {
        /// What is wrong with it.
        what: String,
    },
    /// The encoding lacks a character.
    #[error("line {serial} has a character that the encoding lacks, in {}", field.en())]
    Letter {
        /// The line.
        serial: u32,
        /// Where.
        field: BankField,
    },
    /// A value does not go into its column.
    #[error("line {serial} has a value too wide for {}", field.en())]
    Wide {
        /// The line; 0 is the record of totals.
        serial: u32,
        /// Which column.
        field: BankField,
    },
    /// The workbook cannot be made.
    #[error("the workbook cannot be written: {what}")]
    Unwritable {
        /// The reason.
        what: String,
    },
    /// The answer lacks a column, or a row has nothing sensible in it.
    #[error("row {row} says nothing sensible in {}", field.en())]
    Row {
        /// The row, as the spreadsheet counts.
        row: u32,
        /// Which column.
        field: BankField,
    },
    /// The answer cannot be read as a file.
    #[error(transparent)]
    Unreadable(#[from] LedgerError),
}

impl Explain for BankError {
    fn code(&self) -> &'static str {
        match self {
            Self::Template { .. } => "bank.template",
            Self::Letter { .. } => "bank.letter",
            Self::Wide { .. } => "bank.wide",
            Self::Unwritable { .. } => "bank.unwritable",
            Self::Row { .. } => "bank.row",
            Self::Unreadable(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Template { .. }, Lang::Zh) => "没有这个银行文件模板，请从列表中选择。".into(),
            (Self::Template { .. }, Lang::En) => {
                "There is no such template: choose one of the list.".into()
            }
            (Self::Letter { serial, field }, Lang::Zh) => {
                format!(
                    "第{serial}笔的{}含有银行编码没有的字，未生成文件。请更正后重新生成。",
                    field.zh()
                )
            }
            (Self::Letter { serial, field }, Lang::En) => {
                format!(
                    "Line {serial} has a character in its {} that the bank's encoding lacks, so there is no file: correct it and make the file again.",
                    field.en()
                )
            }
            (Self::Wide { serial, field }, Lang::Zh) => {
                format!(
                    "第{serial}笔的{}超出银行规定的宽度，未生成文件。请更正后重新生成。",
                    field.zh()
                )
            }
            (Self::Wide { serial, field }, Lang::En) => {
                format!(
                    "The {} of line {serial} is wider than the bank allows, so there is no file: correct it and make the file again.",
                    field.en()
                )
            }
            (Self::Unwritable { .. }, Lang::Zh) => "工作簿无法生成，请改用文本模板。".into(),
            (Self::Unwritable { .. }, Lang::En) => {
                "The workbook cannot be made: use a template of text.".into()
            }
            (Self::Row { row, field }, Lang::Zh) => {
                format!(
                    "回盘文件第{row}行的{}无法识别，未导入任何一笔。请核对文件和模板。",
                    field.zh()
                )
            }
            (Self::Row { row, field }, Lang::En) => {
                format!(
                    "Row {row} of the answer says nothing sensible in {}, and nothing was entered: check file and template.",
                    field.en()
                )
            }
            (Self::Unreadable(error), lang) => error.explain(lang),
        }
    }
}
