//! When a child came into its classes and, for the past, out of them.
//!
//! **Invariant.** No status begins before the child was born or before the registry did, and none after `today`.

use jiff::civil::Date;
use kernel::category::Category;

use super::chance::{Chance, days_after, years_after};
use super::city::InventedStatus;
use super::figures::{Ending, Holding, age_limit};

/// How long before `today` the registry began: seen from 2021-11-04, on 2015-01-01.
const REGISTRY: i64 = 2499;
/// How long before `today` de facto unattended children became a class: seen from 2021-11-04, on 2020-01-01, when
/// 民发〔2019〕62号 took effect.
const DE_FACTO: i64 = 673;
/// Days between a birth and the first recognition, at least.
const NEWBORN: i64 = 30;
/// The youngest child on file, in days.
const YOUNGEST: i64 = 120;
/// The latest status began so many days ago.
const RECENT: i64 = 3;

/// How many children are of each age, from nought up: orphans and their like, and left-behind children.
const AGES: &[(i16, usize)] = &[
    (0, 1),
    (1, 2),
    (2, 4),
    (3, 6),
    (4, 8),
    (5, 10),
    (6, 12),
    (7, 14),
    (8, 16),
    (9, 17),
    (10, 18),
    (11, 18),
    (12, 18),
    (13, 17),
    (14, 16),
    (15, 15),
    (16, 14),
    (17, 13),
];
const LEFT_BEHIND_AGES: usize = 16;

/// The birth of a child who is under the limit of its classes on `today`.
pub(super) fn birth_of_open(chance: &Chance, today: Date, holding: Holding) -> Date {
    let ages = if holding.left_behind {
        &AGES[..LEFT_BEHIND_AGES]
    } else {
        AGES
    };
    born_at_age(chance, today, chance.weighted(ages))
}

/// Two days clear of the next birthday, so that births of 29 February raise no question.
pub(super) fn born_at_age(chance: &Chance, today: Date, age: i16) -> Date {
    let first = days_after(years_after(today, -age - 1), 2);
    let last = years_after(today, -age).min(days_after(today, -YOUNGEST));
    chance.day(first, last)
}

/// The statuses of a child who holds these classes today, with what went before them.
pub(super) fn open(
    chance: &Chance,
    today: Date,
    birth: Date,
    holding: Holding,
) -> Vec<InventedStatus> {
    let mut statuses = Vec::new();
    if let Some(category) = holding.cash {
        open_cash(chance, today, birth, category, &mut statuses);
    }
    if holding.left_behind {
        open_left_behind(chance, today, birth, &mut statuses);
    }
    statuses.sort_by_key(|status| (status.from, status.category));
    statuses
}

/// Many a de facto unattended child was in key hardship until the class of its own came, and some orphans were before
/// the second parent died; one day ends the old class and begins the new.
fn open_cash(
    chance: &Chance,
    today: Date,
    birth: Date,
    category: Category,
    statuses: &mut Vec<InventedStatus>,
) {
    let mut from = chance.day(earliest(today, birth, category), days_after(today, -RECENT));
    let (percent, change) = match category {
        Category::DeFactoUnattended => {
            let class = days_after(today, -DE_FACTO);
            (42, chance.day(class, days_after(class, 180)))
        }
        Category::ScatteredOrphan => (5, from),
        _ => (0, from),
    };
    let began = earliest(today, birth, Category::KeyHardship);
    let last = days_after(change, -60);
    if began < last && chance.percent(percent) {
        from = change;
        statuses.push(InventedStatus {
            category: Category::KeyHardship,
            from: chance.day(began, last),
            to: Some(change),
        });
    }
    statuses.push(InventedStatus {
        category,
        from,
        to: None,
    });
}

/// Some parents came home for a while and left again.
fn open_left_behind(chance: &Chance, today: Date, birth: Date, statuses: &mut Vec<InventedStatus>) {
    let category = Category::LeftBehind;
    let began = earliest(today, birth, category);
    let from = chance.day(began, days_after(today, -RECENT));
    let last = days_after(from, -400);
    if began < last && chance.percent(9) {
        let earlier = chance.day(began, last);
        let home = chance.day(days_after(earlier, 180), days_after(from, -90));
        statuses.push(InventedStatus {
            category,
            from: earlier,
            to: Some(home),
        });
    }
    statuses.push(InventedStatus {
        category,
        from,
        to: None,
    });
}

/// A birth and a status that was over by `today`.
pub(super) fn past(
    chance: &Chance,
    today: Date,
    category: Category,
    ending: Ending,
) -> (Date, InventedStatus) {
    let limit = age_limit(category);
    let (birth, to) = match ending {
        Ending::Grown => {
            let first = days_after(earliest(today, Date::MIN, category), 240);
            let birthday = chance.day(first, days_after(today, -40));
            (years_after(birthday, -limit), first_of_next_month(birthday))
        }
        Ending::Resolved => {
            let birth = born_at_age(chance, today, chance.weighted(&AGES[3..14]));
            let first = days_after(earliest(today, birth, category), 240);
            (birth, chance.day(first, days_after(today, -10)))
        }
    };
    let from = chance.day(earliest(today, birth, category), days_after(to, -180));
    let over = InventedStatus {
        category,
        from,
        to: Some(to),
    };
    (birth, over)
}

/// The first day on which a child of this birth can have come into the class.
fn earliest(today: Date, birth: Date, category: Category) -> Date {
    let class = match category {
        Category::DeFactoUnattended => DE_FACTO,
        _ => REGISTRY,
    };
    days_after(birth, NEWBORN).max(days_after(today, -class))
}

/// A class ends with the month of the birthday.
fn first_of_next_month(day: Date) -> Date {
    days_after(day.last_of_month(), 1)
}
