//! Rows of lists against children who are paid and children who are not.

use jiff::civil::date;
use kernel::category::Category::{DeFactoUnattended, KeyHardship, ScatteredOrphan};
use proptest::prelude::*;

use super::*;

const AS_OF: Date = date(2021, 10, 31);

fn id(number: u128) -> ChildId {
    let text = format!("00000000-0000-7000-8000-{number:012}");
    text.parse().unwrap()
}

const fn digest(of: u8) -> IdDigest {
    [of; 32]
}

fn child(number: u128, draws: &[Category]) -> Listable {
    Listable {
        child: id(number),
        is_grown: false,
        draws: draws.iter().copied().collect(),
        lacks_benefit: false,
    }
}

fn bond(number: u128, kinship: Kinship, of: u8) -> Bond {
    Bond {
        child: id(number),
        kinship,
        digest: digest(of),
    }
}

fn row(number: u32, of: u8) -> Told {
    Told {
        row: number,
        as_child: digest(of),
        as_kin: digest(of),
        since: None,
        until: None,
        grade: None,
    }
}

/// What one row that names this person says of a child who draws under these classes.
fn said(list: DepartmentList, kinship: Kinship, draws: &[Category], row: Told) -> Option<Doubt> {
    let found = doubts(
        list,
        AS_OF,
        &[child(1, draws)],
        &[bond(1, kinship, 9)],
        &[row],
    );
    assert!(found.len() <= 1);
    found.first().map(|one| one.doubt)
}

#[test]
fn a_death_puts_in_doubt_who_is_paid_and_who_is_not() {
    let said =
        |kinship, draws: &[Category]| said(DepartmentList::Deaths, kinship, draws, row(3, 9));
    assert_eq!(
        said(Kinship::Child, &[ScatteredOrphan]),
        Some(Doubt::ChildDied)
    );
    assert_eq!(said(Kinship::Child, &[]), None, "nothing is paid");
    assert_eq!(
        said(Kinship::Guardian, &[KeyHardship]),
        Some(Doubt::GuardianDied)
    );
    assert_eq!(said(Kinship::Mother, &[]), Some(Doubt::ParentDied));
    assert_eq!(
        said(Kinship::Mother, &[KeyHardship]),
        Some(Doubt::ParentDied)
    );
    assert_eq!(
        said(Kinship::Father, &[ScatteredOrphan]),
        None,
        "recognised for it already"
    );
}

#[test]
fn a_term_runs_until_its_last_day_and_a_second_one_holds() {
    let term = |number, until| Told {
        since: Some(date(2019, 1, 1)),
        until: Some(until),
        ..row(number, 9)
    };
    let said = |draws: &[Category], until| {
        said(
            DepartmentList::PrisonTerms,
            Kinship::Father,
            draws,
            term(3, until),
        )
    };
    assert_eq!(said(&[], AS_OF), Some(Doubt::ParentImprisoned));
    assert_eq!(said(&[], date(2021, 10, 30)), None);
    assert_eq!(
        said(&[DeFactoUnattended], date(2021, 10, 30)),
        Some(Doubt::ParentReleased)
    );
    assert_eq!(said(&[DeFactoUnattended], AS_OF), None);
    let both = [term(3, date(2020, 1, 1)), term(4, date(2025, 1, 1))];
    let paid = [child(1, &[DeFactoUnattended])];
    let father = [bond(1, Kinship::Father, 9)];
    let found = doubts(DepartmentList::PrisonTerms, AS_OF, &paid, &father, &both);
    assert_eq!(found, []);
}

#[test]
fn a_certificate_counts_by_its_grade_and_a_slip_of_the_pen_does_not() {
    let card = |grade| Told { grade, ..row(3, 9) };
    let said = |kinship, row| said(DepartmentList::Disabilities, kinship, &[], row);
    for (grade, expected) in [
        (Some(1), Some(Doubt::ParentDisabled)),
        (Some(2), Some(Doubt::ParentDisabled)),
        (Some(3), None),
        (None, Some(Doubt::ParentDisabled)),
    ] {
        assert_eq!(said(Kinship::Mother, card(grade)), expected, "{grade:?}");
    }
    assert_eq!(
        said(Kinship::Child, card(Some(4))),
        Some(Doubt::ChildDisabled)
    );
    assert_eq!(said(Kinship::Guardian, card(Some(1))), None);
    let ahead = Told {
        since: Some(date(2021, 11, 1)),
        ..row(3, 9)
    };
    assert_eq!(said(Kinship::Child, ahead), None);
}

#[test]
fn who_has_grown_up_is_not_asked_whether_it_should_be_paid() {
    let grown = |draws: &[Category]| Listable {
        is_grown: true,
        ..child(1, draws)
    };
    let own = [bond(1, Kinship::Child, 9)];
    let low = doubts(
        DepartmentList::LowIncome,
        AS_OF,
        &[grown(&[])],
        &own,
        &[row(3, 9)],
    );
    assert_eq!(low, []);
    let paid = [grown(&[ScatteredOrphan])];
    let dead = doubts(DepartmentList::Deaths, AS_OF, &paid, &own, &[row(3, 9)]);
    assert_eq!(dead.len(), 1, "money is another thing");
}

#[test]
fn a_household_on_the_list_whose_benefit_is_not_deducted_is_in_doubt_however_old_the_child() {
    let paid = |lacks_benefit, is_grown| Listable {
        is_grown,
        lacks_benefit,
        ..child(1, &[KeyHardship])
    };
    let of = |kinship, child| {
        let bonds = [bond(1, kinship, 9)];
        let found = doubts(
            DepartmentList::LowIncome,
            AS_OF,
            &[child],
            &bonds,
            &[row(3, 9)],
        );
        found.iter().map(|one| one.doubt).collect::<Vec<_>>()
    };
    for is_grown in [false, true] {
        let lacking = paid(true, is_grown);
        assert_eq!(of(Kinship::Child, lacking), [Doubt::BenefitMissing]);
        assert_eq!(of(Kinship::Child, paid(false, is_grown)), []);
    }
    assert_eq!(of(Kinship::Guardian, paid(true, false)), []);
    assert!(Doubt::BenefitMissing.is_of_the_paid());
}

#[test]
fn a_guardian_of_several_children_puts_each_of_them_in_doubt_once() {
    let children = [
        child(1, &[ScatteredOrphan]),
        child(2, &[KeyHardship]),
        child(3, &[]),
    ];
    let bonds: Vec<Bond> = (1..=3).map(|of| bond(of, Kinship::Guardian, 9)).collect();
    let rows = [row(3, 9), row(4, 9)];
    let found = doubts(DepartmentList::Deaths, AS_OF, &children, &bonds, &rows);
    let told: Vec<_> = found.iter().map(|one| (one.child, one.row)).collect();
    assert_eq!(told, [(id(1), 3), (id(2), 3)]);
}

fn categories() -> impl Strategy<Value = BTreeSet<Category>> {
    proptest::sample::subsequence(Category::ALL.to_vec(), 0..=2).prop_map(|all| {
        let cash = all.into_iter();
        cash.filter(|class| class.group() != kernel::category::Group::Care)
            .collect()
    })
}

proptest! {
    /// Whatever the list, a doubt is one of its own, is said of a person that the row names, and stands by the file as it
    /// is: a child that is put right is in no doubt any more.
    #[test]
    fn a_doubt_is_of_its_list_and_stands_by_the_file(
        list in proptest::sample::select(DepartmentList::ALL.to_vec()),
        held in proptest::collection::vec((categories(), any::<bool>()), 1..6),
        bonds in proptest::collection::vec((0_u128..6, 0_usize..4, 0_u8..8), 0..20),
        rows in proptest::collection::vec((0_u8..8, -400_i32..40, -400_i32..400, 1_u8..5), 0..12),
    ) {
        let kin = [Kinship::Child, Kinship::Father, Kinship::Mother, Kinship::Guardian];
        let children: Vec<Listable> = (0..).zip(held).map(|(number, (draws, is_grown))| Listable { child: id(number), is_grown, lacks_benefit: is_grown && !draws.is_empty(), draws }).collect();
        let bonds: Vec<Bond> = bonds.into_iter().map(|(number, at, of)| bond(number, kin[at], of)).collect();
        let day = |days: i32| Some(AS_OF.saturating_add(jiff::ToSpan::days(days)));
        let told: Vec<Told> = (2..).zip(rows).map(|(number, (of, since, until, grade))| Told {
            since: day(since), until: day(until), grade: Some(grade), ..row(number, of)
        }).collect();
        let found = doubts(list, AS_OF, &children, &bonds, &told);
        let mut seen = HashSet::new();
        for one in &found {
            prop_assert!(list.doubts().contains(&one.doubt));
            prop_assert!(seen.insert((one.child, one.kinship, one.doubt)));
            let child = children.iter().find(|child| child.child == one.child);
            prop_assert!(child.is_some_and(|child| one.doubt.stands(child)));
            let named = told.iter().find(|row| row.row == one.row).map(|row| row.as_kin);
            prop_assert!(bonds.iter().any(|bond| bond.child == one.child && bond.kinship == one.kinship && Some(bond.digest) == named));
        }
        // The same list again says the same, and in another order of its rows the same of the same children.
        let mut turned = told.clone();
        turned.reverse();
        let again = doubts(list, AS_OF, &children, &bonds, &turned);
        let of = |found: &[Doubtful]| found.iter().map(|one| (one.child, one.kinship, one.doubt)).collect::<BTreeSet<_>>();
        prop_assert_eq!(of(&found), of(&again));
    }
}
