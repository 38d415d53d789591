//! A fault at a cell: its stable code, how grave it is, and what to tell the clerk.

use std::sync::Arc;

use kernel::explain::Lang;
use kernel::resident_id::ResidentIdError;

use crate::values::IdFault;

/// What a fault does to the import of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row is left out until it is corrected.
    Block,
    /// The child is registered; the doubtful field stays empty and is cleared later.
    Clear,
}

/// Where an earlier row stands that a duplicate repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Where {
    /// The file, as given, if it is not the duplicate's own.
    pub other_file: Option<Arc<str>>,
    /// The row, as the spreadsheet counts.
    pub row: u32,
}

impl Where {
    fn zh(&self) -> String {
        let file = self.other_file.as_deref().unwrap_or("本表");
        format!("{file} 第 {} 行", self.row)
    }

    fn en(&self) -> String {
        match &self.other_file {
            Some(file) => format!("{file} row {}", self.row),
            None => format!("row {}", self.row),
        }
    }
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// `id.precision_lost`, `id.character`, `id.old_form`, `id.length`, `id.region`, `id.date`, `id.checksum`
    Id(IdFault),
    /// `id.birth_mismatch`: the birth column says otherwise than the id.
    BirthMismatch,
    /// `id.sex_mismatch`
    SexMismatch,
    /// `age.over_limit`, with the limit in years.
    OverLimit(u8),
    /// `duplicate.id`, with the earlier row and whether it bears another name.
    DuplicateId {
        /// The earlier row.
        earlier: Where,
        /// Whether the two rows name different children.
        other_name: bool,
    },
    /// `duplicate.id`: a child on file bears this id under another name; only an import can know.
    OnFileUnderOtherName,
    /// `duplicate.person`: same name and birth, other id.
    DuplicatePerson(Where),
    /// `division.unknown`
    DivisionUnknown,
    /// `division.out_of_reach`: another unit serves the place; only a check by an officer can know.
    OutOfReach,
    /// `bank.luhn`
    BankLuhn,
    /// `phone.invalid`
    PhoneInvalid,
    /// `category.unknown`
    CategoryUnknown,
    /// `field.missing`, and whether it is the name.
    FieldMissing {
        /// Whether the child has no name.
        is_name: bool,
    },
    /// `date.unreadable`, and whether it can be read but lies after the day of the check.
    DateUnreadable {
        /// Whether the date lies in the future.
        is_future: bool,
    },
}

/// A fault at a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The row, as the spreadsheet counts.
    pub row: u32,
    /// Zero-based place of the column.
    pub place: usize,
    /// The column's heading as in the file.
    pub column: Arc<str>,
    /// The cell's text, untouched: personal data.
    pub raw: Box<str>,
    /// What is wrong.
    pub code: Code,
}

impl Issue {
    /// The bytes it takes in a report.
    pub(super) fn bytes(&self) -> u64 {
        (size_of::<Self>() + self.raw.len()) as u64
    }
}

impl Code {
    /// The stable code.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Id(IdFault::PrecisionLost) => "id.precision_lost",
            Self::Id(IdFault::Invalid(error)) => error.code(),
            Self::BirthMismatch => "id.birth_mismatch",
            Self::SexMismatch => "id.sex_mismatch",
            Self::OverLimit(_) => "age.over_limit",
            Self::DuplicateId { .. } | Self::OnFileUnderOtherName => "duplicate.id",
            Self::DuplicatePerson(_) => "duplicate.person",
            Self::DivisionUnknown => "division.unknown",
            Self::OutOfReach => "division.out_of_reach",
            Self::BankLuhn => "bank.luhn",
            Self::PhoneInvalid => "phone.invalid",
            Self::CategoryUnknown => "category.unknown",
            Self::FieldMissing { .. } => "field.missing",
            Self::DateUnreadable { .. } => "date.unreadable",
        }
    }

    /// Whether the row must be left out.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::DivisionUnknown
            | Self::OutOfReach
            | Self::FieldMissing { is_name: true }
            | Self::DuplicateId {
                other_name: true, ..
            }
            | Self::OnFileUnderOtherName => Severity::Block,
            _ => Severity::Clear,
        }
    }

    /// What is wrong and what to do, without personal data.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Id(fault) => id_zh(*fault).to_owned(),
            Self::BirthMismatch => "出生日期与身份证号不一致，请核对户口簿".to_owned(),
            Self::SexMismatch => "性别与身份证号不一致，请核对户口簿".to_owned(),
            Self::OverLimit(limit) => format!("已满 {limit} 周岁，请核对是否应当退出"),
            Self::DuplicateId {
                earlier,
                other_name: false,
            } => format!("身份证号与 {}重复，请删除重复的行", earlier.zh()),
            Self::DuplicateId {
                earlier,
                other_name: true,
            } => format!("身份证号与 {}相同而姓名不同，请核对", earlier.zh()),
            Self::OnFileUnderOtherName => {
                "已登记的另一名儿童使用此身份证号，请核对姓名和号码".to_owned()
            }
            Self::DuplicatePerson(earlier) => format!(
                "姓名、出生日期与 {}相同而身份证号不同，请核对是否同一人",
                earlier.zh()
            ),
            Self::DivisionUnknown => "查无此村（居）或镇（街），请按规范名称填写".to_owned(),
            Self::OutOfReach => "此地不在您单位的管辖范围内，请由管辖该地的单位登记".to_owned(),
            Self::BankLuhn => {
                "银行卡号校验不符，或按数字保存而丢失末几位，请对照银行卡核对".to_owned()
            }
            Self::PhoneInvalid => "电话号码有误：手机号应为 11 位，固定电话应带区号".to_owned(),
            Self::CategoryUnknown => "类别无法识别，请按规范名称填写".to_owned(),
            Self::FieldMissing { .. } => "必填项为空，请补填".to_owned(),
            Self::DateUnreadable { is_future: false } => {
                "日期无法识别，请写成 2015-11-20 的形式".to_owned()
            }
            Self::DateUnreadable { is_future: true } => "出生日期晚于核查日期，请核对".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Id(fault) => id_en(*fault).to_owned(),
            Self::BirthMismatch => {
                "date of birth and resident id disagree; check the household register".to_owned()
            }
            Self::SexMismatch => {
                "sex and resident id disagree; check the household register".to_owned()
            }
            Self::OverLimit(limit) => {
                format!("has reached the age of {limit}; check whether the child should leave")
            }
            Self::DuplicateId {
                earlier,
                other_name: false,
            } => format!(
                "resident id repeats {}; delete one of the rows",
                earlier.en()
            ),
            Self::DuplicateId {
                earlier,
                other_name: true,
            } => format!(
                "same resident id as {} under another name; check both",
                earlier.en()
            ),
            Self::OnFileUnderOtherName => {
                "a child on file bears this resident id under another name; check both".to_owned()
            }
            Self::DuplicatePerson(earlier) => format!(
                "same name and birth as {} but another resident id; perhaps one child",
                earlier.en()
            ),
            Self::DivisionUnknown => "no such village or town; use its official name".to_owned(),
            Self::OutOfReach => {
                "another unit serves this place; let that unit register the child".to_owned()
            }
            Self::BankLuhn => {
                "the card number's check digit is wrong, or its last digits are lost in a number cell; compare it with the card"
                    .to_owned()
            }
            Self::PhoneInvalid => {
                "not a telephone number: a mobile has 11 digits, a landline needs its area code"
                    .to_owned()
            }
            Self::CategoryUnknown => "unknown category; use its official name".to_owned(),
            Self::FieldMissing { .. } => "required and empty; fill it in".to_owned(),
            Self::DateUnreadable { is_future: false } => {
                "not a readable date; write it as 2015-11-20".to_owned()
            }
            Self::DateUnreadable { is_future: true } => {
                "the date of birth lies after the day of the check".to_owned()
            }
        }
    }
}

const fn id_zh(fault: IdFault) -> &'static str {
    match fault {
        IdFault::PrecisionLost => "身份证号按数字保存，末几位已丢失，请改为文本格式后重新填写",
        IdFault::Invalid(ResidentIdError::Character) => "身份证号含有不应出现的字符",
        IdFault::Invalid(ResidentIdError::OldForm) => "身份证号是 15 位旧号，请换成 18 位",
        IdFault::Invalid(ResidentIdError::Length) => "身份证号位数不对，应为 18 位",
        IdFault::Invalid(ResidentIdError::Region) => "身份证号开头的省份代码不存在",
        IdFault::Invalid(ResidentIdError::Date) => "身份证号中的出生日期不存在",
        IdFault::Invalid(ResidentIdError::Checksum) => "身份证号校验位不符，请核对有无错位、错字",
    }
}

const fn id_en(fault: IdFault) -> &'static str {
    match fault {
        IdFault::PrecisionLost => {
            "stored as a number, so its last digits are lost; format the cell as text and type it again"
        }
        IdFault::Invalid(ResidentIdError::Character) => {
            "the resident id has a character that cannot be"
        }
        IdFault::Invalid(ResidentIdError::OldForm) => {
            "an old resident id of 15 digits; replace it by that of 18"
        }
        IdFault::Invalid(ResidentIdError::Length) => "a resident id has 18 digits",
        IdFault::Invalid(ResidentIdError::Region) => {
            "the resident id begins with no province's code"
        }
        IdFault::Invalid(ResidentIdError::Date) => "the birth in the resident id is no date",
        IdFault::Invalid(ResidentIdError::Checksum) => {
            "the resident id's check digit is wrong; look for a mistyped digit"
        }
    }
}
