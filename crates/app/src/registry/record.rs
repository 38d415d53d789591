//! From a ledger's record to what the registry takes in.
//!
//! **Invariant.** A doubtful field arrives empty; what the office wrote there survives, sealed, in the row and in the
//! work item.

use domain::registry::{Hidden, Particulars, Relation, Relative, holds_number, holds_number_of};
use kernel::category::Category;
use kernel::division::Division;
use ledger::check::{Code, Severity};
use ledger::record::{ChildRecord, Contact, Reading};

/// A record as the registry takes it in.
pub(super) struct Row {
    /// The spreadsheet's own row number.
    pub(super) number: u32,
    /// The facts without doubt.
    pub(super) facts: Particulars,
    /// The class, where it is known.
    pub(super) category: Option<Category>,
    /// What is in doubt.
    pub(super) doubts: Vec<Doubt>,
}

/// A field in doubt.
pub(super) struct Doubt {
    /// What is wrong, by its code.
    pub(super) code: &'static str,
    /// The column's heading, or the field's own name.
    pub(super) field: String,
    /// The cell as the office wrote it.
    pub(super) raw: String,
}

/// A number stands where only words belong: readable fields are not sealed, so it may not stay there.
const HOLDS_NUMBER: &str = "field.holds_number";
/// The national system's own number is shorter than a resident id.
const RESIDENT_ID: usize = 17;

/// The record's facts, or nothing when a fault leaves the row out. `place` is the division the ledger is of.
pub(super) fn row(record: ChildRecord, place: Division) -> Option<Row> {
    if record
        .issues
        .iter()
        .any(|issue| issue.code.severity() == Severity::Block)
    {
        return None;
    }
    let mut doubts: Vec<Doubt> = record
        .issues
        .iter()
        .map(|issue| Doubt {
            code: issue.code.as_str(),
            field: issue.column.to_string(),
            raw: issue.raw.to_string(),
        })
        .collect();
    let facts = facts(&record, place, &mut Words(&mut doubts))?;
    Some(Row {
        number: record.row,
        facts,
        category: record.category.value,
        doubts,
    })
}

fn facts(record: &ChildRecord, place: Division, words: &mut Words<'_>) -> Option<Particulars> {
    let name = words.name(&record.name)?;
    // A row without a village still names a child: the household is then as near as the ledger tells.
    let household = record.village.value.or(record.town.value).unwrap_or(place);
    let doubted = |wanted: fn(&Code) -> bool| record.issues.iter().any(|issue| wanted(&issue.code));
    let birth = match doubted(|code| matches!(code, Code::BirthMismatch)) {
        true => None,
        false => record
            .birth
            .value
            .or(record.resident_id.value.as_ref().map(|id| id.birth())),
    };
    let sex = match doubted(|code| matches!(code, Code::SexMismatch)) {
        true => None,
        false => record
            .sex
            .value
            .or(record.resident_id.value.as_ref().map(|id| id.sex())),
    };
    let relatives = [
        relative(Relation::Father, &record.father, words),
        relative(Relation::Mother, &record.mother, words),
    ];
    Some(Particulars {
        sex,
        birth,
        resident_id: record.resident_id.value.clone(),
        national_number: words.unless("全国系统编号", &record.national_number, |text| {
            holds_number_of(text, RESIDENT_ID)
        }),
        ethnicity: words.of("民族", &record.ethnicity),
        address: hidden(&record.address),
        school: words.of("就读学校", &record.school),
        school_stage: words.of("就学情况", &record.schooling),
        boarding: record.boarding.value,
        health: words.of("健康状况", &record.health),
        disability_kind: words.of("残疾类别", &record.disability),
        disability_level: words.of("残疾等级", &record.disability_grade),
        illness: words.of("患病种类", &record.illness),
        bank_name: words.of("开户行", &record.bank_name),
        bank_account: hidden(&record.bank_account),
        guardian_name: words.of("监护人姓名", &record.guardian.name),
        guardian_relation: words.of("与儿童关系", &record.guardian.relation),
        guardian_phone: phones(&record.guardian),
        guardian_resident_id: id(&record.guardian),
        relatives: relatives.into_iter().flatten().collect(),
        note: hidden(&record.remark),
        ..Particulars::of(name, household)
    })
}

fn relative(relation: Relation, contact: &Contact, words: &mut Words<'_>) -> Option<Relative> {
    let relative = Relative {
        relation,
        name: words.of("父母姓名", &contact.name),
        resident_id: id(contact),
        phone: phones(contact),
        works_at: words.of("务工地", &contact.workplace),
    };
    let known =
        relative.name.is_some() || relative.resident_id.is_some() || relative.phone.is_some();
    known.then_some(relative)
}

/// Reads fields that stay readable, and holds back those in which a number hides.
struct Words<'d>(&'d mut Vec<Doubt>);

impl Words<'_> {
    fn of(&mut self, field: &str, reading: &Reading<String>) -> Option<String> {
        self.unless(field, reading, holds_number)
    }

    /// The text, unless it holds such a number.
    fn unless(
        &mut self,
        field: &str,
        reading: &Reading<String>,
        holds: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let text = text(reading)?;
        if !holds(&text) {
            return Some(text);
        }
        self.doubt(field, &reading.raw);
        None
    }

    /// A child without a name would be missed, so of a name only the digits go.
    fn name(&mut self, reading: &Reading<String>) -> Option<String> {
        let name = text(reading)?;
        if !holds_number(&name) {
            return Some(name);
        }
        self.doubt("姓名", &reading.raw);
        let letters: String = name
            .chars()
            .filter(|c| !matches!(c, '0'..='9' | '０'..='９'))
            .collect();
        Some(if letters.is_empty() {
            "姓名待核实".to_owned()
        } else {
            letters
        })
    }

    fn doubt(&mut self, field: &str, raw: &str) {
        self.0.push(Doubt {
            code: HOLDS_NUMBER,
            field: field.to_owned(),
            raw: raw.to_owned(),
        });
    }
}

fn text(reading: &Reading<String>) -> Option<String> {
    reading.value.clone().filter(|text| !text.is_empty())
}

fn hidden(reading: &Reading<String>) -> Option<Hidden> {
    text(reading).map(Hidden::new)
}

fn id(contact: &Contact) -> Option<Hidden> {
    contact
        .resident_id
        .value
        .as_ref()
        .map(|id| Hidden::new(id.reveal()))
}

fn phones(contact: &Contact) -> Option<Hidden> {
    contact
        .phones
        .value
        .as_ref()
        .filter(|phones| !phones.is_empty())
        .map(|phones| Hidden::new(phones.join("/")))
}
