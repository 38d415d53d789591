//! A child's family: parents, grandparents, and the one who brings the child up.

use domain::registry::{Hidden, Relation, Relative};
use jiff::civil::Date;
use kernel::resident_id::Sex;

use super::chance::{Chance, days_after};
use super::circumstances::{Circumstances, Fate};
use super::names::{self, Generation};
use super::numbers::Numbers;

const YEAR: i64 = 365;

/// Who a family is invented around.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child {
    /// The name the child bears first.
    pub(super) surname: &'static str,
    pub(super) birth: Date,
}

/// Who brings the child up.
#[derive(Debug, Clone)]
pub(super) struct Guardian {
    pub(super) name: String,
    pub(super) relation: &'static str,
    pub(super) phone: Hidden,
    pub(super) resident_id: Option<Hidden>,
}

/// The relatives a ledger names, and the guardian.
#[derive(Debug, Clone)]
pub(super) struct Family {
    pub(super) relatives: Vec<Relative>,
    pub(super) guardian: Guardian,
}

struct Parent {
    relation: Relation,
    person: Guardian,
}

struct Elder {
    relation: Relation,
    name: String,
    sex: Sex,
    birth: Date,
}

/// Invents the family that a child in these circumstances has on `today`.
pub(super) fn around(
    child: Child,
    circumstances: &Circumstances,
    today: Date,
    chance: &Chance,
    numbers: &mut Numbers,
) -> Family {
    let mut kin = Kin {
        child,
        today,
        chance,
        numbers,
    };
    let maiden = names::surname(chance);
    // Few children bear their mother's name.
    let (paternal, maternal) = if chance.percent(4) {
        (maiden, child.surname)
    } else {
        (child.surname, maiden)
    };
    let father_born = kin.born_before(child.birth, 22, 37);
    let mother_born = kin.born_before(child.birth, 20, 35);
    let father = kin.parent(Relation::Father, paternal, father_born);
    let mother = kin.parent(Relation::Mother, maternal, mother_born);
    let elders = kin.elders((paternal, father_born), (maternal, mother_born));
    let guardian = kin.guardian(circumstances, [&father, &mother], &elders, paternal);
    let parents = [
        (father, circumstances.father),
        (mother, circumstances.mother),
    ];
    let mut relatives: Vec<Relative> = parents
        .into_iter()
        .filter_map(|(parent, fate)| parent_on_file(parent, fate))
        .collect();
    relatives.extend(elders.into_iter().map(elder_on_file));
    Family {
        relatives,
        guardian,
    }
}

/// A dead or unknown parent is not listed; one out of touch or in custody has no phone.
fn parent_on_file(parent: Parent, fate: Fate) -> Option<Relative> {
    let reachable = !matches!(fate, Fate::Unable("失联" | "服刑在押" | "强制隔离戒毒"));
    if matches!(fate, Fate::Dead | Fate::Unknown) {
        return None;
    }
    Some(Relative {
        relation: parent.relation,
        name: Some(parent.person.name),
        resident_id: parent.person.resident_id,
        phone: reachable.then_some(parent.person.phone),
        works_at: match fate {
            Fate::Away(place) => Some(place.to_owned()),
            _ => None,
        },
    })
}

/// Of grandparents the ledgers hold the name alone.
fn elder_on_file(elder: Elder) -> Relative {
    Relative {
        relation: elder.relation,
        name: Some(elder.name),
        resident_id: None,
        phone: None,
        works_at: None,
    }
}

struct Kin<'a> {
    child: Child,
    today: Date,
    chance: &'a Chance,
    numbers: &'a mut Numbers,
}

impl Kin<'_> {
    fn born_before(&self, birth: Date, least: i64, most: i64) -> Date {
        days_after(birth, -self.chance.between(least * YEAR, most * YEAR))
    }

    fn parent(&mut self, relation: Relation, surname: &str, birth: Date) -> Parent {
        let sex = match relation {
            Relation::Father => Sex::Male,
            _ => Sex::Female,
        };
        let name = names::with_surname(self.chance, surname, Generation::Parents, sex);
        let person = self.adult(name, sex, birth, said(relation));
        Parent { relation, person }
    }

    /// The grandparents who are alive: the older, the fewer.
    fn elders(&self, paternal: (&str, Date), maternal: (&str, Date)) -> Vec<Elder> {
        let sides = [
            (Relation::PaternalGrandfather, Some(paternal.0), paternal.1),
            (Relation::PaternalGrandmother, None, paternal.1),
            (Relation::MaternalGrandfather, Some(maternal.0), maternal.1),
            (Relation::MaternalGrandmother, None, maternal.1),
        ];
        let alive = sides.into_iter().filter_map(|(relation, surname, child)| {
            let birth = self.born_before(child, 20, 29);
            let surname = surname.unwrap_or_else(|| names::surname(self.chance));
            let sex = match relation {
                Relation::PaternalGrandfather | Relation::MaternalGrandfather => Sex::Male,
                _ => Sex::Female,
            };
            self.lives(birth).then(|| Elder {
                relation,
                name: names::with_surname(self.chance, surname, Generation::Grandparents, sex),
                sex,
                birth,
            })
        });
        alive.collect()
    }

    fn lives(&self, birth: Date) -> bool {
        let age = birth.duration_until(self.today).as_hours() / 24 / YEAR;
        self.chance.percent(match age {
            ..60 => 96,
            60..70 => 88,
            70..80 => 65,
            80..90 => 25,
            _ => 0,
        })
    }

    /// A parent who is there and able, else a grandparent, the father's side first, else an uncle or aunt.
    fn guardian(
        &mut self,
        circumstances: &Circumstances,
        [father, mother]: [&Parent; 2],
        elders: &[Elder],
        paternal: &str,
    ) -> Guardian {
        let cares = |fate| matches!(fate, Fate::AtHome | Fate::Poor);
        match (cares(circumstances.father), cares(circumstances.mother)) {
            (true, true) if self.chance.percent(45) => return father.person.clone(),
            (_, true) => return mother.person.clone(),
            (true, false) => return father.person.clone(),
            (false, false) => {}
        }
        let candidates: Vec<(usize, usize)> = elders
            .iter()
            .enumerate()
            .map(|(at, elder)| (at, preference(elder.relation)))
            .collect();
        if candidates.is_empty() || self.chance.percent(13) {
            return self.uncle_or_aunt(paternal);
        }
        let elder = &elders[self.chance.weighted(&candidates)];
        let relation = said(elder.relation);
        self.adult(elder.name.clone(), elder.sex, elder.birth, relation)
    }

    fn uncle_or_aunt(&mut self, paternal: &str) -> Guardian {
        let (relation, sex) = self.chance.weighted(&[
            (("伯父", Sex::Male), 26),
            (("叔叔", Sex::Male), 24),
            (("姑姑", Sex::Female), 22),
            (("舅舅", Sex::Male), 15),
            (("姨母", Sex::Female), 13),
        ]);
        let surname = match relation {
            "舅舅" | "姨母" => names::surname(self.chance),
            _ => paternal,
        };
        let birth = self.born_before(self.child.birth, 20, 40);
        let name = names::with_surname(self.chance, surname, Generation::Parents, sex);
        self.adult(name, sex, birth, relation)
    }

    fn adult(&mut self, name: String, sex: Sex, birth: Date, relation: &'static str) -> Guardian {
        let id = self.numbers.resident_id(self.chance, birth, sex);
        Guardian {
            name,
            relation,
            phone: self.numbers.phone(self.chance),
            resident_id: id.map(|id| Hidden::new(id.reveal())),
        }
    }
}

const fn preference(relation: Relation) -> usize {
    match relation {
        Relation::PaternalGrandfather => 40,
        Relation::PaternalGrandmother => 35,
        Relation::MaternalGrandfather | Relation::MaternalGrandmother => 13,
        Relation::Father | Relation::Mother => 0,
    }
}

/// The relation in the ledgers' words.
const fn said(relation: Relation) -> &'static str {
    match relation {
        Relation::Father => "父亲",
        Relation::Mother => "母亲",
        Relation::PaternalGrandfather => "祖父",
        Relation::PaternalGrandmother => "祖母",
        Relation::MaternalGrandfather => "外祖父",
        Relation::MaternalGrandmother => "外祖母",
    }
}
