//! The city's offices from the bureau down to the village, and who serves in them.

use domain::organisation::{UnitKind, UnitPlan};
use kernel::division::Division;
use kernel::gazetteer::{Entry, Gazetteer};
use kernel::reach::Reach;
use kernel::resident_id::Sex;
use kernel::roles::Role;

use super::chance::Chance;
use super::city::{InventedPost, InventedUnit};
use super::names::{self, Generation};
use super::numbers::Numbers;

/// 枣庄市.
pub(super) const CITY: Division = division(370_400_000_000);

/// 兴仁街道 and 兴城街道: coded under 薛城区, served by the High-tech Zone.
const ZONE_STREETS: [Division; 2] = [division(370_403_002_000), division(370_403_003_000)];

/// 山亭经济开发区: listed among the towns, but outside the published 65.
const DEVELOPMENT_ZONE: Division = division(370_406_405_000);

/// The home's name, which is also that of the guardian of the children in it.
pub(super) const HOME: &str = "枣庄市儿童福利院";

const CITY_POSTS: &[Role] = &[
    Role::CityOfficer,
    Role::CityApprover,
    Role::FinanceOfficer,
    Role::Auditor,
];
const COUNTY_POSTS: &[Role] = &[
    Role::CountyOfficer,
    Role::CountyApprover,
    Role::FinanceOfficer,
];

/// Founds every unit, parents first.
pub(super) fn invent(seed: u64, gazetteer: &Gazetteer, numbers: &mut Numbers) -> Vec<InventedUnit> {
    let mut founding = Founding {
        units: Vec::new(),
        chance: Chance::stream(seed, "units"),
        numbers,
    };
    let city = founding.city_offices();
    let mut towns = Vec::new();
    for county in gazetteer.children(CITY) {
        let bureau = founding.county_bureau(city, county);
        let streets = gazetteer.children(county.division);
        towns.extend(streets.map(|town| (bureau, town)));
    }
    let zone = founding.zone_bureau(city);
    for (bureau, town) in towns {
        let serving = if ZONE_STREETS.contains(&town.division) {
            zone
        } else {
            bureau
        };
        let counted = town.division != DEVELOPMENT_ZONE;
        let above = founding.town(serving, town, counted);
        for village in gazetteer.children(town.division) {
            founding.village(above, village, counted);
        }
    }
    founding.units
}

struct Founding<'a> {
    units: Vec<InventedUnit>,
    chance: Chance,
    numbers: &'a mut Numbers,
}

impl Founding<'_> {
    /// The bureau, the home and the rescue centre. The last two serve no division: they see the children placed with
    /// them and no other.
    fn city_offices(&mut self) -> usize {
        let bureau = plan(
            "枣庄市民政局",
            UnitKind::CityBureau,
            CITY,
            Reach::of([CITY]),
        );
        let city = self.found(bureau, None, CITY_POSTS);
        let home = plan(HOME, UnitKind::Home, CITY, Reach::nothing());
        self.found(home, Some(city), &[Role::HomeStaff; 4]);
        let centre = plan(
            "枣庄市未成年人救助保护中心",
            UnitKind::RescueCentre,
            CITY,
            Reach::nothing(),
        );
        self.found(centre, Some(city), &[Role::RescueStaff; 3]);
        city
    }

    fn county_bureau(&mut self, city: usize, county: &Entry) -> usize {
        let name = format!("{}民政局", county.name);
        let serves = Reach::of([county.division]).minus(&Reach::of(ZONE_STREETS));
        let bureau = plan(&name, UnitKind::CountyBureau, county.division, serves);
        self.found(bureau, Some(city), COUNTY_POSTS)
    }

    /// The zone has no code of its own, so its bureau stands under the first street it serves.
    fn zone_bureau(&mut self, city: usize) -> usize {
        let bureau = plan(
            "枣庄高新技术产业开发区社会事务局",
            UnitKind::CountyBureau,
            ZONE_STREETS[0],
            Reach::of(ZONE_STREETS),
        );
        self.found(bureau, Some(city), COUNTY_POSTS)
    }

    fn town(&mut self, bureau: usize, town: &Entry, counted: bool) -> usize {
        let plan = UnitPlan {
            counted,
            ..of_division(town, UnitKind::Town)
        };
        self.found(plan, Some(bureau), &[Role::ChildSupervisor])
    }

    fn village(&mut self, town: usize, village: &Entry, counted: bool) -> usize {
        let plan = UnitPlan {
            counted,
            ..of_division(village, UnitKind::Village)
        };
        self.found(plan, Some(town), &[Role::ChildDirector])
    }

    fn found(&mut self, plan: UnitPlan, parent: Option<usize>, roles: &[Role]) -> usize {
        let posts = roles.iter().map(|role| self.post(*role)).collect();
        self.units.push(InventedUnit {
            plan,
            parent,
            posts,
        });
        self.units.len() - 1
    }

    /// Women are preferred as child directors (民发〔2019〕34号), and most who care for children are.
    fn post(&mut self, role: Role) -> InventedPost {
        let women = match role {
            Role::ChildDirector | Role::HomeStaff => 72,
            Role::ChildSupervisor => 60,
            _ => 42,
        };
        let sex = if self.chance.percent(women) {
            Sex::Female
        } else {
            Sex::Male
        };
        InventedPost {
            name: names::full(&self.chance, Generation::Parents, sex),
            phone: self.numbers.phone(&self.chance),
            role,
        }
    }
}

fn plan(name: &str, kind: UnitKind, division: Division, serves: Reach) -> UnitPlan {
    UnitPlan {
        name: name.to_owned(),
        kind,
        division,
        serves,
        counted: true,
    }
}

fn of_division(entry: &Entry, kind: UnitKind) -> UnitPlan {
    plan(
        &entry.name,
        kind,
        entry.division,
        Reach::of([entry.division]),
    )
}

/// A wrong code stops the build, not the program.
const fn division(code: i64) -> Division {
    match Division::new(code) {
        Ok(division) => division,
        Err(_) => panic!("no division code"),
    }
}
