//! 公示: a month's figures by town and class, so that nobody is told by a small number.
//!
//! **Invariant.** No figure is of one or two children, and none can be worked out from the others: small classes are left out
//! of every sum, for beside another class the rates would tell how many they are; small towns stand together with others, and
//! every column still adds up.

use std::collections::BTreeMap;

use kernel::category::Category;
use kernel::money::{Money, MoneyError};

/// The fewest children that a figure tells of. No rule names the number: 待核实.
pub const FEWEST_DISCLOSED: i64 = 3;

/// Heads and money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// How many children.
    pub heads: i64,
    /// What they are paid.
    pub amount: Money,
}

impl Default for Figure {
    fn default() -> Self {
        Self {
            heads: 0,
            amount: Money::ZERO,
        }
    }
}

impl Figure {
    fn with(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            heads: self.heads + other.heads,
            amount: self.amount.checked_add(other.amount)?,
        })
    }

    const fn is_small(self) -> bool {
        self.heads > 0 && self.heads < FEWEST_DISCLOSED
    }
}

/// Children of a class in a town.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The town.
    pub town: String,
    /// The class.
    pub class: Category,
    /// How many, and how much.
    pub figure: Figure,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosedRow {
    /// The town; none for towns that stand together.
    pub town: Option<String>,
    /// A figure for each column.
    pub figures: Vec<Figure>,
}

impl DisclosedRow {
    /// All columns together.
    ///
    /// # Errors
    /// [`MoneyError`] beyond what money can hold.
    pub fn total(&self) -> Result<Figure, MoneyError> {
        self.figures
            .iter()
            .try_fold(Figure::default(), |sum, figure| sum.with(*figure))
    }

    fn is_small(&self) -> bool {
        self.figures.iter().any(|figure| figure.is_small())
    }

    fn heads(&self) -> i64 {
        self.figures.iter().map(|figure| figure.heads).sum()
    }

    fn take(&mut self, other: &Self) -> Result<(), MoneyError> {
        for (mine, theirs) in self.figures.iter_mut().zip(&other.figures) {
            *mine = mine.with(*theirs)?;
        }
        Ok(())
    }
}

/// A table that may be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// The columns: the classes of three children or more.
    pub columns: Vec<Category>,
    /// The rows, those that stand together last.
    pub rows: Vec<DisclosedRow>,
    /// All rows together.
    pub all: DisclosedRow,
}

/// The table of these figures; none where no class has children enough to be told of.
///
/// ```
/// use domain::allowances::{Counted, Figure, disclosure};
/// use kernel::category::Category;
/// use kernel::money::Money;
/// let figure = Figure { heads: 2, amount: Money::from_yuan(3200) };
/// let two = Counted { town: "荆河街道".into(), class: Category::ScatteredOrphan, figure };
/// assert_eq!(disclosure(&[two])?, None);
/// # Ok::<(), kernel::money::MoneyError>(())
/// ```
///
/// # Errors
/// [`MoneyError`] beyond what money can hold.
pub fn disclosure(counted: &[Counted]) -> Result<Option<Disclosure>, MoneyError> {
    let columns = columns(counted);
    if columns.is_empty() {
        return Ok(None);
    }
    let empty = DisclosedRow {
        town: None,
        figures: vec![Figure::default(); columns.len()],
    };
    let mut by_town: BTreeMap<usize, DisclosedRow> = BTreeMap::new();
    let mut towns: Vec<&str> = Vec::new();
    for one in counted {
        let Some(column) = columns.iter().position(|class| *class == one.class) else {
            continue;
        };
        let at = towns
            .iter()
            .position(|town| *town == one.town)
            .unwrap_or_else(|| {
                towns.push(&one.town);
                towns.len() - 1
            });
        let row = by_town.entry(at).or_insert_with(|| DisclosedRow {
            town: Some(one.town.clone()),
            ..empty.clone()
        });
        row.figures[column] = row.figures[column].with(one.figure)?;
    }
    let mut all = empty.clone();
    for row in by_town.values() {
        all.take(row)?;
    }
    let (small, mut rows): (Vec<_>, Vec<_>) =
        by_town.into_values().partition(DisclosedRow::is_small);
    let mut together = empty;
    for row in &small {
        together.take(row)?;
    }
    while together.is_small() {
        // All columns together are large enough, so there is another row as long as this one is small.
        let fewest = (0..rows.len()).min_by_key(|at| rows[*at].heads());
        let Some(fewest) = fewest else { break };
        together.take(&rows.remove(fewest))?;
    }
    if together.heads() > 0 {
        rows.push(together);
    }
    Ok(Some(Disclosure { columns, rows, all }))
}

/// The classes of which there are children enough.
fn columns(counted: &[Counted]) -> Vec<Category> {
    let mut heads: BTreeMap<Category, i64> = BTreeMap::new();
    for one in counted {
        *heads.entry(one.class).or_default() += one.figure.heads;
    }
    heads.retain(|_, heads| *heads >= FEWEST_DISCLOSED);
    heads.into_keys().collect()
}

#[cfg(test)]
#[path = "disclosure_tests.rs"]
mod tests;
