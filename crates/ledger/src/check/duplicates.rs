//! Finds children listed twice, in one file or across several.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use kernel::resident_id::ResidentId;

use super::issue::{Code, Where};
use crate::header::Field;
use crate::record::ChildRecord;

/// The children seen so far. Of half a million of them little may be remembered each: names only by their digest.
#[derive(Debug, Default)]
pub(super) struct Seen {
    children: Vec<Child>,
    /// By id, the first child that bears it.
    ids: HashMap<u64, u32>,
    /// By the digest of a name and a birth, the first child of these and the first that bears another id than that.
    persons: HashMap<u64, (u32, Option<u32>)>,
}

#[derive(Debug)]
struct Child {
    id: u64,
    /// None for a row without a name.
    name: Option<u64>,
    place: Place,
}

#[derive(Debug, Clone)]
struct Place {
    file: Arc<str>,
    row: u32,
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
        let child = Child {
            id: key(resident_id),
            name: record.name.value.as_ref().map(digest),
            place: Place {
                file: file.clone(),
                row: record.row,
            },
        };
        // Where column and id give two births, either may be the true one.
        let births = [
            resident_id.birth(),
            record.birth.value.unwrap_or(resident_id.birth()),
        ];
        let persons = births.map(|birth| child.name.map(|name| digest(&(name, birth))));
        let mut found = Vec::new();
        let mut is_repeated = false;
        if let Some(earlier) = self.ids.get(&child.id).and_then(|at| self.child(*at)) {
            let other_name = child
                .name
                .zip(earlier.name)
                .is_some_and(|(name, earlier)| name != earlier);
            is_repeated = !other_name;
            let earlier = earlier.place.from(file);
            found.push((
                Field::ResidentId,
                Code::DuplicateId {
                    earlier,
                    other_name,
                },
            ));
        }
        if let Some(namesake) = self.namesake(persons, child.id).filter(|_| !is_repeated) {
            found.push((
                Field::Name,
                Code::DuplicatePerson(namesake.place.from(file)),
            ));
        }
        self.remember(child, persons);
        found
    }

    fn child(&self, at: u32) -> Option<&Child> {
        self.children.get(at as usize)
    }

    /// The first child of this name and one of these births that bears another id.
    fn namesake(&self, persons: [Option<u64>; 2], id: u64) -> Option<&Child> {
        let known = persons
            .into_iter()
            .flatten()
            .filter_map(|person| self.persons.get(&person));
        let other = known.filter_map(|(first, other)| {
            let is_same = self.child(*first).is_some_and(|first| first.id == id);
            if is_same { *other } else { Some(*first) }
        });
        other.min().and_then(|at| self.child(at))
    }

    fn remember(&mut self, child: Child, persons: [Option<u64>; 2]) {
        let at = u32::try_from(self.children.len()).unwrap_or(u32::MAX);
        self.ids.entry(child.id).or_insert(at);
        for person in persons.into_iter().flatten() {
            match self.persons.entry(person) {
                Entry::Vacant(entry) => {
                    entry.insert((at, None));
                }
                Entry::Occupied(mut entry) => {
                    let (first, other) = entry.get_mut();
                    let first = self.children.get(*first as usize);
                    if other.is_none() && first.is_some_and(|first| first.id != child.id) {
                        *other = Some(at);
                    }
                }
            }
        }
        self.children.push(child);
    }
}

fn digest(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The first 17 digits; the last is computed from them.
fn key(resident_id: &ResidentId) -> u64 {
    resident_id.reveal().bytes().take(17).fold(0, |key, digit| {
        key * 10 + u64::from(digit.wrapping_sub(b'0'))
    })
}
