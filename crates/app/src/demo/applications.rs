//! Applications in every stage, so that each desk of the city has something before it.
//!
//! **Invariant.** Classes that are granted change hands in pairs, one child's to the other's: the city's figures stay those
//! of the brief.

use domain::applications::{Act, Outcome};
use domain::organisation::UnitKind;
use jiff::civil::Date;
use kernel::category::{Category, Group};
use kernel::division::Division;
use kernel::resident_id::Sex;
use serde_json::{Map, Value, json};

use super::chance::{Chance, days_after};
use super::city::{InventedChild, InventedUnit};
use super::names::{self, Generation};
use super::statuses::born_at_age;

/// The town whose supervisor a visitor may be, and the one of another county.
const TOWN: i64 = 370_481_106_000;
const FAR_TOWN: i64 = 370_405_001_000;

/// An application and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct InventedApplication {
    /// The unit at whose window it was filed, as an index into [`City::units`](super::City::units).
    pub window: usize,
    /// What is applied for.
    pub category: Category,
    /// Whether a child who is recognised already goes over to that class.
    pub is_change: bool,
    /// The child.
    pub child: Applied,
    /// Who applies, and what to the child.
    pub applicant: (String, &'static str),
    /// The facts as the rulebook reads them.
    pub facts: Map<String, Value>,
    /// What was done, how many days before the city's today, and why.
    pub steps: &'static [Done],
}

/// Whose application it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    /// A child on file, as an index into [`City::children`](super::City::children).
    OnFile(usize),
    /// A child nobody has on file yet.
    Newcomer {
        /// Its name.
        name: String,
        /// Its household.
        household: Division,
        /// When it was born.
        birth: Date,
        /// A boy or a girl.
        sex: Sex,
    },
}

/// Something that was done with an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// What.
    pub act: Act,
    /// How many days before the city's today.
    pub ago: u8,
    /// Why, where there is a word for it.
    pub reason: &'static str,
    /// What a proposal says.
    pub outcome: Outcome,
}

const fn on(ago: u8, act: Act) -> Done {
    because(ago, act, "")
}

const fn because(ago: u8, act: Act, reason: &'static str) -> Done {
    let outcome = Outcome::Grant;
    Done {
        act,
        ago,
        reason,
        outcome,
    }
}

const fn against(ago: u8, act: Act, reason: &'static str) -> Done {
    Done {
        outcome: Outcome::Refuse,
        ..because(ago, act, reason)
    }
}

/// At whose window an application is filed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Window {
    Town,
    FarTown,
    County,
}

/// Who is applied for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Nobody on file yet.
    Newcomer,
    /// A child left behind, who holds no class that is paid.
    LeftBehind,
    /// A child that holds this class and is to hold the other.
    Holder(Category),
}

const DE_FACTO: Category = Category::DeFactoUnattended;
const HARDSHIP: Category = Category::KeyHardship;
const FITS: &str = "材料齐全，入户核实情况属实，符合条件，拟同意。";
const RETURNED_HOME: &str = "入户查验时，母亲已于今年9月返家并共同生活，与申请事实不符。";
const ABLE: &str = "母亲具备抚养能力，不符合认定条件。";

/// Every stage, several where several desks look at them.
#[rustfmt::skip]
const PLAN: &[(Window, Whose, Category, &[Done])] = &[
    (Window::Town, Whose::Newcomer, DE_FACTO, &[]),
    (Window::Town, Whose::Newcomer, HARDSHIP, &[on(1, Act::Submit)]),
    (Window::Town, Whose::Newcomer, DE_FACTO, &[on(10, Act::Submit)]),
    (Window::Town, Whose::Newcomer, HARDSHIP, &[on(6, Act::Submit),
        because(5, Act::Notice, "请补交：亲属关系证明、低保证或低收入家庭认定材料。")]),
    (Window::Town, Whose::Newcomer, DE_FACTO, &[on(9, Act::Submit), because(8, Act::Notice, "请补交：服刑在押证明。"), on(1, Act::Resubmit)]),
    (Window::Town, Whose::Newcomer, HARDSHIP, &[on(6, Act::Submit), because(3, Act::Withdraw, "申请人自愿撤回。")]),
    (Window::FarTown, Whose::Newcomer, DE_FACTO, &[on(2, Act::Submit), on(1, Act::Accept)]),
    (Window::FarTown, Whose::Newcomer, DE_FACTO, &[on(8, Act::Submit), on(7, Act::Accept), on(7, Act::Forward)]),
    (Window::Town, Whose::LeftBehind, DE_FACTO, &[on(20, Act::Submit), on(19, Act::Accept)]),
    (Window::Town, Whose::LeftBehind, DE_FACTO, &[on(10, Act::Submit), on(9, Act::Accept), on(3, Act::Verify)]),
    (Window::Town, Whose::LeftBehind, DE_FACTO, &[on(12, Act::Submit), on(10, Act::Accept), because(2, Act::Doubt, RETURNED_HOME)]),
    (Window::Town, Whose::LeftBehind, DE_FACTO, &[on(16, Act::Submit), on(15, Act::Accept), on(6, Act::Verify), because(1, Act::Propose, FITS)]),
    (Window::Town, Whose::LeftBehind, HARDSHIP, &[on(15, Act::Submit), on(14, Act::Accept), because(7, Act::Doubt, RETURNED_HOME),
        against(2, Act::Propose, ABLE)]),
    (Window::Town, Whose::LeftBehind, DE_FACTO, &[on(17, Act::Submit), on(16, Act::Accept), on(8, Act::Verify), because(3, Act::Propose, FITS),
        because(1, Act::Return, "请补充核对母亲的服刑期限后再报。")]),
    (Window::Town, Whose::LeftBehind, DE_FACTO, &[on(20, Act::Submit), on(19, Act::Accept), because(9, Act::Doubt, RETURNED_HOME),
        against(4, Act::Propose, ABLE), because(1, Act::Refuse, ABLE)]),
    (Window::Town, Whose::LeftBehind, DE_FACTO, &[on(30, Act::Submit), on(29, Act::Accept), because(20, Act::Doubt, RETURNED_HOME),
        against(15, Act::Propose, ABLE), because(10, Act::Refuse, ABLE), on(8, Act::Tell),
        because(1, Act::Object, "母亲返家仅数日，现已再次失去联系，请求复核。")]),
    (Window::Town, Whose::Holder(HARDSHIP), DE_FACTO, &[on(20, Act::Submit), on(19, Act::Accept), on(12, Act::Verify), because(5, Act::Propose, FITS),
        on(1, Act::Confirm)]),
    (Window::Town, Whose::Holder(DE_FACTO), HARDSHIP, &[on(24, Act::Submit), on(23, Act::Accept), on(15, Act::Verify), because(9, Act::Propose, FITS),
        on(6, Act::Confirm), on(3, Act::Tell)]),
    (Window::Town, Whose::Holder(HARDSHIP), DE_FACTO, &[on(45, Act::Submit), on(44, Act::Accept), on(38, Act::Verify), because(33, Act::Propose, FITS),
        on(30, Act::Confirm), on(28, Act::Tell), on(7, Act::Close)]),
    (Window::Town, Whose::Holder(DE_FACTO), HARDSHIP, &[on(48, Act::Submit), on(47, Act::Accept), on(41, Act::Verify), because(36, Act::Propose, FITS),
        on(31, Act::Confirm), on(29, Act::Tell), on(8, Act::Close)]),
    (Window::County, Whose::Newcomer, Category::AidsAffected, &[on(1, Act::Submit)]),
];

/// Invents the applications of the town that a visitor may sit in; none where the city has not that town.
pub(super) fn invent(
    today: Date,
    seed: u64,
    units: &[InventedUnit],
    children: &[InventedChild],
) -> Vec<InventedApplication> {
    let at = |code: i64, kind: UnitKind| {
        units
            .iter()
            .position(|unit| unit.plan.kind == kind && unit.plan.division.code() == code)
    };
    let town = at(TOWN, UnitKind::Town);
    let county = TOWN / 1_000_000 * 1_000_000;
    let (Some(town), Some(far), Some(county)) = (
        town,
        at(FAR_TOWN, UnitKind::Town),
        at(county, UnitKind::CountyBureau),
    ) else {
        return Vec::new();
    };
    let mut filing = Filing {
        today,
        chance: Chance::stream(seed, "applications"),
        of_town: in_town(units, town, children),
        children,
        taken: Vec::new(),
    };
    let window = |window| match window {
        Window::Town => town,
        Window::FarTown => far,
        Window::County => county,
    };
    let filed = PLAN.iter().filter_map(|(at, whose, category, steps)| {
        let child = filing.child(*whose)?;
        Some(InventedApplication {
            window: window(*at),
            category: *category,
            is_change: matches!(whose, Whose::Holder(_)),
            child,
            applicant: filing.applicant(),
            facts: filing.facts(*category),
            steps,
        })
    });
    filed.collect()
}

/// The children of the town who are under age for some years yet, as indexes.
fn in_town(units: &[InventedUnit], town: usize, children: &[InventedChild]) -> Vec<usize> {
    let serves = &units[town].plan.serves;
    let of_town = children.iter().enumerate();
    let of_town = of_town.filter(|(_, child)| {
        serves.contains(child.particulars.household)
            && child.placement.is_none()
            && !child.is_sealed()
    });
    of_town.map(|(index, _)| index).collect()
}

struct Filing<'a> {
    today: Date,
    chance: Chance,
    of_town: Vec<usize>,
    children: &'a [InventedChild],
    /// Those who have an application already.
    taken: Vec<usize>,
}

impl Filing<'_> {
    fn child(&mut self, whose: Whose) -> Option<Applied> {
        if whose == Whose::Newcomer {
            return self.newcomer();
        }
        let found = self.of_town.iter().copied();
        let found = found.filter(|index| !self.taken.contains(index));
        let mut found = found.filter(|index| self.is_one(&self.children[*index], whose));
        let index = found.next()?;
        drop(found);
        self.taken.push(index);
        Some(Applied::OnFile(index))
    }

    /// Whether the child is one of those, and has been for longer than any application takes.
    fn is_one(&self, child: &InventedChild, whose: Whose) -> bool {
        let open = || child.statuses.iter().filter(|status| status.to.is_none());
        let cash = open().find(|status| status.category.group() == Group::Cash);
        let before = days_after(self.today, -90);
        let young = child.particulars.birth > Some(days_after(self.today, -15 * 365));
        young
            && match whose {
                Whose::Newcomer => false,
                Whose::LeftBehind => cash.is_none() && open().any(|status| status.from < before),
                Whose::Holder(category) => {
                    cash.is_some_and(|status| status.category == category && status.from < before)
                }
            }
    }

    fn newcomer(&self) -> Option<Applied> {
        let of = *self.of_town.get(self.chance.below(self.of_town.len()))?;
        let sex = names::sex(&self.chance);
        let age = i16::try_from(self.chance.between(3, 12)).unwrap_or_default();
        Some(Applied::Newcomer {
            name: names::full(&self.chance, Generation::Children, sex),
            household: self.children[of].particulars.household,
            birth: born_at_age(&self.chance, self.today, age),
            sex,
        })
    }

    fn applicant(&self) -> (String, &'static str) {
        let (sex, relation) = match self.chance.percent(60) {
            true => (Sex::Female, "祖母"),
            false => (Sex::Male, "祖父"),
        };
        let name = names::full(&self.chance, Generation::Grandparents, sex);
        (name, relation)
    }

    /// Facts by which the rulebook finds the class.
    fn facts(&self, category: Category) -> Map<String, Value> {
        let since = days_after(self.today, -200);
        let facts = match category {
            Category::AidsAffected => json!({ "child": { "hiv_infected": true } }),
            Category::KeyHardship => json!({
                "father": { "situation": "dead" },
                "mother": { "situation": "working_away" },
                "household": { "poor": true },
            }),
            _ => json!({
                "father": { "situation": "dead" },
                "mother": { "situation": "imprisoned", "since": since, "months": 36 },
            }),
        };
        match facts {
            Value::Object(facts) => facts,
            _ => Map::new(),
        }
    }
}
