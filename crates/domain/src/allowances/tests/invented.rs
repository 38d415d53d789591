//! Invented rules and histories: crowded into a few years, places and days, so that facts meet, tie and contradict.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use kernel::category::Category;
use kernel::division::Division;
use kernel::money::Money;
use kernel::month::Month;
use policy::Rulebook;
use policy::allowance::AllowanceRules;

use crate::allowances::{Fact, History, Known, Payee, Struck};

/// Chance with a memory: the same seed draws the same again (SplitMix64).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not including `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.draw() % end as u64).unwrap()
    }

    /// True once in `n`.
    pub(super) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

const CLASSES: [Category; 5] = [
    Category::InstitutionOrphan,
    Category::ScatteredOrphan,
    Category::AidsAffected,
    Category::DeFactoUnattended,
    Category::KeyHardship,
];
const BENEFITS: [&str; 4] = [
    "minimum_living",
    "destitute",
    "disability_hardship",
    "severe_disability",
];
const REASONS: [&str; 4] = ["adopted", "parent_found", "died", "released"];
const RATE_PLACES: [&str; 9] = [
    "00",
    "37",
    "3704",
    "370402",
    "370481",
    "370481001",
    "370481001001",
    "3702",
    "37040200000",
];
const PLACES: [&str; 8] = [
    "370402",
    "370481",
    "370481001",
    "370481001001",
    "370481001002",
    "370402003",
    "3704",
    "110101",
];

/// A day of 2019 to 2021, often the first of its month.
fn day(chance: &mut Chance) -> Date {
    let (year, month) = (
        chance.one_of(&[2019, 2020, 2020, 2021, 2021]),
        chance.below(12),
    );
    let day = chance.one_of(&[1, 1, 2, 15, 28, 28]);
    date(year, i8::try_from(month + 1).unwrap(), day)
}

/// A moment, on few days and at two hours only, so that some are the same.
pub(super) fn moment(chance: &mut Chance) -> Timestamp {
    let hour = chance.one_of(&["00:00:00", "09:30:00"]);
    format!("{}T{hour}+08:00", day(chance)).parse().unwrap()
}

fn month(chance: &mut Chance) -> Month {
    Month::of(day(chance))
}

/// A last month: open, near, or before the first.
fn last_month(chance: &mut Chance, from: Month) -> Option<Month> {
    match chance.below(4) {
        0 => None,
        1 => Some(from.plus(-1)),
        _ => Some(from.plus(i32::try_from(chance.below(10)).unwrap())),
    }
}

/// A set of rules as TOML.
pub(super) fn rules(chance: &mut Chance) -> AllowanceRules {
    let mut toml = String::new();
    for class in CLASSES {
        for at in 0..8 {
            let place = chance.one_of(&RATE_PLACES[..8]);
            let from = day(chance);
            // Two rates between which nothing decides are refused: each has its own second.
            let announced = format!("{}T00:00:{:02}+08:00", day(chance), at + 10);
            let until = match chance.once_in(4) {
                true => format!(
                    "until = {}\n",
                    from.saturating_add(jiff::Span::new().days(200))
                ),
                false => String::new(),
            };
            writeln!(
                toml,
                "[[allowance_rate]]\nclass = \"{class}\"\nplace = \"{place}\"\nmonthly = \"{}.{:02}\"\nfrom = {from}\nannounced = {announced}\n{until}cite = \"r\"\nverified = false",
                chance.below(2000),
                chance.below(100),
            )
            .unwrap();
        }
        let mut from = "2011-01-01".to_owned();
        for _ in 0..=chance.below(2) {
            let deducts: Vec<_> = BENEFITS.iter().filter(|_| chance.once_in(2)).collect();
            writeln!(
                toml,
                "[[allowance_class]]\nclass = \"{class}\"\nstart_months_after = {}\ndeducts = {deducts:?}\nstudy_extends = {}\nextra_months = {}\nfrom = {from}\ncite = \"c\"\nverified = false",
                chance.one_of(&[1, 1, 1, 0, 2]),
                chance.once_in(2),
                chance.one_of(&[0, 0, 6]),
            )
            .unwrap();
            from = format!(
                "2020-{:02}-{:02}",
                chance.below(12) + 1,
                chance.one_of(&[1, 17])
            );
        }
    }
    writeln!(
        toml,
        "[[allowance_stop]]\nends_month_before = [\"parent_found\"]\nfrom = 2011-01-01\ncite = \"s\"\nverified = false\n[[recovery_share]]\npercent = {}\nfrom = 2011-01-01\ncite = \"p\"\nverified = false",
        chance.one_of(&[100, 100, 50, 33, 0]),
    )
    .unwrap();
    Rulebook::parse(&toml).unwrap().allowances().clone()
}

/// A history without anything committed.
pub(super) fn facts(chance: &mut Chance) -> History {
    let born = date(
        chance.one_of(&[2001, 2002, 2003, 2004, 2012, 2020]),
        chance.one_of(&[1, 2, 6, 12]),
        chance.one_of(&[1, 28]),
    );
    let mut history = History {
        place: Division::parse(chance.one_of(&PLACES)).unwrap(),
        born: if chance.once_in(20) {
            date(2004, 2, 29)
        } else {
            born
        },
        facts: Vec::new(),
    };
    let mut days = vec![day(chance)];
    for _ in 0..=chance.below(12) {
        let on = if chance.once_in(3) {
            chance.one_of(&days)
        } else {
            day(chance)
        };
        days.push(on);
        let fact = fact(chance, on);
        history.facts.push(Known {
            at: moment(chance),
            fact,
        });
    }
    history
}

fn fact(chance: &mut Chance, on: Date) -> Fact {
    let from = Month::of(on);
    match chance.below(14) {
        0..=4 => Fact::Recognised {
            class: chance.one_of(&CLASSES),
            on,
        },
        5 | 6 => Fact::Stopped {
            on,
            reason: chance.one_of(&REASONS).into(),
        },
        7 => Fact::Revoked {
            of: chance.one_of(&[Struck::Recognised, Struck::Stopped]),
            on,
        },
        8 | 9 => Fact::Benefit {
            benefit: chance.one_of(&BENEFITS).into(),
            monthly: Money::from_fen(i64::try_from(chance.below(90_000)).unwrap()),
            from,
            to: last_month(chance, from),
        },
        10 => Fact::Study {
            from,
            to: last_month(chance, from),
        },
        11 => Fact::Suspended {
            from,
            to: last_month(chance, from),
        },
        12 => Fact::Moved {
            place: Division::parse(chance.one_of(&PLACES)).unwrap(),
            on,
        },
        _ => Fact::BornCorrected {
            born: date(chance.one_of(&[2002, 2003, 2010]), 3, 1),
        },
    }
}

/// A history with amounts committed and owed, right or wrong.
pub(super) fn history(chance: &mut Chance) -> History {
    let mut history = facts(chance);
    let mut committed = month(chance);
    for _ in 0..chance.below(20) {
        let payee = chance.one_of(&[Payee::Guardian, Payee::Guardian, Payee::Home]);
        let amount = chance.one_of(&[160_000, 160_000, 140_000, -20_000, 0, 1]);
        let fact = match chance.once_in(12) {
            true => Fact::Owed {
                payee,
                amount: Money::from_fen(i64::try_from(chance.below(300_000)).unwrap()),
            },
            false => Fact::Committed {
                from: committed,
                through: committed.plus(i32::from(chance.once_in(5)) * 3),
                payee,
                amount: Money::from_fen(amount),
            },
        };
        history.facts.push(Known {
            at: moment(chance),
            fact,
        });
        committed = committed.plus(i32::from(!chance.once_in(4)));
    }
    history
}

/// How many histories a test tries: as many as it is told, else `few`, which take a second or two.
pub(super) fn how_many(few: u64) -> u64 {
    let told = std::env::var("HUTONG_HISTORIES").ok();
    told.and_then(|told| told.parse().ok()).unwrap_or(few)
}
