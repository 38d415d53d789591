//! How many children were what on a day, place by place.
//!
//! **Invariant.** The sums over the places are the totals, and nobody is counted whom the reader may not see.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::journal::Subject;
use kernel::roles::Action;
use store::organisation::divisions_around;
use store::registry::{PartCount, count_by_part};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, allowed};

/// Children of one place, and how many of them hold each class. A child may hold two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Children.
    pub children: i64,
    /// Children by class.
    pub by_category: BTreeMap<Category, i64>,
}

impl Tally {
    fn add(&mut self, count: &PartCount) {
        self.children += count.children;
        *self.by_category.entry(count.category).or_default() += count.holders;
    }
}

/// The figures of a division on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The division.
    pub within: Division,
    /// The day.
    pub on: Date,
    /// All of them.
    pub total: Tally,
    /// Each division right below, with its name, and the division itself for whoever belongs to none of those.
    pub places: Vec<(Division, String, Tally)>,
}

/// Counts children within a division as of a day, for each division right below it.
///
/// # Errors
/// [`Hindrance::NoSuchPlace`] for a division that is not entered, [`Hindrance::Days`] for a day to come.
pub async fn summary(work: &mut Work, within: Division, on: Date) -> Result<Summary, CaseError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ReadFigures, "registry.summary_refused", unit).await?;
    if on > work.store().clock().today() {
        return Err(Hindrance::Days.into());
    }
    let names = divisions_around(work, within).await?;
    let itself = names.get(within).ok_or(Hindrance::NoSuchPlace)?;
    let mut places: Vec<(Division, String, Tally)> = names
        .children(within)
        .map(|entry| (entry.division, entry.name.to_string(), Tally::default()))
        .collect();
    let mut rest = Tally::default();
    let mut total = Tally::default();
    let parts: Vec<Division> = places.iter().map(|(division, ..)| *division).collect();
    for count in count_by_part(work, within, parts.into_iter(), on).await? {
        total.add(&count);
        let place = places
            .iter_mut()
            .find(|(division, ..)| division.contains(count.part));
        place.map_or(&mut rest, |(.., tally)| tally).add(&count);
    }
    if rest != Tally::default() {
        places.push((within, itself.name.to_string(), rest));
    }
    Ok(Summary {
        within,
        on,
        total,
        places,
    })
}
