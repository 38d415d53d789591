//! What a proposal is said to bring is what the model says it brings, month by month.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::date;
use kernel::category::Category;
use kernel::clock::legal_day;
use kernel::division::Division;
use kernel::money::Money;
use kernel::month::Month;
use policy::allowance::Rate;

use super::invented::{Chance, facts, moment, rules};
use super::naive::{AsKnown, NaiveDue};
use crate::allowances::{Cell, Proposal, WhatIf};

/// A rate to try out, as announced at the moment.
fn tried(class: Category, place: &str, announced: Timestamp) -> Rate {
    Rate {
        class,
        place: Division::parse(place).unwrap(),
        monthly: Money::from_yuan(1777),
        from: date(2020, 7, 1),
        until: None,
        announced,
        cite: String::new(),
        verified: false,
    }
}

#[test]
fn a_proposal_brings_what_the_model_says() {
    let mut touched = 0;
    for seed in 0..80 {
        let mut chance = Chance(seed ^ 0x9a0);
        let (now, known_at) = (rules(&mut chance), moment(&mut chance));
        let class = chance.one_of(&[Category::ScatteredOrphan, Category::KeyHardship]);
        let place = chance.one_of(&["37", "370402", "370481"]);
        let then = now.with_rate(tried(class, place, known_at));
        let month = Month::of(legal_day(known_at));
        let proposal = Proposal::new(&now, &then, month, known_at);
        let mut what_if = WhatIf::new(&proposal);
        let mut expected: BTreeMap<Category, [i64; 4]> = BTreeMap::new();
        for _ in 0..60 {
            let history = facts(&mut chance);
            what_if.child(&history).unwrap();
            let models = [&now, &then].map(|rules| AsKnown::new(&history, rules, known_at));
            let classes = expect(&models, month, &mut expected);
            touched += classes.len();
            for class in classes {
                expected.entry(class).or_default()[0] += 1;
            }
        }
        let mut weighed: BTreeMap<Category, [i64; 4]> = BTreeMap::new();
        for ((_, class), cell) in &what_if.effect().cells {
            let Cell {
                arrears,
                monthly,
                to_year_end,
                ..
            } = cell;
            let sums = weighed.entry(*class).or_default();
            for (sum, more) in sums[1..].iter_mut().zip([arrears, monthly, to_year_end]) {
                *sum += more.fen();
            }
        }
        for (class, sums) in &mut weighed {
            // Who is touched in two counties is counted in both: heads are compared of all.
            sums[0] = expected[class][0];
        }
        assert_eq!(weighed, expected, "seed {seed}");
    }
    assert!(touched > 80, "{touched}");
}

#[test]
fn alike_children_are_told_together_as_one_by_one_and_months_add_up() {
    let mut told = 0;
    for seed in 0..40 {
        let mut chance = Chance(seed ^ 0x51d);
        let (now, known_at) = (rules(&mut chance), moment(&mut chance));
        let then = now.with_rate(tried(Category::ScatteredOrphan, "37", known_at));
        let month = Month::of(legal_day(known_at));
        let proposal = Proposal::new(&now, &then, month, known_at);
        let [mut together, mut apart] = [WhatIf::new(&proposal), WhatIf::new(&proposal)];
        for _ in 0..20 {
            let history = facts(&mut chance);
            together.children_since(&history, Month::MIN, 3).unwrap();
            for _ in 0..3 {
                apart.child(&history).unwrap();
            }
        }
        let effect = together.effect();
        assert_eq!(effect, apart.effect(), "seed {seed}");
        // What all children cost more is what those who are touched cost more.
        let (before, after) = effect.outlook.to_year_end().unwrap();
        let more = after.checked_sub(before).unwrap();
        assert_eq!(more, effect.total().unwrap().to_year_end, "seed {seed}");
        told += effect.outlook.heads;
    }
    assert!(told > 100, "{told}");
}

/// Adds the differences that the model finds, month by month: arrears, the pay month, and it through December. Answers the
/// classes in which the child is touched.
fn expect(
    models: &[AsKnown<'_>; 2],
    month: Month,
    expected: &mut BTreeMap<Category, [i64; 4]>,
) -> BTreeSet<Category> {
    let mut classes = BTreeSet::new();
    let mut at = Month::new(2018, 12).unwrap();
    while at <= Month::new(month.year(), 12).unwrap() {
        let fen = |model: &AsKnown<'_>| match model.due(at) {
            NaiveDue::Fen(_, fen) => fen,
            _ => 0,
        };
        let more = fen(&models[1]) - fen(&models[0]);
        if more != 0 {
            let class = models[1].class(at).unwrap();
            let sums = expected.entry(class).or_default();
            sums[1] += if at < month { more } else { 0 };
            sums[2] += if at == month { more } else { 0 };
            sums[3] += if at >= month { more } else { 0 };
            classes.insert(class);
        }
        at = at.next();
    }
    classes
}
