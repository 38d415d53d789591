//! Finds children listed twice, in one file or across several.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::resident_id::ResidentId;

use super::issue::{Code, Where};
use crate::header::Field;
use crate::record::ChildRecord;

/// The children seen so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    ids: HashMap<u64, (Place, Box<str>)>,
    persons: HashMap<Box<str>, Vec<Person>>,
}

#[derive(Debug, Clone)]
struct Place {
    file: Arc<str>,
    row: u32,
}

#[derive(Debug)]
struct Person {
    births: [Date; 2],
    id: u64,
    place: Place,
}

impl Place {
    /// The place as seen from a row of this file.
    fn from(&self, file: &Arc<str>) -> Where {
        let other_file = (self.file != *file).then(|| self.file.clone());
        Where {
            other_file,
            row: self.row,
        }
    }
}

impl Seen {
    /// What earlier rows the record repeats, and at which field; then it is seen itself.
    ///
    /// Only sound ids are compared. A row that repeats an earlier child, name and
    /// id, is reported as that alone.
    pub(super) fn note(&mut self, record: &ChildRecord, file: &Arc<str>) -> Vec<(Field, Code)> {
        let Some(resident_id) = &record.resident_id.value else {
            return Vec::new();
        };
        let name = record.name.value.as_deref().unwrap_or_default();
        let id = key(resident_id);
        let place = Place {
            file: file.clone(),
            row: record.row,
        };
        let mut found = Vec::new();
        let mut is_repeated = false;
        if let Some((earlier, earlier_name)) = self.ids.get(&id) {
            let other_name =
                !name.is_empty() && !earlier_name.is_empty() && name != &**earlier_name;
            is_repeated = !other_name;
            found.push((
                Field::ResidentId,
                Code::DuplicateId {
                    earlier: earlier.from(file),
                    other_name,
                },
            ));
        } else {
            self.ids.insert(id, (place.clone(), name.into()));
        }
        if name.is_empty() {
            return found;
        }
        // Where column and id give two births, either may be the true one.
        let births = [
            resident_id.birth(),
            record.birth.value.unwrap_or(resident_id.birth()),
        ];
        let namesakes = self.persons.entry(name.into()).or_default();
        let is_same_child = |person: &&Person| {
            person.id != id && person.births.iter().any(|birth| births.contains(birth))
        };
        if let Some(person) = namesakes
            .iter()
            .find(is_same_child)
            .filter(|_| !is_repeated)
        {
            found.push((Field::Name, Code::DuplicatePerson(person.place.from(file))));
        }
        if !namesakes.iter().any(|person| person.id == id) {
            namesakes.push(Person { births, id, place });
        }
        found
    }
}

/// The first 17 digits; the last is computed from them.
fn key(resident_id: &ResidentId) -> u64 {
    resident_id.reveal().bytes().take(17).fold(0, |key, digit| {
        key * 10 + u64::from(digit.wrapping_sub(b'0'))
    })
}
