//! From a ledger's record to what the registry takes in.
//!
//! **Invariant.** A doubtful field arrives empty; what the office wrote there survives, sealed, in the row and in the
//! work item.

use domain::registry::{Hidden, Particulars, Relation, Relative};
use kernel::category::Category;
use ledger::check::{Code, Issue, Severity};
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
    pub(super) doubts: Vec<Issue>,
}

/// The record's facts, or nothing when a fault leaves the row out.
pub(super) fn row(record: ChildRecord) -> Option<Row> {
    if record
        .issues
        .iter()
        .any(|issue| issue.code.severity() == Severity::Block)
    {
        return None;
    }
    let facts = facts(&record)?;
    Some(Row {
        number: record.row,
        facts,
        category: record.category.value,
        doubts: record.issues,
    })
}

fn facts(record: &ChildRecord) -> Option<Particulars> {
    let (name, village) = (record.name.value.clone()?, record.village.value?);
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
        relative(Relation::Father, &record.father),
        relative(Relation::Mother, &record.mother),
    ];
    Some(Particulars {
        sex,
        birth,
        resident_id: record.resident_id.value.clone(),
        national_number: text(&record.national_number),
        ethnicity: text(&record.ethnicity),
        address: hidden(&record.address),
        school_stage: text(&record.schooling),
        boarding: record.boarding.value,
        health: text(&record.health),
        disability_kind: text(&record.disability),
        disability_level: text(&record.disability_grade),
        illness: text(&record.illness),
        bank_name: text(&record.bank_name),
        bank_account: hidden(&record.bank_account),
        guardian_name: text(&record.guardian.name),
        guardian_relation: text(&record.guardian.relation),
        guardian_phone: phones(&record.guardian),
        guardian_resident_id: id(&record.guardian),
        relatives: relatives.into_iter().flatten().collect(),
        note: text(&record.remark),
        ..Particulars::of(name, village)
    })
}

fn relative(relation: Relation, contact: &Contact) -> Option<Relative> {
    let relative = Relative {
        relation,
        name: text(&contact.name),
        resident_id: id(contact),
        phone: phones(contact),
        works_at: text(&contact.workplace),
    };
    let known =
        relative.name.is_some() || relative.resident_id.is_some() || relative.phone.is_some();
    known.then_some(relative)
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
