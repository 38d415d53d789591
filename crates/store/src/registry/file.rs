//! A child's file as it stands.

use std::collections::HashMap;

use domain::registry::{OpenStatus, Particulars, Relation, Relative};
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ChildId, GuardianId};
use kernel::resident_id::{ResidentId, Sex};
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::columns::open;
use crate::seal::Sealer;
use crate::work::Work;

/// What is on file about a child today.
#[derive(Debug, Clone)]
pub struct ChildFile {
    /// The child.
    pub child: ChildId,
    /// Its file number.
    pub file_number: String,
    /// Counts the changes, for optimistic locking.
    pub version: i32,
    /// The facts, secrets opened.
    pub facts: Particulars,
    /// Where the child lives, if elsewhere than at its household.
    pub residence: Option<Division>,
    /// Today's guardian, if one is known.
    pub guardian: Option<GuardianId>,
    /// The statuses that are open.
    pub statuses: Vec<OpenStatus>,
    /// Whether the child is known to its named officers alone.
    pub sealed: bool,
}

const PERSON: &str = "registry_person";
const CHILD: &str = "registry_child";

fn corrupt(table: &'static str, column: &'static str) -> StoreError {
    StoreError::Corrupt { table, column }
}

/// The files of those of these children that the officer may see.
///
/// # Errors
/// When the database does not answer, or a sealed column does not open.
pub async fn files(work: &mut Work, children: &[ChildId]) -> Result<Vec<ChildFile>, StoreError> {
    if children.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = children.iter().map(|c| c.uuid()).collect();
    let mut files = core(work, &ids).await?;
    let by_child: HashMap<Uuid, usize> = files
        .iter()
        .enumerate()
        .map(|(i, file)| (file.child.uuid(), i))
        .collect();
    add_guardians(work, &ids, &mut files, &by_child).await?;
    add_relatives(work, &ids, &mut files, &by_child).await?;
    add_statuses(work, &ids, &mut files, &by_child).await?;
    Ok(files)
}

/// Keeps everybody else from changing these children's files until the work ends; files beyond reach are passed over.
/// Taken in the order of their ids, two works that hold the same files wait for one another and never for each other.
///
/// # Errors
/// When the database does not answer.
pub async fn hold(work: &mut Work, children: &[ChildId]) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = children.iter().map(|c| c.uuid()).collect();
    sqlx::query_scalar!(
        "SELECT id FROM registry_child WHERE id = ANY($1) ORDER BY id FOR UPDATE",
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    Ok(())
}

/// A person and its file as one row.
struct CoreRow {
    id: Uuid,
    name: String,
    sex: Option<String>,
    birth: Option<jiff_sqlx::Date>,
    resident_id: Option<Vec<u8>>,
    household_division: i64,
    residence_division: Option<i64>,
    sealed: bool,
    file_number: String,
    national_number: Option<String>,
    ethnicity: Option<String>,
    address: Option<Vec<u8>>,
    school: Option<String>,
    school_stage: Option<String>,
    boarding: Option<bool>,
    health: Option<String>,
    disability_kind: Option<String>,
    disability_level: Option<String>,
    illness: Option<String>,
    bank_name: Option<String>,
    bank_account: Option<Vec<u8>>,
    note: Option<Vec<u8>>,
    version: i32,
}

async fn core(work: &mut Work, ids: &[Uuid]) -> Result<Vec<ChildFile>, StoreError> {
    let rows = sqlx::query_as!(
        CoreRow,
        r#"SELECT p.id, p.name, p.sex, p.birth, p.resident_id::bytea AS resident_id, p.household_division, p.residence_division, p.sealed,
                  c.file_number, c.national_number, c.ethnicity, c.address::bytea AS address, c.school, c.school_stage, c.boarding,
                  c.health, c.disability_kind, c.disability_level, c.illness, c.bank_name,
                  c.bank_account::bytea AS bank_account, c.note::bytea AS note, c.version
           FROM registry_person p JOIN registry_child c ON c.id = p.id WHERE p.id = ANY ($1)"#,
        ids
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    rows.into_iter().map(|row| row.file(sealer)).collect()
}

impl CoreRow {
    /// The file without guardians, relatives and statuses.
    fn file(self, sealer: &Sealer) -> Result<ChildFile, StoreError> {
        let id = self.id;
        let cell = |table, column, sealed: Option<&[u8]>| open(sealer, table, column, id, sealed);
        let resident_id = cell(PERSON, "resident_id", self.resident_id.as_deref())?;
        let household = Division::new(self.household_division)
            .map_err(|_| corrupt(PERSON, "household_division"))?;
        let sex = self.sex.as_deref();
        let facts = Particulars {
            sex: sex
                .map(|code| Sex::from_code(code).ok_or_else(|| corrupt(PERSON, "sex")))
                .transpose()?,
            birth: self.birth.map(|d| d.to_jiff()),
            resident_id: resident_id
                .map(|id| ResidentId::parse(id.reveal()))
                .transpose()
                .map_err(|_| corrupt(PERSON, "resident_id"))?,
            national_number: self.national_number,
            ethnicity: self.ethnicity,
            address: cell(CHILD, "address", self.address.as_deref())?,
            school: self.school,
            school_stage: self.school_stage,
            boarding: self.boarding,
            health: self.health,
            disability_kind: self.disability_kind,
            disability_level: self.disability_level,
            illness: self.illness,
            bank_name: self.bank_name,
            bank_account: cell(CHILD, "bank_account", self.bank_account.as_deref())?,
            note: cell(CHILD, "note", self.note.as_deref())?,
            ..Particulars::of(self.name, household)
        };
        Ok(ChildFile {
            child: ChildId::from_uuid(id),
            file_number: self.file_number,
            version: self.version,
            facts,
            residence: self
                .residence_division
                .map(Division::new)
                .transpose()
                .map_err(|_| corrupt(PERSON, "residence_division"))?,
            guardian: None,
            statuses: Vec::new(),
            sealed: self.sealed,
        })
    }
}

async fn add_guardians(
    work: &mut Work,
    ids: &[Uuid],
    files: &mut [ChildFile],
    by_child: &HashMap<Uuid, usize>,
) -> Result<(), StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, child_id, name, relation, resident_id::bytea AS resident_id, phone::bytea AS phone
           FROM registry_guardian WHERE child_id = ANY ($1) AND to_day IS NULL ORDER BY from_day, id"#,
        ids
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    for row in rows {
        let Some(file) = by_child.get(&row.child_id).and_then(|&i| files.get_mut(i)) else {
            continue;
        };
        file.guardian = Some(GuardianId::from_uuid(row.id));
        file.facts.guardian_name = row.name;
        file.facts.guardian_relation = row.relation;
        file.facts.guardian_resident_id = open(
            sealer,
            "registry_guardian",
            "resident_id",
            row.id,
            row.resident_id.as_deref(),
        )?;
        file.facts.guardian_phone = open(
            sealer,
            "registry_guardian",
            "phone",
            row.id,
            row.phone.as_deref(),
        )?;
    }
    Ok(())
}

async fn add_relatives(
    work: &mut Work,
    ids: &[Uuid],
    files: &mut [ChildFile],
    by_child: &HashMap<Uuid, usize>,
) -> Result<(), StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, child_id, relation, name, resident_id::bytea AS resident_id, phone::bytea AS phone, works_at
           FROM registry_relative WHERE child_id = ANY ($1)"#,
        ids
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    for row in rows {
        let Some(file) = by_child.get(&row.child_id).and_then(|&i| files.get_mut(i)) else {
            continue;
        };
        file.facts.relatives.push(Relative {
            relation: Relation::from_code(&row.relation)
                .ok_or_else(|| corrupt("registry_relative", "relation"))?,
            name: row.name,
            resident_id: open(
                sealer,
                "registry_relative",
                "resident_id",
                row.id,
                row.resident_id.as_deref(),
            )?,
            phone: open(
                sealer,
                "registry_relative",
                "phone",
                row.id,
                row.phone.as_deref(),
            )?,
            works_at: row.works_at,
        });
    }
    for file in files {
        file.facts
            .relatives
            .sort_by_key(|relative| relative.relation);
    }
    Ok(())
}

async fn add_statuses(
    work: &mut Work,
    ids: &[Uuid],
    files: &mut [ChildFile],
    by_child: &HashMap<Uuid, usize>,
) -> Result<(), StoreError> {
    let rows = sqlx::query!(
        "SELECT child_id, category, from_day FROM registry_span WHERE child_id = ANY ($1) AND to_day IS NULL ORDER BY from_day",
        ids
    )
    .fetch_all(work.conn())
    .await?;
    for row in rows {
        let Some(file) = by_child.get(&row.child_id).and_then(|&i| files.get_mut(i)) else {
            continue;
        };
        let category: Category = row
            .category
            .parse()
            .map_err(|_| corrupt("registry_span", "category"))?;
        file.statuses.push(OpenStatus {
            category,
            from: row.from_day.to_jiff(),
        });
    }
    Ok(())
}
