//! The two systems compared: who is in one, who in the other, and what of them differs.

use std::collections::BTreeSet;

use kernel::category::Category;
use kernel::category::Category::{DeFactoUnattended, KeyHardship, LeftBehind, ScatteredOrphan};
use kernel::ids::ChildId;
use proptest::prelude::*;

use super::{Comparison, Difference, Entered, Held, compare};

fn child(n: u8) -> ChildId {
    let id = format!("00000000-0000-7000-8000-0000000000{n:02x}");
    id.parse().unwrap()
}

fn held(n: u8, number: Option<&str>, classes: &[Category]) -> Held {
    Held {
        child: child(n),
        number: number.map(str::to_owned),
        resident_id: Some([n; 32]),
        classes: classes.iter().copied().collect(),
    }
}

/// A row with the resident id of the child of that number.
fn row(n: u8, number: Option<&str>, class: Option<Category>) -> Entered {
    Entered {
        row: u32::from(n) + 1,
        number: number.map(str::to_owned),
        resident_id: Some([n; 32]),
        class,
        has_ended: false,
    }
}

fn ended(row: Entered) -> Entered {
    Entered {
        has_ended: true,
        ..row
    }
}

fn differences(compared: &Comparison) -> Vec<Difference> {
    compared
        .found
        .iter()
        .map(|found| found.difference)
        .collect()
}

#[test]
fn two_systems_that_agree_differ_in_nothing_and_a_number_is_learnt_by_the_resident_id() {
    let here = [
        held(1, None, &[ScatteredOrphan]),
        held(2, Some("B"), &[KeyHardship]),
    ];
    let mut by_number = row(2, Some("B"), Some(KeyHardship));
    by_number.resident_id = None;
    let there = [row(1, Some("A"), Some(ScatteredOrphan)), by_number];
    let compared = compare(&here, &there);
    assert_eq!(compared.found, []);
    assert_eq!(compared.numbers, [(child(1), "A".to_owned())]);
}

#[test]
fn whoever_is_in_one_and_not_in_the_other_is_told_both_ways() {
    let here = [held(1, None, &[ScatteredOrphan]), held(3, None, &[])];
    let there = [
        row(2, Some("B"), Some(ScatteredOrphan)),
        ended(row(4, Some("D"), Some(ScatteredOrphan))),
    ];
    let compared = compare(&here, &there);
    assert_eq!(
        differences(&compared),
        [Difference::NotHere, Difference::NotThere]
    );
    assert_eq!(compared.found[0].row, Some(3));
    assert_eq!(compared.found[1].child, Some(child(1)));
}

#[test]
fn a_list_says_nothing_of_a_class_it_does_not_name() {
    let here = [
        held(1, None, &[LeftBehind]),
        held(2, None, &[ScatteredOrphan, LeftBehind]),
    ];
    let there = [row(2, None, Some(ScatteredOrphan))];
    assert_eq!(compare(&here, &there).found, []);
    // A list without a column of classes is about every child.
    let there = [row(2, None, None)];
    assert_eq!(differences(&compare(&here, &there)), [Difference::NotThere]);
}

#[test]
fn another_class_and_another_state_are_told() {
    let scenes: [(&[Category], &[Entered], &[Difference]); 7] = [
        (
            &[DeFactoUnattended],
            &[row(1, None, Some(KeyHardship))],
            &[Difference::Class],
        ),
        (
            &[ScatteredOrphan],
            &[ended(row(1, None, Some(ScatteredOrphan)))],
            &[Difference::State],
        ),
        (
            &[ScatteredOrphan],
            &[ended(row(1, None, None))],
            &[Difference::State],
        ),
        (
            &[],
            &[row(1, None, Some(ScatteredOrphan))],
            &[Difference::State],
        ),
        (&[], &[ended(row(1, None, Some(ScatteredOrphan)))], &[]),
        // Over as an orphan, and entered again in hardship: as here.
        (
            &[KeyHardship],
            &[
                ended(row(1, None, Some(ScatteredOrphan))),
                row(1, None, Some(KeyHardship)),
            ],
            &[],
        ),
        (
            &[KeyHardship],
            &[
                row(1, None, Some(KeyHardship)),
                row(1, None, Some(KeyHardship)),
            ],
            &[Difference::Repeated],
        ),
    ];
    for (classes, there, told) in scenes {
        let compared = compare(&[held(1, None, classes)], there);
        assert_eq!(differences(&compared), told, "{classes:?} {there:?}");
    }
}

#[test]
fn a_number_and_a_resident_id_that_lead_to_different_children_are_for_an_officer() {
    let here = [
        held(1, Some("A"), &[ScatteredOrphan]),
        held(2, Some("B"), &[ScatteredOrphan]),
    ];
    let class = Some(ScatteredOrphan);
    let crossed = [row(1, Some("B"), class), row(2, Some("B"), class)];
    assert_eq!(
        differences(&compare(&here, &crossed)),
        [Difference::Identity]
    );
    let renumbered = [row(1, Some("X"), class), row(2, Some("B"), class)];
    let compared = compare(&here, &renumbered);
    assert_eq!(differences(&compared), [Difference::Identity]);
    assert_eq!(
        compared.numbers,
        [],
        "a number that contradicts is not learnt"
    );
}

fn classes() -> impl Strategy<Value = BTreeSet<Category>> {
    let some = [DeFactoUnattended, KeyHardship, LeftBehind, ScatteredOrphan];
    prop::collection::btree_set(prop::sample::select(some.to_vec()), 0..3)
}

proptest! {
    /// A list made of the children on file themselves differs in nothing, whatever is left out of it is told once, and
    /// what is added is told once.
    #[test]
    fn what_is_left_out_or_added_is_told_once(
        held_by in prop::collection::vec(classes(), 1..12),
        out in any::<prop::sample::Index>(),
    ) {
        let here: Vec<Held> = (1..).zip(&held_by).map(|(n, classes)| {
            let classes: Vec<Category> = classes.iter().copied().collect();
            held(n, None, &classes)
        }).collect();
        let rows = |of: &Held| {
            let n = of.resident_id.map_or(0, |id| id[0]);
            of.classes.iter().map(|class| row(n, None, Some(*class))).collect::<Vec<_>>()
        };
        // Every class occurs, so that the list is about all of them.
        let others = held(100, None, &[DeFactoUnattended, KeyHardship, LeftBehind, ScatteredOrphan]);
        let mut all = here.clone();
        all.push(others);
        let list: Vec<Entered> = all.iter().flat_map(rows).collect();
        prop_assert_eq!(compare(&all, &list).found, vec![]);

        let left = out.index(here.len());
        let without: Vec<Entered> = all.iter().enumerate().filter(|(at, _)| *at != left).flat_map(|(_, one)| rows(one)).collect();
        let lacking = usize::from(!here[left].classes.is_empty());
        prop_assert_eq!(differences(&compare(&all, &without)), vec![Difference::NotThere; lacking]);

        let fewer: Vec<Held> = all.iter().enumerate().filter(|(at, _)| *at != left).map(|(_, one)| one.clone()).collect();
        let added = usize::from(!here[left].classes.is_empty());
        prop_assert_eq!(differences(&compare(&fewer, &list)), vec![Difference::NotHere; added]);
    }
}
