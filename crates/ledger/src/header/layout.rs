//! The columns of one sheet.

use serde::Deserialize;

use kernel::category::Category;

/// What a column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 序号
    Ordinal,
    /// 姓名
    Name,
    /// 性别
    Sex,
    /// 民族
    Ethnicity,
    /// 出生日期
    Birth,
    /// 身份证号
    ResidentId,
    /// 全国儿童福利信息系统编号
    NationalNumber,
    /// 区（市）
    District,
    /// 镇（街）
    Town,
    /// 村（居）
    Village,
    /// 住址
    Address,
    /// 类别
    Category,
    /// 在册状态
    State,
    /// 与儿童关系
    Relation,
    /// 联系电话
    Phone,
    /// 务工地、工作单位
    Workplace,
    /// 开户行
    BankName,
    /// 户名
    BankHolder,
    /// 银行账号
    BankAccount,
    /// 健康状况
    Health,
    /// 残疾类别
    Disability,
    /// 残疾等级
    DisabilityGrade,
    /// 患病种类
    Illness,
    /// 就学情况
    Schooling,
    /// 就读学校
    School,
    /// 是否寄宿
    Boarding,
    /// 备注
    Remark,
    /// 死亡日期、刑期起始、发证日期: the day that a list of another department tells of a person
    Since,
    /// 刑期终止、有效期至: the last day of it
    Until,
}

/// Whom a column is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// The child; also every column outside a group.
    Child,
    /// 父亲
    Father,
    /// 母亲
    Mother,
    /// 祖辈
    Grandparents,
    /// 监护人、委托监护
    Guardian,
    /// A group of another name.
    #[serde(skip)]
    Other,
}

/// A column that a sheet cannot do without: one that tells any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Required {
    /// What it tells.
    fields: &'static [Field],
    /// Its usual heading.
    heading: &'static str,
}

const fn required(fields: &'static [Field], heading: &'static str) -> Required {
    Required { fields, heading }
}

impl Required {
    /// What an office's ledger has.
    pub const OF_LEDGER: &'static [Self] = &[
        required(&[Field::Name], "姓名"),
        required(&[Field::ResidentId], "身份证号"),
        required(&[Field::Village], "村（居）"),
        required(&[Field::Category], "类别"),
    ];
    /// What a list of the national system has.
    pub const OF_NATIONAL_LIST: &'static [Self] = &[
        required(&[Field::Name], "姓名"),
        required(
            &[Field::NationalNumber, Field::ResidentId],
            "全国系统编号或身份证号",
        ),
    ];
    /// What a list of another department has: whoever it names, it names by the resident id.
    pub const OF_DEPARTMENT_LIST: &'static [Self] = &[required(&[Field::ResidentId], "身份证号")];
}

/// One column of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Zero-based place in the row.
    pub index: usize,
    /// The heading exactly as in the file; of a group's column its own, not the group's.
    pub heading: String,
    /// Whom it is about.
    pub group: Group,
    /// What it tells, if that is known.
    pub field: Option<Field>,
}

/// The header of one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The sheet's place in the workbook.
    pub sheet: usize,
    /// The last row of the header, as the spreadsheet counts.
    pub row: u32,
    /// All columns with a heading, from left to right.
    pub columns: Vec<Column>,
    /// The category that the title names, for a sheet without a column of categories.
    pub category: Option<Category>,
    /// Other visible sheets that look like ledgers too and were not read.
    pub passed_over: Vec<String>,
}

impl Layout {
    /// The first column of a group that tells this.
    #[must_use]
    pub fn column(&self, group: Group, field: Field) -> Option<&Column> {
        self.columns
            .iter()
            .find(|column| column.group == group && column.field == Some(field))
    }

    /// The columns a sheet cannot do without that are missing, by their usual headings.
    #[must_use]
    pub fn missing(&self, required: &[Required]) -> Vec<&'static str> {
        let tells = |field: &Field| {
            self.column(Group::Child, *field).is_some()
                || (*field == Field::Category && self.category.is_some())
        };
        let lacking = required
            .iter()
            .filter(|required| !required.fields.iter().any(tells));
        lacking.map(|required| required.heading).collect()
    }
}
