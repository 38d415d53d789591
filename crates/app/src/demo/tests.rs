//! What must hold of every invented city.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use domain::applications::Act;
use domain::organisation::UnitKind;
use jiff::civil::{Date, date};
use kernel::category::{Category, Group};
use kernel::division::Division;
use kernel::gazetteer::Gazetteer;
use kernel::reach::Reach;
use kernel::roles::Role;

use super::chance::{days_after, years_after};
use super::figures::age_limit;
use super::*;

const TODAY: Date = date(2021, 11, 4);

fn city() -> &'static City {
    static CITY: OnceLock<City> = OnceLock::new();
    CITY.get_or_init(|| invent(TODAY, 42, Gazetteer::builtin()))
}

fn open(child: &InventedChild, group: Group) -> Vec<Category> {
    let open = child.statuses.iter().filter(|status| status.to.is_none());
    open.map(|status| status.category)
        .filter(|category| category.group() == group)
        .collect()
}

fn is_open(child: &InventedChild) -> bool {
    child.statuses.iter().any(|status| status.to.is_none())
}

fn figures(city: &City, on: Date) -> BTreeMap<Category, usize> {
    let mut figures = BTreeMap::new();
    for status in city.children.iter().flat_map(|child| &child.statuses) {
        if status.from <= on && status.to.is_none_or(|to| on < to) {
            *figures.entry(status.category).or_default() += 1;
        }
    }
    figures
}

fn digest(city: &City) -> u64 {
    let mut hasher = DefaultHasher::new();
    for unit in &city.units {
        format!("{:?}", (&unit.plan, unit.parent)).hash(&mut hasher);
        for post in &unit.posts {
            (&post.name, post.phone.reveal(), post.role).hash(&mut hasher);
        }
    }
    for child in &city.children {
        let facts = serde_json::to_string(&child.particulars).expect("facts serialise");
        let dates = format!("{:?}", (&child.statuses, child.opened_on, child.placement));
        (facts, dates).hash(&mut hasher);
    }
    hasher.finish()
}

fn brief() -> BTreeMap<Category, usize> {
    BTreeMap::from([
        (Category::InstitutionOrphan, 60),
        (Category::ScatteredOrphan, 474),
        (Category::AidsAffected, 1),
        (Category::DeFactoUnattended, 1199),
        (Category::KeyHardship, 1264),
        (Category::LeftBehind, 2447),
    ])
}

#[test]
fn the_figures_are_the_briefs() {
    assert_eq!(figures(city(), TODAY), brief());
    let heads = |group| {
        let of = |child: &&InventedChild| !open(child, group).is_empty();
        city().children.iter().filter(of).count()
    };
    assert_eq!((heads(Group::Cash), heads(Group::Care)), (2998, 2447));
    let open = city().children.iter().filter(|child| is_open(child));
    assert_eq!((open.count(), OPEN_CHILDREN), (5249, 5249));
    assert_eq!(city().children.len(), OPEN_CHILDREN + PAST_CHILDREN);
}

#[test]
fn other_days_and_seeds_have_the_same_figures_and_other_people() {
    for (today, seed) in [(TODAY, 43), (date(2024, 2, 29), 1), (date(2019, 1, 1), 0)] {
        let other = invent(today, seed, Gazetteer::builtin());
        assert_eq!(figures(&other, today), brief(), "{today} {seed}");
        assert_ne!(digest(&other), digest(city()));
        assert_sound(&other, today);
    }
}

#[test]
fn the_same_seed_gives_the_same_city() {
    let again = invent(TODAY, 42, Gazetteer::builtin());
    assert_eq!(digest(&again), digest(city()));
    assert!(again == *city());
}

#[test]
fn every_child_is_sound() {
    assert_sound(city(), TODAY);
}

fn assert_sound(city: &City, today: Date) {
    for child in &city.children {
        let facts = &child.particulars;
        let birth = facts.birth.expect("a birth");
        let id = facts.resident_id.as_ref().expect("an id");
        assert_eq!((Some(id.birth()), Some(id.sex())), (facts.birth, facts.sex));
        assert_eq!(child.opened_on, child.statuses[0].from);
        for status in &child.statuses {
            assert!(birth < status.from, "a status begins after birth");
            assert!(status.from < today && status.from >= days_after(today, -2499));
            let last = status.to.unwrap_or(today);
            assert!(status.from < last && last <= today);
            // A class ends with the month of the birthday.
            let limit = years_after(birth, age_limit(status.category));
            let limit = if status.to.is_some() {
                days_after(limit, 31)
            } else {
                limit
            };
            assert!(last < limit || status.to == Some(last) && last <= limit);
        }
        assert_groups_apart(child);
    }
}

fn assert_groups_apart(child: &InventedChild) {
    for group in [Group::Cash, Group::Care] {
        let held: Vec<_> = child
            .statuses
            .iter()
            .filter(|status| status.category.group() == group)
            .collect();
        let apart = |pair: &[&InventedStatus]| pair[0].to.is_some_and(|to| to <= pair[1].from);
        assert!(held.windows(2).all(apart), "{:?}", child.statuses);
        assert!(open(child, group).len() <= 1);
    }
}

#[test]
fn no_number_is_anybody_elses() {
    let mut ids = HashSet::new();
    let mut phones = HashSet::new();
    for facts in city().children.iter().map(|child| &child.particulars) {
        let id = facts.resident_id.as_ref().expect("an id");
        assert!(ids.insert(id.reveal().to_owned()));
        if let Some(id) = &facts.guardian_resident_id {
            kernel::resident_id::ResidentId::parse(id.reveal()).expect("a sound id");
            assert!(ids.insert(id.reveal().to_owned()));
        }
        let phone = facts.guardian_phone.as_ref();
        phones.extend(
            phone
                .into_iter()
                .flat_map(|phone| phone.reveal().split('/')),
        );
    }
    let posts = city().units.iter().flat_map(|unit| &unit.posts);
    phones.extend(posts.map(|post| post.phone.reveal()));
    for phone in phones {
        assert!(phone.len() == 11 && phone.bytes().all(|digit| digit.is_ascii_digit()));
        assert!(["154", "161", "164", "194"].contains(&&phone[..3]));
    }
}

#[test]
fn no_two_children_share_name_and_birth() {
    let mut known = HashSet::new();
    for child in &city().children {
        assert!(known.insert((&child.particulars.name, child.particulars.birth)));
    }
}

#[test]
fn cards_pass_luhn_and_belong_to_cash_classes() {
    let mut cards = HashSet::new();
    for child in city().children.iter().filter(|child| is_open(child)) {
        let account = child.particulars.bank_account.as_ref();
        assert_eq!(account.is_some(), !open(child, Group::Cash).is_empty());
        let Some(card) = account.filter(|_| child.placement.is_none()) else {
            continue;
        };
        let digits = card
            .reveal()
            .bytes()
            .rev()
            .map(|digit| u32::from(digit - b'0'));
        let sum: u32 = digits
            .enumerate()
            .map(|(at, digit)| if at % 2 == 1 { digit * 2 } else { digit })
            .map(|value| value / 10 + value % 10)
            .sum();
        assert!(
            sum.is_multiple_of(10) && card.reveal().starts_with("62") && card.reveal().len() == 19
        );
        assert!(cards.insert(card.reveal()));
    }
}

#[test]
fn exactly_one_child_is_sealed_and_nothing_else_shows_it() {
    let sealed: Vec<_> = city()
        .children
        .iter()
        .filter(|child| {
            child
                .statuses
                .iter()
                .any(|status| status.category.is_sealed())
        })
        .collect();
    assert_eq!(sealed.len(), 1);
    assert_eq!(sealed[0].statuses.len(), 1);
    let facts = serde_json::to_string(&sealed[0].particulars).expect("facts serialise");
    assert!(!facts.contains("艾滋") && !facts.contains("HIV"));
}

#[test]
fn orphans_of_the_institution_live_in_the_home() {
    let home = city()
        .units
        .iter()
        .position(|unit| unit.plan.kind == UnitKind::Home);
    for child in &city().children {
        let institution = open(child, Group::Cash) == [Category::InstitutionOrphan];
        assert_eq!(child.placement, home.filter(|_| institution));
    }
}

#[test]
fn every_household_is_a_village_and_the_left_behind_are_rural() {
    let districts: HashSet<_> = city()
        .children
        .iter()
        .map(|child| {
            let village = child.particulars.household;
            let entry = Gazetteer::builtin().get(village).expect("a known village");
            assert_eq!(entry.level, kernel::division::Level::Village);
            let part = village.code() % 1000;
            let left_behind = child
                .statuses
                .iter()
                .any(|status| status.category == Category::LeftBehind);
            assert!(!left_behind || (200..300).contains(&part));
            village.county()
        })
        .collect();
    assert_eq!(districts.len(), 6);
}

#[test]
fn families_fit_their_children() {
    for child in city().children.iter().filter(|child| is_open(child)) {
        let facts = &child.particulars;
        assert!(facts.guardian_name.is_some() && facts.guardian_phone.is_some());
        let relations: BTreeSet<_> = facts.relatives.iter().map(|one| one.relation).collect();
        assert_eq!(relations.len(), facts.relatives.len());
        let works = facts.relatives.iter().any(|one| one.works_at.is_some());
        let classes = (open(child, Group::Cash), open(child, Group::Care));
        let de_facto = classes.0 == [Category::DeFactoUnattended];
        assert_eq!(works, !classes.1.is_empty() && !de_facto, "{}", facts.name);
    }
}

#[test]
fn units_are_those_of_the_data() {
    let count = |kind, counted| {
        let units = city().units.iter();
        units
            .filter(|unit| (unit.plan.kind, unit.plan.counted) == (kind, counted))
            .count()
    };
    assert_eq!(count(UnitKind::CityBureau, true), 1);
    assert_eq!(count(UnitKind::CountyBureau, true), 7);
    assert_eq!(
        (count(UnitKind::Town, true), count(UnitKind::Town, false)),
        (65, 1)
    );
    assert_eq!(
        (
            count(UnitKind::Village, true),
            count(UnitKind::Village, false)
        ),
        (2455, 14)
    );
    assert_eq!(
        (
            count(UnitKind::Home, true),
            count(UnitKind::RescueCentre, true)
        ),
        (1, 1)
    );
    assert_eq!(city().units.len(), 1 + 7 + 66 + 2469 + 2);
}

#[test]
fn every_village_has_a_director_and_every_town_a_supervisor() {
    for unit in &city().units {
        let roles: Vec<_> = unit.posts.iter().map(|post| post.role).collect();
        let expected: &[Role] = match unit.plan.kind {
            UnitKind::Village => &[Role::ChildDirector],
            UnitKind::Town => &[Role::ChildSupervisor],
            UnitKind::CountyBureau => &[
                Role::CountyOfficer,
                Role::CountyApprover,
                Role::FinanceOfficer,
            ],
            UnitKind::CityBureau => &[
                Role::CityOfficer,
                Role::CityApprover,
                Role::FinanceOfficer,
                Role::Auditor,
            ],
            UnitKind::Home => &[Role::HomeStaff; 4],
            UnitKind::RescueCentre => &[Role::RescueStaff; 3],
        };
        assert_eq!(roles, expected, "{}", unit.plan.name);
        assert!(unit.posts.iter().all(|post| !post.name.is_empty()));
    }
}

#[test]
fn the_tree_hangs_together_and_reach_shrinks_downwards() {
    for (at, unit) in city().units.iter().enumerate() {
        match unit.parent {
            None => assert_eq!((at, unit.plan.kind), (0, UnitKind::CityBureau)),
            Some(parent) => {
                assert!(parent < at, "parents come first");
                assert!(city().units[parent].plan.serves.covers(&unit.plan.serves));
            }
        }
    }
}

#[test]
fn the_high_tech_zone_serves_its_streets_and_xuecheng_does_not() {
    let street = Division::parse("370403003").expect("a street");
    let bureaus: Vec<_> = city()
        .units
        .iter()
        .filter(|unit| unit.plan.kind == UnitKind::CountyBureau)
        .collect();
    let serving: Vec<_> = bureaus
        .iter()
        .filter(|unit| unit.plan.serves.contains(street))
        .map(|unit| unit.plan.name.as_str())
        .collect();
    assert_eq!(serving, ["枣庄高新技术产业开发区社会事务局"]);
    // Between them the seven bureaus serve every division of the city once.
    let mut all = Reach::nothing();
    for bureau in &bureaus {
        assert!(
            all.minus(&bureau.plan.serves) == all,
            "{} overlaps",
            bureau.plan.name
        );
        all = all.union(&bureau.plan.serves);
    }
    let towns = city()
        .units
        .iter()
        .filter(|unit| unit.plan.kind == UnitKind::Town);
    assert!(towns.into_iter().all(|town| all.covers(&town.plan.serves)));
}

#[test]
fn a_gazetteer_of_another_place_gives_no_children() {
    let elsewhere = invent(TODAY, 1, &Gazetteer::default());
    assert!(elsewhere.children.is_empty());
}

#[test]
fn what_is_granted_changes_hands_in_pairs_and_no_child_has_two_applications() {
    let city = city();
    let mut changes: BTreeMap<Category, i32> = BTreeMap::new();
    let mut applied = BTreeSet::new();
    for application in &city.applications {
        let granted = application
            .steps
            .iter()
            .any(|done| done.act == Act::Confirm);
        let Applied::OnFile(index) = application.child else {
            assert!(!granted, "a newcomer would be one more");
            continue;
        };
        assert!(applied.insert(index), "{index} twice");
        if granted {
            let held = open(&city.children[index], Group::Cash)[0];
            assert!(application.is_change);
            *changes.entry(held).or_default() -= 1;
            *changes.entry(application.category).or_default() += 1;
        }
    }
    assert_eq!(city.applications.len(), 21);
    assert!(
        changes.len() > 1 && changes.values().all(|change| *change == 0),
        "{changes:?}"
    );
}
