//! Reads a row into a child's record and notes every fault that the row alone shows.

use std::sync::Arc;

use kernel::division::Division;
use kernel::resident_id::Sex;

use super::child::{ChildRecord, Contact, Reading};
use crate::cell::{Cell, Row};
use crate::check::{AgeLimits, Code, Issue, Rules};
use crate::header::{Field, Group, Layout, ListState};
use crate::text::{self, compact, says_nothing};
use crate::values::{self, Day, Unplaced};

/// Reads the rows of one sheet, from the top.
#[derive(Debug)]
pub struct RecordReader<'r> {
    layout: &'r Layout,
    rules: &'r Rules,
    headings: Vec<Arc<str>>,
    /// Where each group's fields stand, looked up once.
    places: Vec<(Group, Field, usize)>,
    /// The town last named in the column of towns, for a town merged over several rows.
    town_before: Option<Division>,
}

static EMPTY: Cell<'static> = Cell::Empty;

impl<'r> RecordReader<'r> {
    /// A reader for the rows below a header.
    #[must_use]
    pub fn new(layout: &'r Layout, rules: &'r Rules) -> Self {
        let headings = layout
            .columns
            .iter()
            .map(|column| Arc::from(column.heading.as_str()))
            .collect();
        let places = layout
            .columns
            .iter()
            .enumerate()
            .filter_map(|(at, column)| Some((column.group, column.field?, at)))
            .collect();
        Self {
            layout,
            rules,
            headings,
            places,
            town_before: None,
        }
    }

    /// Reads a row; its issues are those that the row alone shows.
    pub fn read(&mut self, row: &Row<'_>) -> ChildRecord {
        let text = |field| self.text(row, Group::Child, field);
        let mut record = ChildRecord {
            row: row.number,
            ethnicity: text(Field::Ethnicity),
            national_number: text(Field::NationalNumber),
            district: text(Field::District),
            address: text(Field::Address),
            bank_name: text(Field::BankName),
            bank_holder: text(Field::BankHolder),
            health: text(Field::Health),
            disability: text(Field::Disability),
            disability_grade: text(Field::DisabilityGrade),
            illness: text(Field::Illness),
            schooling: text(Field::Schooling),
            school: text(Field::School),
            remark: text(Field::Remark),
            guardian: self.contact(row, Group::Guardian),
            father: self.contact(row, Group::Father),
            mother: self.contact(row, Group::Mother),
            ..ChildRecord::default()
        };
        self.read_person(row, &mut record);
        self.read_home(row, &mut record);
        self.read_category(row, &mut record);
        record.state = self.state(row);
        self.read_repeated(row, &mut record);
        self.compare(&mut record);
        record
    }

    /// Adds an issue at a column; without such a column there is nowhere to show it.
    pub fn add(&self, record: &mut ChildRecord, group: Group, field: Field, code: Code) {
        if let Some(at) = self.at(group, field) {
            self.add_at(record, at, code);
        }
    }

    fn add_at(&self, record: &mut ChildRecord, at: usize, code: Code) {
        let (Some(column), Some(heading)) = (self.layout.columns.get(at), self.headings.get(at))
        else {
            return;
        };
        record.issues.push(Issue {
            row: record.row,
            place: column.index,
            column: heading.clone(),
            raw: Box::default(),
            code,
        });
    }

    fn at(&self, group: Group, field: Field) -> Option<usize> {
        self.places
            .iter()
            .find(|place| place.0 == group && place.1 == field)
            .map(|place| place.2)
    }

    fn cell<'c>(&self, row: &'c Row<'c>, group: Group, field: Field) -> &'c Cell<'c> {
        let column = self
            .at(group, field)
            .and_then(|at| self.layout.columns.get(at));
        column
            .and_then(|column| row.cells.get(column.index))
            .unwrap_or(&EMPTY)
    }

    fn text(&self, row: &Row<'_>, group: Group, field: Field) -> Reading<String> {
        let raw = self.cell(row, group, field).display().into_owned();
        let tidy = raw.trim_matches(|c: char| c.is_whitespace() || text::is_invisible(c));
        let value = (!says_nothing(tidy)).then(|| tidy.to_owned());
        Reading { raw, value }
    }

    fn state(&self, row: &Row<'_>) -> Reading<ListState> {
        let raw = self
            .cell(row, Group::Child, Field::State)
            .display()
            .into_owned();
        let value = self.rules.synonyms.state(&raw);
        Reading { raw, value }
    }

    fn person_name(&self, row: &Row<'_>, group: Group) -> Reading<String> {
        let raw = self.cell(row, group, Field::Name).display().into_owned();
        let name = text::name(&raw);
        let value = (!says_nothing(&name)).then_some(name);
        Reading { raw, value }
    }

    fn contact(&self, row: &Row<'_>, group: Group) -> Contact {
        // Relation and telephone outside any group are the guardian's.
        let of = |field| {
            if group == Group::Guardian && self.at(group, field).is_none() {
                Group::Child
            } else {
                group
            }
        };
        let phones = self
            .cell(row, of(Field::Phone), Field::Phone)
            .display()
            .into_owned();
        let resident_id = self.cell(row, group, Field::ResidentId);
        Contact {
            name: self.person_name(row, group),
            relation: self.text(row, of(Field::Relation), Field::Relation),
            resident_id: Reading {
                raw: resident_id.display().into_owned(),
                value: values::resident_id(resident_id).ok().flatten(),
            },
            phones: Reading {
                value: values::phones(&phones)
                    .ok()
                    .filter(|phones| !phones.is_empty()),
                raw: phones,
            },
            workplace: self.text(row, group, Field::Workplace),
            address: self.text(row, group, Field::Address),
        }
    }

    fn read_person(&self, row: &Row<'_>, record: &mut ChildRecord) {
        record.name = self.person_name(row, Group::Child);
        if record.name.value.is_none() {
            self.add(
                record,
                Group::Child,
                Field::Name,
                Code::FieldMissing { is_name: true },
            );
        }
        let sex = self
            .cell(row, Group::Child, Field::Sex)
            .display()
            .into_owned();
        record.sex = Reading {
            value: sex_of(&compact(&sex)),
            raw: sex,
        };
        let boarding = self
            .cell(row, Group::Child, Field::Boarding)
            .display()
            .into_owned();
        record.boarding = Reading {
            value: yes_or_no(&compact(&boarding)),
            raw: boarding,
        };
        let cell = self.cell(row, Group::Child, Field::Birth);
        record.birth.raw = cell.display().into_owned();
        match values::day(cell) {
            Day::Blank => {}
            Day::On(birth) if birth <= self.rules.as_of => record.birth.value = Some(birth),
            Day::On(_) => self.add(
                record,
                Group::Child,
                Field::Birth,
                Code::DateUnreadable { is_future: true },
            ),
            Day::Unreadable => self.add(
                record,
                Group::Child,
                Field::Birth,
                Code::DateUnreadable { is_future: false },
            ),
        }
        let cell = self.cell(row, Group::Child, Field::ResidentId);
        record.resident_id.raw = cell.display().into_owned();
        match values::resident_id(cell) {
            Ok(Some(resident_id)) => record.resident_id.value = Some(resident_id),
            Ok(None) => self.add(
                record,
                Group::Child,
                Field::ResidentId,
                Code::FieldMissing { is_name: false },
            ),
            Err(fault) => self.add(record, Group::Child, Field::ResidentId, Code::Id(fault)),
        }
    }

    fn read_home(&mut self, row: &Row<'_>, record: &mut ChildRecord) {
        let places = &self.rules.places;
        let town = self
            .cell(row, Group::Child, Field::Town)
            .display()
            .into_owned();
        let village = self
            .cell(row, Group::Child, Field::Village)
            .display()
            .into_owned();
        let named = |text: &str| {
            if says_nothing(&compact(text)) {
                String::new()
            } else {
                text.to_owned()
            }
        };
        let (town_named, village_named) = (named(&town), named(&village));
        record.town = Reading {
            value: places.town(&record.district.raw, &town_named),
            raw: town,
        };
        let before = if town_named.is_empty() && self.at(Group::Child, Field::Town).is_some() {
            self.town_before
        } else {
            // Whatever stands in this row, the rows below a new town are not of the town before.
            self.town_before = record.town.value;
            None
        };
        record.village.raw = village;
        if village_named.is_empty() {
            self.add(
                record,
                Group::Child,
                Field::Village,
                Code::FieldMissing { is_name: false },
            );
            return;
        }
        match places.find(&record.district.raw, &town_named, &village_named, before) {
            Ok(village) => {
                record.village.value = Some(village);
                if !town_named.is_empty() {
                    self.town_before = record.town.value.or(village.town());
                }
            }
            Err(Unplaced::Town) => {
                self.add(record, Group::Child, Field::Town, Code::DivisionUnknown)
            }
            Err(Unplaced::Village | Unplaced::Ambiguous) => {
                self.add(record, Group::Child, Field::Village, Code::DivisionUnknown)
            }
        }
    }

    fn read_category(&self, row: &Row<'_>, record: &mut ChildRecord) {
        if self.at(Group::Child, Field::Category).is_none() {
            record.category.value = self.layout.category;
            return;
        }
        let raw = self
            .cell(row, Group::Child, Field::Category)
            .display()
            .into_owned();
        if says_nothing(&compact(&raw)) {
            self.add(
                record,
                Group::Child,
                Field::Category,
                Code::FieldMissing { is_name: false },
            );
        } else {
            record.category.value = self.rules.synonyms.category(&raw);
            if record.category.value.is_none() {
                self.add(record, Group::Child, Field::Category, Code::CategoryUnknown);
            }
        }
        record.category.raw = raw;
    }

    /// Telephones, accounts and the ids of grown-ups, which may stand in any group and more than once.
    fn read_repeated(&self, row: &Row<'_>, record: &mut ChildRecord) {
        let own_id = self.at(Group::Child, Field::ResidentId);
        let own_account = self
            .places
            .iter()
            .find(|place| place.1 == Field::BankAccount)
            .map(|place| place.2);
        for (_, field, at) in &self.places {
            let cell = self
                .layout
                .columns
                .get(*at)
                .and_then(|column| row.cells.get(column.index))
                .unwrap_or(&EMPTY);
            match field {
                Field::Phone if values::phones(&cell.display()).is_err() => {
                    self.add_at(record, *at, Code::PhoneInvalid)
                }
                Field::ResidentId if Some(*at) != own_id => {
                    if let Err(fault) = values::resident_id(cell) {
                        self.add_at(record, *at, Code::Id(fault));
                    }
                }
                Field::BankAccount => {
                    let account = values::account(cell);
                    if account.is_err() {
                        self.add_at(record, *at, Code::BankLuhn);
                    }
                    if Some(*at) == own_account {
                        record.bank_account = Reading {
                            raw: cell.display().into_owned(),
                            value: account.ok().flatten(),
                        };
                    }
                }
                _ => {}
            }
        }
    }

    /// Compares birth, sex and age; an id that fails its own checks is compared with nothing.
    fn compare(&self, record: &mut ChildRecord) {
        let mut faults = Vec::new();
        if let Some(resident_id) = &record.resident_id.value {
            if record
                .birth
                .value
                .is_some_and(|birth| birth != resident_id.birth())
            {
                faults.push((Field::Birth, Code::BirthMismatch));
            }
            if record.sex.value.is_some_and(|sex| sex != resident_id.sex()) {
                faults.push((Field::Sex, Code::SexMismatch));
            }
            if record.birth.raw.trim().is_empty() && resident_id.birth() > self.rules.as_of {
                faults.push((Field::ResidentId, Code::DateUnreadable { is_future: true }));
            }
        }
        let limit = self.rules.ages.of(record.category.value);
        if record
            .born()
            .is_some_and(|birth| AgeLimits::reached(limit, birth, self.rules.as_of))
        {
            faults.push((Field::ResidentId, Code::OverLimit(limit)));
        }
        for (field, code) in faults {
            self.add(record, Group::Child, field, code);
        }
    }
}

fn sex_of(text: &str) -> Option<Sex> {
    match text {
        "男" | "男性" | "男童" | "男孩" | "M" => Some(Sex::Male),
        "女" | "女性" | "女童" | "女孩" | "F" => Some(Sex::Female),
        _ => None,
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "是" | "有" | "√" | "TRUE" => Some(true),
        "否" | "无" | "×" | "FALSE" => Some(false),
        _ => None,
    }
}
