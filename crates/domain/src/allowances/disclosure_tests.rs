//! What a published table tells, and what it keeps.

use kernel::category::Category::{self, DeFactoUnattended, KeyHardship, ScatteredOrphan};
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

#[test]
fn a_class_with_two_children_stands_together_with_the_next() {
    let table = disclosure(&[
        counted("荆河街道", ScatteredOrphan, 9),
        counted("荆河街道", KeyHardship, 2),
        counted("荆河街道", DeFactoUnattended, 5),
    ]);
    let table = table.unwrap().unwrap();
    let columns: Vec<usize> = table
        .columns
        .iter()
        .map(std::collections::BTreeSet::len)
        .collect();
    assert_eq!(columns.iter().sum::<usize>(), 3);
    assert_eq!(table.columns.len(), 2);
    assert_eq!(table.all.total().unwrap().heads, 16);
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
        let all: i64 = given.iter().map(|one| one.figure.heads).sum();
        let Some(table) = disclosure(&given).unwrap() else {
            prop_assert!(all < FEWEST_DISCLOSED * 3);
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
