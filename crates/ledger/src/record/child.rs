//! What a ledger says about one child.

use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::resident_id::{ResidentId, Sex};

use crate::check::Issue;
use crate::header::ListState;

/// A cell: its text as in the file, and what it means where it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    /// The cell's text, untouched; empty where the file has no such column.
    pub raw: String,
    /// Its meaning; none for an empty or doubtful cell.
    pub value: Option<T>,
}

impl<T> Default for Reading<T> {
    fn default() -> Self {
        Self {
            raw: String::new(),
            value: None,
        }
    }
}

impl<T> Reading<T> {
    /// Whether the cell holds something that could not be read.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.value.is_none() && !self.raw.trim().is_empty()
    }
}

/// A parent or guardian.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// 姓名
    pub name: Reading<String>,
    /// 与儿童关系
    pub relation: Reading<String>,
    /// 身份证号, checked for its own form only.
    pub resident_id: Reading<ResidentId>,
    /// 联系电话, all of the cell, as plain digits.
    pub phones: Reading<Vec<String>>,
    /// 务工地、工作单位
    pub workplace: Reading<String>,
    /// 住址
    pub address: Reading<String>,
}

/// What a ledger's row says about a child.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChildRecord {
    /// The row, as the spreadsheet counts.
    pub row: u32,
    /// 姓名
    pub name: Reading<String>,
    /// 性别
    pub sex: Reading<Sex>,
    /// 民族
    pub ethnicity: Reading<String>,
    /// 出生日期, from its own column.
    pub birth: Reading<Date>,
    /// 身份证号; its value is sound.
    pub resident_id: Reading<ResidentId>,
    /// 全国儿童福利信息系统编号
    pub national_number: Reading<String>,
    /// 区（市）
    pub district: Reading<String>,
    /// 镇（街）
    pub town: Reading<Division>,
    /// 村（居）; the town where the gazetteer lists no villages of it.
    pub village: Reading<Division>,
    /// 户籍地址、住址
    pub address: Reading<String>,
    /// 类别, from its column or the sheet's title.
    pub category: Reading<Category>,
    /// 在册状态, in a list of the national system; its value where the word is known.
    pub state: Reading<ListState>,
    /// 监护人、被委托人. The contact number and relation outside any group are the guardian's.
    pub guardian: Contact,
    /// 父亲
    pub father: Contact,
    /// 母亲
    pub mother: Contact,
    /// 开户行
    pub bank_name: Reading<String>,
    /// 户名
    pub bank_holder: Reading<String>,
    /// 银行账号
    pub bank_account: Reading<String>,
    /// 健康状况
    pub health: Reading<String>,
    /// 残疾类别
    pub disability: Reading<String>,
    /// 残疾等级
    pub disability_grade: Reading<String>,
    /// 患病种类
    pub illness: Reading<String>,
    /// 就学情况
    pub schooling: Reading<String>,
    /// 就读学校
    pub school: Reading<String>,
    /// 是否寄宿
    pub boarding: Reading<bool>,
    /// 备注
    pub remark: Reading<String>,
    /// Every fault of the row, from left to right.
    pub issues: Vec<Issue>,
}

impl ChildRecord {
    /// The birth: by the resident id where that is sound, else by its own column.
    #[must_use]
    pub fn born(&self) -> Option<Date> {
        self.resident_id
            .value
            .as_ref()
            .map(ResidentId::birth)
            .or(self.birth.value)
    }
}
