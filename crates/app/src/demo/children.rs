//! The children themselves: every class as often as the brief counts it.

use std::collections::HashSet;

use domain::organisation::UnitKind;
use domain::registry::{Hidden, Particulars};
use jiff::civil::Date;
use kernel::category::{Category, Group};
use kernel::division::Division;
use kernel::gazetteer::Gazetteer;

use super::chance::Chance;
use super::circumstances::{self, Circumstances};
use super::city::{InventedChild, InventedStatus, InventedUnit};
use super::family::{self, Child};
use super::figures::{Ending, Holding, OPEN, PAST};
use super::households::{Households, is_rural};
use super::life;
use super::names::{self, Generation};
use super::numbers::Numbers;
use super::statuses;
use super::units::HOME;

const BANKS: &[(&str, usize)] = &[
    ("枣庄农村商业银行", 60),
    ("中国邮政储蓄银行", 16),
    ("中国农业银行", 12),
    ("枣庄银行", 8),
    ("中国工商银行", 4),
];

/// The account of the home's children is no card: eighteen digits that belong to no bank's numbering.
const HOME_ACCOUNT: &str = "999900000000000001";

/// Invents the children of the city in the order in which their files were opened.
pub(super) fn invent(
    today: Date,
    seed: u64,
    gazetteer: &Gazetteer,
    units: &[InventedUnit],
    numbers: &mut Numbers,
) -> Vec<InventedChild> {
    let chance = Chance::stream(seed, "children");
    let households = Households::of(units, gazetteer, &chance);
    let home = units
        .iter()
        .position(|unit| unit.plan.kind == UnitKind::Home);
    let mut nursery = Nursery {
        today,
        home: home.map(|at| (at, &units[at])),
        households,
        chance,
        numbers,
        known: HashSet::new(),
    };
    let mut children = Vec::new();
    for (holding, count) in OPEN {
        children.extend((0..count).filter_map(|_| nursery.open_child(holding)));
    }
    for (category, ending, count) in PAST {
        children.extend((0..count).filter_map(|_| nursery.past_child(category, ending)));
    }
    children.sort_by_key(|child| child.opened_on);
    children
}

struct Nursery<'a> {
    today: Date,
    home: Option<(usize, &'a InventedUnit)>,
    households: Households<'a>,
    chance: Chance,
    numbers: &'a mut Numbers,
    /// Names with births: no two children share both, or the registry would take one for the other.
    known: HashSet<(String, Date)>,
}

impl Nursery<'_> {
    /// `None` where the data has no village for the child.
    fn open_child(&mut self, holding: Holding) -> Option<InventedChild> {
        let village = self.households.draw(&self.chance, holding.left_behind)?;
        let birth = statuses::birth_of_open(&self.chance, self.today, holding);
        let statuses = statuses::open(&self.chance, self.today, birth, holding);
        let lives_in_home = holding.cash == Some(Category::InstitutionOrphan);
        let why = circumstances::draw(&self.chance, holding.cash, holding.left_behind);
        let mut particulars = self.particulars(village, birth, &why, !lives_in_home);
        if lives_in_home {
            self.bring_up_in_home(&mut particulars);
        } else if holding.cash.is_some() {
            particulars.bank_name = Some(self.chance.weighted(BANKS).to_owned());
            particulars.bank_account = Some(self.numbers.card(&self.chance));
        }
        let placement = self.home.filter(|_| lives_in_home).map(|(at, _)| at);
        Some(child(particulars, statuses, placement, self.today))
    }

    fn past_child(&mut self, category: Category, ending: Ending) -> Option<InventedChild> {
        let left_behind = category.group() == Group::Care;
        let village = self.households.draw(&self.chance, left_behind)?;
        let (birth, status) = statuses::past(&self.chance, self.today, category, ending);
        let cash = Some(category).filter(|_| !left_behind);
        let why = circumstances::draw(&self.chance, cash, left_behind);
        let with_family = category != Category::InstitutionOrphan;
        let mut particulars = self.particulars(village, birth, &why, with_family);
        particulars.note = Some(Hidden::new(format!(
            "{}；{}",
            why.note,
            over(category, ending)
        )));
        Some(child(particulars, vec![status], None, self.today))
    }

    /// Everything about a child but the account.
    fn particulars(
        &mut self,
        village: Division,
        birth: Date,
        why: &Circumstances,
        with_family: bool,
    ) -> Particulars {
        let chance = &self.chance;
        let sex = names::sex(chance);
        let surname = names::surname(chance);
        let name = loop {
            let name = names::with_surname(chance, surname, Generation::Children, sex);
            if self.known.insert((name.clone(), birth)) {
                break name;
            }
        };
        let health = life::health(chance, why.need);
        let stage = life::school_stage(chance, self.today, birth, health);
        let mut facts = Particulars {
            sex: Some(sex),
            birth: Some(birth),
            resident_id: self.numbers.resident_id(chance, birth, sex),
            ethnicity: Some(names::ethnicity(chance).to_owned()),
            address: Some(self.households.address(chance, village)),
            school_stage: stage.map(str::to_owned),
            boarding: life::boards(chance, stage, is_rural(village)),
            health: Some(health.state.to_owned()),
            disability_kind: health.disability.map(|(kind, _)| kind.to_owned()),
            disability_level: health.disability.map(|(_, level)| level.to_owned()),
            illness: health.illness.map(str::to_owned),
            note: Some(Hidden::new(why.note.clone())),
            ..Particulars::of(name, village)
        };
        if with_family {
            let around = Child { surname, birth };
            self.give_family(&mut facts, around, why);
        }
        facts
    }

    fn give_family(&mut self, facts: &mut Particulars, around: Child, why: &Circumstances) {
        let family = family::around(around, why, self.today, &self.chance, self.numbers);
        let guardian = family.guardian;
        let phone = if self.chance.percent(5) {
            let second = self.numbers.phone(&self.chance);
            Hidden::new(format!("{}/{}", guardian.phone.reveal(), second.reveal()))
        } else {
            guardian.phone
        };
        facts.guardian_name = Some(guardian.name);
        facts.guardian_relation = Some(guardian.relation.to_owned());
        facts.guardian_phone = Some(phone);
        facts.guardian_resident_id = guardian.resident_id;
        facts.relatives = family.relatives;
    }

    /// The home is guardian, answers the phone and receives the money.
    fn bring_up_in_home(&self, facts: &mut Particulars) {
        let phone = self.home.and_then(|(_, home)| home.posts.first());
        facts.guardian_name = Some(HOME.to_owned());
        facts.guardian_relation = Some("监护机构".to_owned());
        facts.guardian_phone = phone.map(|post| post.phone.clone());
        facts.address = Some(Hidden::new(format!("山东省{HOME}")));
        facts.bank_name = Some("枣庄银行".to_owned());
        facts.bank_account = Some(Hidden::new(HOME_ACCOUNT));
        facts.boarding = None;
    }
}

fn child(
    particulars: Particulars,
    statuses: Vec<InventedStatus>,
    placement: Option<usize>,
    today: Date,
) -> InventedChild {
    InventedChild {
        opened_on: statuses.first().map_or(today, |status| status.from),
        particulars,
        statuses,
        placement,
    }
}

/// Why the status is over, as a remark.
const fn over(category: Category, ending: Ending) -> &'static str {
    match (ending, category) {
        (Ending::Grown, Category::LeftBehind | Category::Migrant) => "年满16周岁",
        (Ending::Grown, _) => "年满18周岁",
        (Ending::Resolved, Category::LeftBehind) => "父母返乡就业",
        (Ending::Resolved, Category::DeFactoUnattended) => "父母一方已恢复监护能力",
        (Ending::Resolved, Category::KeyHardship) => "家庭经济状况好转，已退出",
        (Ending::Resolved, _) => "已依法收养",
    }
}
