//! What a published table tells, and what it keeps.

use kernel::category::Category::{
    self, DeFactoUnattended, InstitutionOrphan, KeyHardship, ScatteredOrphan,
};
use kernel::money::Money;
use proptest::prelude::*;

use super::{Counted, Disclosure, FEWEST_DISCLOSED, Figure, disclosure};

fn counted(town: &str, class: Category, heads: i64) -> Counted {
    Counted {
        town: town.into(),
        class,
        figure: Figure {
            heads,
            amount: Money::from_fen(heads * 160_000),
        },
    }
}

fn heads(table: &Disclosure) -> Vec<(Option<&str>, Vec<i64>)> {
    let rows = table.rows.iter();
    rows.map(|row| {
        let heads = row.figures.iter().map(|figure| figure.heads).collect();
        (row.town.as_deref(), heads)
    })
    .collect()
}

#[test]
fn a_town_with_one_child_of_a_class_stands_together_with_another() {
    let table = disclosure(&[
        counted("荆河街道", ScatteredOrphan, 9),
        counted("龙泉街道", ScatteredOrphan, 1),
        counted("北辛街道", ScatteredOrphan, 4),
    ]);
    let table = table.unwrap().unwrap();
    // Alone under another name it would be told all the same.
    assert_eq!(
        heads(&table),
        [(Some("荆河街道"), vec![9]), (None, vec![5])]
    );
    assert_eq!(table.all.figures[0].heads, 14);
}

/// At 2,000 yuan beside 1,600 the money of the two together would tell how many of each there are.
#[test]
fn a_class_with_two_children_is_in_no_figure() {
    let table = disclosure(&[
        counted("荆河街道", ScatteredOrphan, 9),
        counted("荆河街道", KeyHardship, 2),
        counted("荆河街道", DeFactoUnattended, 5),
        counted("龙泉街道", KeyHardship, 1),
        counted("龙泉街道", InstitutionOrphan, 1),
    ]);
    let table = table.unwrap().unwrap();
    let columns = [ScatteredOrphan, DeFactoUnattended, KeyHardship];
    assert_eq!(table.columns, columns);
    // The street of the one institution orphan stands with the other for its child in key hardship alone.
    assert_eq!(heads(&table), [(None, vec![9, 5, 3])]);
    let total = table.all.total().unwrap();
    assert_eq!(
        (total.heads, total.amount),
        (17, Money::from_fen(17 * 160_000))
    );
    let alone = disclosure(&[
        counted("荆河街道", ScatteredOrphan, 9),
        counted("龙泉街道", InstitutionOrphan, 1),
    ]);
    assert_eq!(
        heads(&alone.unwrap().unwrap()),
        [(Some("荆河街道"), vec![9])]
    );
}

#[test]
fn nothing_is_told_of_two_children_in_all() {
    assert_eq!(
        disclosure(&[counted("荆河街道", KeyHardship, 2)]).unwrap(),
        None
    );
    assert_eq!(disclosure(&[]).unwrap(), None);
}

proptest! {
    #[test]
    fn no_figure_is_small_and_every_column_adds_up(
        given in prop::collection::vec((0_usize..8, 0_usize..3, 0_i64..7), 0..24),
    ) {
        let classes = [ScatteredOrphan, KeyHardship, DeFactoUnattended];
        let given: Vec<Counted> = given
            .into_iter()
            .map(|(town, class, heads)| counted(&format!("镇{town}"), classes[class], heads))
            .collect();
        let of = |class: Category| -> i64 {
            let of = given.iter().filter(|one| one.class == class);
            of.map(|one| one.figure.heads).sum()
        };
        let told = |heads: &i64| *heads >= FEWEST_DISCLOSED;
        let all: i64 = classes.into_iter().map(of).filter(told).sum();
        let Some(table) = disclosure(&given).unwrap() else {
            prop_assert_eq!(all, 0);
            return Ok(());
        };
        prop_assert_eq!(table.all.total().unwrap().heads, all);
        for (at, whole) in table.all.figures.iter().enumerate() {
            let rows = table.rows.iter().map(|row| row.figures[at]);
            let sum: i64 = rows.clone().map(|figure| figure.heads).sum();
            prop_assert_eq!(sum, whole.heads);
            prop_assert!(whole.heads >= FEWEST_DISCLOSED);
            for figure in rows {
                prop_assert!(figure.heads == 0 || figure.heads >= FEWEST_DISCLOSED);
                prop_assert_eq!(figure.amount, Money::from_fen(figure.heads * 160_000));
            }
        }
    }
}
