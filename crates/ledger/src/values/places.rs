//! Villages as offices write them, found in the gazetteer within the ledger's place.

use std::collections::HashMap;

use kernel::division::{Division, Level};
use kernel::gazetteer::Gazetteer;

use crate::error::LedgerError;
use crate::text::compact;

/// Why a village was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unplaced {
    /// The place has no such town.
    Town,
    /// The town, or the place where no town is given, has no such village.
    Village,
    /// Several villages go by this name, and no town says which.
    Ambiguous,
}

/// The towns and villages within a ledger's place, by the names offices use.
#[derive(Debug)]
pub struct Places {
    place: Division,
    /// Towns by full and by short name; counties by both too, to read what precedes a town.
    towns: HashMap<String, Vec<Division>>,
    counties: HashMap<String, Division>,
    villages: HashMap<String, Vec<Village>>,
    /// Names that may precede a town or village in an address.
    above: Vec<String>,
    /// Towns for which the gazetteer lists villages.
    listed: std::collections::HashSet<Division>,
}

#[derive(Debug)]
struct Village {
    division: Division,
    town: Division,
    name: String,
}

// 民委员会 and 委会 behind the longer ones: 郭村民委员会 and 郭村委会 are the committee of 郭村, of which 村委会 would
// leave one character.
const COMMITTEES: [&str; 9] = [
    "村民委员会",
    "居民委员会",
    "村委会",
    "居委会",
    "村委",
    "居委",
    "民委员会",
    "委员会",
    "委会",
];
const KINDS: [&str; 3] = ["社区", "村", "居"];
const TOWN_KINDS: [&str; 7] = ["街道办事处", "办事处", "街道办", "街道", "镇", "乡", "街"];
const COUNTY_KINDS: [&str; 3] = ["区", "市", "县"];

impl Places {
    /// Gathers the names within a place: a province, city, county, town or village.
    ///
    /// # Errors
    /// [`LedgerError::UnknownPlace`] if the gazetteer lacks it.
    pub fn new(gazetteer: &Gazetteer, place: Division) -> Result<Self, LedgerError> {
        if gazetteer.get(place).is_none() {
            return Err(LedgerError::UnknownPlace {
                place: place.code().to_string(),
            });
        }
        let mut places = Self {
            place,
            towns: HashMap::new(),
            counties: HashMap::new(),
            villages: HashMap::new(),
            above: Vec::new(),
            listed: std::collections::HashSet::new(),
        };
        let mut upwards = gazetteer.get(place).and_then(|entry| entry.parent);
        while let Some(entry) = upwards.and_then(|division| gazetteer.get(division)) {
            places.add(entry.division, entry.level, &entry.name, entry.parent);
            upwards = entry.parent;
        }
        for entry in gazetteer.within(place) {
            places.add(entry.division, entry.level, &entry.name, entry.parent);
        }
        // Longer names first: 枣庄市 goes before 枣庄.
        places
            .above
            .sort_by_key(|name| std::cmp::Reverse(name.len()));
        Ok(places)
    }

    fn add(&mut self, division: Division, level: Level, name: &str, parent: Option<Division>) {
        match level {
            Level::Village => {
                let town = parent.unwrap_or(self.place);
                self.listed.insert(town);
                self.villages
                    .entry(stem(name).to_owned())
                    .or_default()
                    .push(Village {
                        division,
                        town,
                        name: name.to_owned(),
                    });
            }
            Level::Town => {
                for key in [name, without(name, &TOWN_KINDS)] {
                    let towns = self.towns.entry(key.to_owned()).or_default();
                    if !towns.contains(&division) {
                        towns.push(division);
                    }
                }
                self.above.push(name.to_owned());
            }
            _ => {
                if level == Level::County {
                    self.counties.insert(name.to_owned(), division);
                    self.counties
                        .insert(without(name, &COUNTY_KINDS).to_owned(), division);
                }
                self.above.push(name.to_owned());
            }
        }
    }

    /// Finds a village by the texts of its cells; any of them may be empty.
    /// `before` is the town of the rows above, for a town merged over many rows: a cell left blank says it again.
    /// Where the gazetteer lists no villages of a town, the town is the answer.
    ///
    /// # Errors
    /// [`Unplaced`], saying which cell is at fault.
    pub fn find(
        &self,
        district: &str,
        town: &str,
        village: &str,
        before: Option<Division>,
    ) -> Result<Division, Unplaced> {
        let district = self
            .counties
            .get(&*compact(district))
            .copied()
            .filter(|county| self.place.contains(*county) || county.contains(self.place));
        let town = compact(town);
        let towns = if town.is_empty() {
            let is_within =
                |town: &Division| district.is_none_or(|district| district.contains(*town));
            before.filter(is_within).into_iter().collect()
        } else {
            self.towns_called(&town, district)
        };
        if !town.is_empty() && towns.is_empty() {
            return Err(Unplaced::Town);
        }
        self.village(&compact(village), &towns, district)
    }

    /// The town a text names, for rows whose village is not known.
    #[must_use]
    pub fn town(&self, district: &str, town: &str) -> Option<Division> {
        let district = self.counties.get(&*compact(district)).copied();
        let towns = self.towns_called(&compact(town), district);
        towns.first().copied().filter(|_| towns.len() == 1)
    }

    fn towns_called(&self, text: &str, district: Option<Division>) -> Vec<Division> {
        let short = without(text, &TOWN_KINDS);
        let found = self
            .towns
            .get(text)
            .or_else(|| self.towns.get(short))
            .map(Vec::as_slice)
            .unwrap_or_default();
        // 高新区兴仁街道: what precedes may be no division of the code tree at all.
        let behind = || {
            text.char_indices().skip(1).find_map(|(at, _)| {
                self.towns
                    .get(&text[at..])
                    .filter(|_| text.chars().count() > 4)
            })
        };
        let found = if found.is_empty() {
            behind().map(Vec::as_slice).unwrap_or_default()
        } else {
            found
        };
        found
            .iter()
            .copied()
            .filter(|town| district.is_none_or(|district| district.contains(*town)))
            .collect()
    }

    fn village(
        &self,
        text: &str,
        towns: &[Division],
        district: Option<Division>,
    ) -> Result<Division, Unplaced> {
        let may_be = |village: &&Village| {
            if towns.is_empty() {
                district.is_none_or(|district| district.contains(village.division))
            } else {
                towns.contains(&village.town)
            }
        };
        let called = |text: &str| {
            self.villages
                .get(stem(text))
                .map(Vec::as_slice)
                .unwrap_or_default()
        };
        let mut known: Vec<&Village> = called(text).iter().filter(may_be).collect();
        if known.is_empty() && text.chars().count() == 1 {
            known = called(&format!("{text}村")).iter().filter(may_be).collect();
        }
        if !known.is_empty() {
            return choose(&known, text);
        }
        if let Some((rest, town)) = self.behind_address(text) {
            let towns = town.map_or_else(|| towns.to_vec(), |town| vec![town]);
            return self.village(rest, &towns, district);
        }
        match towns {
            [] if self.listed.is_empty() => Ok(self.place),
            [town] if !self.listed.contains(town) => Ok(*town),
            _ => Err(Unplaced::Village),
        }
    }

    /// The text behind the name of a division that contains it, as in an address.
    fn behind_address<'t>(&self, text: &'t str) -> Option<(&'t str, Option<Division>)> {
        let name = self
            .above
            .iter()
            .find(|name| text.len() > name.len() && text.starts_with(name.as_str()))?;
        let town = self.towns.get(name.as_str()).and_then(|towns| {
            if let [town] = towns.as_slice() {
                Some(*town)
            } else {
                None
            }
        });
        Some((&text[name.len()..], town))
    }
}

/// Of villages with the same stem, the one whose name or kind the text gives.
fn choose(known: &[&Village], text: &str) -> Result<Division, Unplaced> {
    let is_residents = |text: &str| text.contains("居") || text.contains("社区");
    let only = |candidates: Vec<&&Village>| {
        if let [one] = candidates.as_slice() {
            Some(one.division)
        } else {
            None
        }
    };
    only(known.iter().collect())
        .or_else(|| {
            only(
                known
                    .iter()
                    .filter(|village| village.name == text)
                    .collect(),
            )
        })
        .or_else(|| {
            only(
                known
                    .iter()
                    .filter(|village| without(&village.name, &["委会"]) == text)
                    .collect(),
            )
        })
        .or_else(|| {
            only(
                known
                    .iter()
                    .filter(|village| {
                        (is_residents(text) || text.contains('村'))
                            && is_residents(&village.name) == is_residents(text)
                    })
                    .collect(),
            )
        })
        .ok_or(Unplaced::Ambiguous)
}

/// The name without what kind of committee, community or village it is: 桃花 of
/// 桃花村村委会. Two characters always remain.
fn stem(name: &str) -> &str {
    let mut stem = without(name, &COMMITTEES);
    loop {
        let shorter = without(stem, &KINDS);
        if shorter.len() == stem.len() {
            return stem;
        }
        stem = shorter;
    }
}

fn without<'n>(name: &'n str, endings: &[&str]) -> &'n str {
    let shorter = endings
        .iter()
        .filter_map(|ending| name.strip_suffix(ending))
        .find(|rest| rest.chars().count() >= 2);
    shorter.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_of_one_character_is_found_however_its_committee_is_written() {
        let place = Division::parse("370402").expect("市中区");
        let places = Places::new(Gazetteer::builtin(), place).expect("places");
        let guo = Division::parse("370402103212").expect("郭村委会");
        for written in [
            "郭村委会",
            "郭村",
            "郭村村民委员会",
            "郭村民委员会",
            "郭",
            "齐村镇郭村",
        ] {
            assert_eq!(
                places.find("", "齐村镇", written, None),
                Ok(guo),
                "{written}"
            );
        }
    }

    #[test]
    fn two_committees_of_one_name_are_told_apart_or_asked_about() {
        let place = Division::parse("370403").expect("薛城区");
        let places = Places::new(Gazetteer::builtin(), place).expect("places");
        let rural = Division::parse("370403104204").expect("尚马村委会");
        let urban = Division::parse("370403104001").expect("尚马社区居委会");
        assert_eq!(places.find("", "陶庄镇", "尚马村", None), Ok(rural));
        assert_eq!(places.find("", "陶庄镇", "尚马社区", None), Ok(urban));
        assert_eq!(
            places.find("", "陶庄镇", "尚马", None),
            Err(Unplaced::Ambiguous)
        );
    }
}
