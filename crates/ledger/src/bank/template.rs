//! A bank's template: which fields stand where, in which encoding.

use encoding_rs::{Encoding, GB18030, GBK, UTF_8};
use serde::Deserialize;

use super::error::BankError;

/// The templates built in.
const BUILTIN: [&str; 3] = [
    include_str!("../../banks/general_csv.toml"),
    include_str!("../../banks/general_xlsx.toml"),
    include_str!("../../banks/fixed_txt.toml"),
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankField {
    /// 批次号: the file's number.
    Number,
    /// 总笔数
    Count,
    /// 总金额, in yuan.
    Total,
    /// 总金额, in fen.
    TotalFen,
    /// 序号
    Serial,
    /// 账号
    Account,
    /// 户名
    Holder,
    /// 开户行
    Bank,
    /// 金额, in yuan.
    Amount,
    /// 金额, in fen.
    AmountFen,
    /// 处理结果: paid or not, in the bank's words.
    Result,
    /// 失败代码
    Code,
    /// 失败原因
    Reason,
}

impl BankField {
    /// The usual heading.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Number => "批次号",
            Self::Count => "总笔数",
            Self::Total | Self::TotalFen => "总金额",
            Self::Serial => "序号",
            Self::Account => "账号",
            Self::Holder => "户名",
            Self::Bank => "开户行",
            Self::Amount | Self::AmountFen => "金额",
            Self::Result => "处理结果",
            Self::Code => "失败代码",
            Self::Reason => "失败原因",
        }
    }

    /// What it is called in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Count => "count",
            Self::Total | Self::TotalFen => "total",
            Self::Serial => "serial",
            Self::Account => "account",
            Self::Holder => "holder",
            Self::Bank => "bank",
            Self::Amount | Self::AmountFen => "amount",
            Self::Result => "result",
            Self::Code => "code",
            Self::Reason => "reason",
        }
    }

    /// Whether it stands to the right of its width, behind zeros.
    pub(super) const fn is_figure(self) -> bool {
        matches!(
            self,
            Self::Count
                | Self::Total
                | Self::TotalFen
                | Self::Serial
                | Self::Amount
                | Self::AmountFen
        )
    }
}

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankFormat {
    /// Text separated by commas.
    Csv,
    /// A workbook.
    Xlsx,
    /// Text of fixed widths.
    Fixed,
}

impl BankFormat {
    /// The ending of a file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Fixed => "txt",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Letters {
    #[default]
    Utf8,
    Gbk,
    Gb18030,
}

impl Letters {
    pub(super) const fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Gbk => GBK,
            Self::Gb18030 => GB18030,
        }
    }
}

/// A column of a record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BankColumn {
    pub(super) field: BankField,
    /// Its heading; the usual one where left out.
    title: Option<String>,
    /// Its width in bytes, where widths are fixed.
    #[serde(default)]
    pub(super) width: usize,
}

impl BankColumn {
    pub(super) fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(self.field.zh())
    }
}

/// A template.
///
/// ```
/// use ledger::bank::Template;
/// let codes: Vec<_> = Template::builtin()?.into_iter().map(|template| template.code).collect();
/// assert_eq!(codes, ["general_csv", "general_xlsx", "fixed_txt"]);
/// # Ok::<(), ledger::bank::BankError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its stable code.
    pub code: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// How its files are laid out.
    pub format: BankFormat,
    #[serde(default)]
    pub(super) encoding: Letters,
    /// The words of an answer for what was paid.
    pub(super) paid: Vec<String>,
    /// Those for what was not; where there are none, whatever is not paid.
    #[serde(default)]
    pub(super) failed: Vec<String>,
    pub(super) control: Vec<BankColumn>,
    pub(super) line: Vec<BankColumn>,
    pub(super) answer: Vec<BankColumn>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`BankError::Template`] where it is none, lacks a field that matching needs, or a width where widths are fixed.
    pub fn parse(toml: &str) -> Result<Self, BankError> {
        let invalid = |what: String| BankError::Template { what };
        let template: Self = toml::from_str(toml).map_err(|error| invalid(error.to_string()))?;
        let has = |columns: &[BankColumn], one: BankField, other: BankField| {
            columns
                .iter()
                .any(|column| column.field == one || column.field == other)
        };
        let needed = [
            (&template.control, BankField::Number, BankField::Number),
            (&template.control, BankField::Count, BankField::Count),
            (&template.control, BankField::Total, BankField::TotalFen),
            (&template.line, BankField::Serial, BankField::Serial),
            (&template.line, BankField::Amount, BankField::AmountFen),
            (&template.line, BankField::Account, BankField::Account),
            (&template.answer, BankField::Serial, BankField::Serial),
            (&template.answer, BankField::Amount, BankField::AmountFen),
            (&template.answer, BankField::Result, BankField::Result),
        ];
        for (columns, one, other) in needed {
            if !has(columns, one, other) {
                return Err(invalid(format!("{} lacks {}", template.code, one.en())));
            }
        }
        let mut all = template
            .control
            .iter()
            .chain(&template.line)
            .chain(&template.answer);
        if template.format == BankFormat::Fixed && all.any(|column| column.width == 0) {
            return Err(invalid(format!("{} lacks a width", template.code)));
        }
        Ok(template)
    }

    /// The templates that are built in.
    ///
    /// # Errors
    /// As [`Template::parse`]; a test reads them all.
    pub fn builtin() -> Result<Vec<Self>, BankError> {
        BUILTIN.into_iter().map(Self::parse).collect()
    }

    /// The one with this code among those built in.
    ///
    /// # Errors
    /// [`BankError::Template`] where there is none.
    pub fn named(code: &str) -> Result<Self, BankError> {
        let found = Self::builtin()?
            .into_iter()
            .find(|template| template.code == code);
        found.ok_or_else(|| BankError::Template {
            what: format!("no template {code:?}"),
        })
    }
}
