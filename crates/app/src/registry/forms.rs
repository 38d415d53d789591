//! The forms a list of children is written in: the plain list, a roster to sign, a ledger laid out as the county lays it out.
//!
//! **Invariant.** A column tells what the officer may see and no secret in full: of a child's resident id the mask, of
//! every other secret only that it is on file.

use domain::registry::{Particulars, Relation, Relative};
use kernel::category::Category;
use kernel::division::{Division, Level};
use kernel::gazetteer::Gazetteer;
use ledger::Limits;
use ledger::header::{Field, Group, Synonyms, find};
use ledger::read::Workbook;
use serde::{Deserialize, Serialize};
use store::registry::{ChildFile, Listed};

/// How an export is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportForm {
    /// One row to a child, with what identifies it.
    #[default]
    List,
    /// With room for a signature and a day, for A4 paper.
    Roster,
    /// With the columns of the ledger the county imported last.
    Ledger,
}

/// Stands where a secret is on file.
const ON_FILE: &str = "已登记";

/// What a column tells.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tells {
    Ordinal,
    FileNumber,
    Household,
    Residence,
    Categories,
    /// What a ledger's column tells.
    Fact(Group, Field),
    /// Nothing: room to write in.
    Room,
}

/// A column with its heading and its width in signs.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) heading: String,
    pub(super) width: u8,
    pub(super) tells: Tells,
}

pub(super) fn column(heading: &str, width: u8, tells: Tells) -> Column {
    Column {
        heading: heading.to_owned(),
        width,
        tells,
    }
}

const CHILD: Group = Group::Child;

/// The columns of the plain list.
pub(super) fn list() -> Vec<Column> {
    vec![
        column("序号", 6, Tells::Ordinal),
        column("档案编号", 16, Tells::FileNumber),
        column("姓名", 12, Tells::Fact(CHILD, Field::Name)),
        column("性别", 6, Tells::Fact(CHILD, Field::Sex)),
        column("出生日期", 12, Tells::Fact(CHILD, Field::Birth)),
        column("身份证号", 22, Tells::Fact(CHILD, Field::ResidentId)),
        column("户籍地", 36, Tells::Household),
        column("居住地", 36, Tells::Residence),
        column("类别", 20, Tells::Categories),
        column("监护人", 12, Tells::Fact(Group::Guardian, Field::Name)),
    ]
}

/// The columns of a roster to sign (签字花名册).
pub(super) fn roster() -> Vec<Column> {
    vec![
        column("序号", 5, Tells::Ordinal),
        column("姓名", 11, Tells::Fact(CHILD, Field::Name)),
        column("性别", 5, Tells::Fact(CHILD, Field::Sex)),
        column("出生日期", 11, Tells::Fact(CHILD, Field::Birth)),
        column("身份证号", 20, Tells::Fact(CHILD, Field::ResidentId)),
        column("镇（街）", 12, Tells::Fact(CHILD, Field::Town)),
        column("村（居）", 16, Tells::Fact(CHILD, Field::Village)),
        column("类别", 16, Tells::Categories),
        column("监护人", 10, Tells::Fact(Group::Guardian, Field::Name)),
        column("签字", 14, Tells::Room),
        column("日期", 11, Tells::Room),
    ]
}

/// The columns of a ledger as its file has them; nothing where the file has no header that is known.
pub(super) fn like_ledger(name: &str, content: Vec<u8>) -> Option<Vec<Column>> {
    let mut workbook = Workbook::from_bytes(name, content, &Limits::default()).ok()?;
    let layout = find(&mut workbook, &Synonyms::builtin().ok()?).ok()?;
    let columns = layout.columns.into_iter().map(|one| {
        // A column of a group names whose it is: the group's own row is not written.
        let of = match one.group {
            Group::Father if !one.heading.contains("父") => "父亲",
            Group::Mother if !one.heading.contains("母") => "母亲",
            Group::Grandparents if !one.heading.contains("祖") => "祖辈",
            Group::Guardian
                if one.field != Some(Field::Relation) && !one.heading.contains("监护") =>
            {
                "监护人"
            }
            _ => "",
        };
        let heading = format!("{of}{}", one.heading.trim());
        let width = heading.chars().count().clamp(5, 18);
        Column {
            width: u8::try_from(width * 2).unwrap_or(36).min(24),
            heading,
            tells: one.field.map_or(Tells::Room, |field| match field {
                Field::Ordinal => Tells::Ordinal,
                Field::Category => Tells::Categories,
                field => Tells::Fact(one.group, field),
            }),
        }
    });
    Some(columns.collect())
}

/// A child as the forms tell of it.
pub(super) struct Told<'a> {
    pub(super) number: usize,
    pub(super) child: &'a Listed,
    pub(super) file: Option<&'a ChildFile>,
    pub(super) names: &'a Gazetteer,
}

impl Told<'_> {
    /// What a column says of the child; nothing where nothing is known.
    pub(super) fn text(&self, tells: Tells) -> Option<String> {
        match tells {
            Tells::Ordinal => Some(self.number.to_string()),
            Tells::FileNumber => Some(self.child.file_number.clone()),
            Tells::Household => Some(self.path(self.child.household)),
            Tells::Residence => self.child.residence.map(|place| self.path(place)),
            Tells::Categories => {
                let classes: Vec<&str> = self
                    .child
                    .categories
                    .iter()
                    .map(|c| Category::zh(*c))
                    .collect();
                Some(classes.join("、"))
            }
            Tells::Fact(CHILD, field) => self.of_child(field),
            Tells::Fact(Group::Guardian, field) => {
                self.facts().and_then(|facts| of_guardian(facts, field))
            }
            Tells::Fact(Group::Father, field) => self.of_relative(Relation::Father, field),
            Tells::Fact(Group::Mother, field) => self.of_relative(Relation::Mother, field),
            Tells::Fact(Group::Grandparents | Group::Other, _) | Tells::Room => None,
        }
    }

    fn facts(&self) -> Option<&Particulars> {
        self.file.map(|file| &file.facts)
    }

    fn path(&self, division: Division) -> String {
        match self.names.get(division) {
            Some(_) => self.names.path(division),
            None => division.to_string(),
        }
    }

    /// The name of the county, town or village that the household lies in.
    fn part(&self, level: Level) -> Option<String> {
        let household = self.child.household;
        let division = match level {
            Level::County => household.county()?,
            Level::Town => household.town()?,
            _ => Some(household).filter(|place| place.level() == level)?,
        };
        let known = self.names.get(division)?;
        Some(known.name.clone().into_owned())
    }

    fn of_child(&self, field: Field) -> Option<String> {
        let child = self.child;
        match field {
            Field::Name => return Some(child.name.clone()),
            Field::Sex => return child.sex.map(|sex| sex.zh().to_owned()),
            Field::Birth => return child.birth.map(|day| day.to_string()),
            Field::ResidentId => return child.masked_id.clone(),
            Field::District => return self.part(Level::County),
            Field::Town => return self.part(Level::Town),
            Field::Village => return self.part(Level::Village),
            _ => (),
        }
        let facts = self.facts()?;
        match field {
            Field::Ethnicity => facts.ethnicity.clone(),
            Field::NationalNumber => facts.national_number.clone(),
            Field::Address => on_file(facts.address.is_some()),
            Field::Relation | Field::Phone => of_guardian(facts, field),
            Field::BankName => facts.bank_name.clone(),
            Field::BankAccount => on_file(facts.bank_account.is_some()),
            Field::Health => facts.health.clone(),
            Field::Disability => facts.disability_kind.clone(),
            Field::DisabilityGrade => facts.disability_level.clone(),
            Field::Illness => facts.illness.clone(),
            Field::Schooling => facts.school_stage.clone(),
            Field::School => facts.school.clone(),
            Field::Boarding => facts
                .boarding
                .map(|boards| if boards { "是" } else { "否" }.to_owned()),
            Field::Remark => on_file(facts.note.is_some()),
            _ => None,
        }
    }

    fn of_relative(&self, relation: Relation, field: Field) -> Option<String> {
        let relatives = &self.facts()?.relatives;
        let relative: &Relative = relatives.iter().find(|one| one.relation == relation)?;
        match field {
            Field::Name => relative.name.clone(),
            Field::ResidentId => on_file(relative.resident_id.is_some()),
            Field::Phone => on_file(relative.phone.is_some()),
            Field::Workplace => relative.works_at.clone(),
            _ => None,
        }
    }
}

fn of_guardian(facts: &Particulars, field: Field) -> Option<String> {
    match field {
        Field::Name => facts.guardian_name.clone(),
        Field::Relation => facts.guardian_relation.clone(),
        Field::ResidentId => on_file(facts.guardian_resident_id.is_some()),
        Field::Phone => on_file(facts.guardian_phone.is_some()),
        _ => None,
    }
}

fn on_file(is_there: bool) -> Option<String> {
    is_there.then(|| ON_FILE.to_owned())
}
