//! What an invented city is made of, and the one way to invent it.

use domain::organisation::UnitPlan;
use domain::registry::{Hidden, Particulars};
use jiff::civil::Date;
use kernel::category::Category;
use kernel::gazetteer::Gazetteer;
use kernel::roles::Role;

use super::applications::{self, InventedApplication};
use super::children;
use super::numbers::Numbers;
use super::units;

/// An invented city, ready to be founded.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// The units, each after its parent.
    pub units: Vec<InventedUnit>,
    /// The children, in the order in which their files were opened.
    pub children: Vec<InventedChild>,
    /// The applications of one town.
    pub applications: Vec<InventedApplication>,
}

/// A unit and those who serve in it.
#[derive(Debug, Clone, PartialEq)]
pub struct InventedUnit {
    /// What is founded.
    pub plan: UnitPlan,
    /// The unit above, as an index into [`City::units`]; `None` for the city bureau.
    pub parent: Option<usize>,
    /// Its invented officers.
    pub posts: Vec<InventedPost>,
}

/// An invented officer in a post.
#[derive(Debug, Clone, PartialEq)]
pub struct InventedPost {
    /// Name.
    pub name: String,
    /// Mobile number, from a range that was never allotted.
    pub phone: Hidden,
    /// What the officer is appointed as.
    pub role: Role,
}

/// An invented child with its history.
#[derive(Debug, Clone, PartialEq)]
pub struct InventedChild {
    /// The facts on file.
    pub particulars: Particulars,
    /// The classes held, the earlier first; within a group they never overlap.
    pub statuses: Vec<InventedStatus>,
    /// The day the file was opened: that of the first status.
    pub opened_on: Date,
    /// The home where the child lives today, as an index into [`City::units`].
    pub placement: Option<usize>,
}

impl InventedChild {
    /// Whether one of its classes is known to named officers alone.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.statuses
            .iter()
            .any(|status| status.category.is_sealed())
    }
}

/// A class held for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InventedStatus {
    /// The class.
    pub category: Category,
    /// The first day on which it holds.
    pub from: Date,
    /// The first day on which it no longer holds; `None` while it does.
    pub to: Option<Date>,
}

/// Invents the city as it stands on `today`: the gazetteer's real divisions of 枣庄 (370400) and invented people.
///
/// Every status that is open was opened before `today`; other days shift all dates with them. A gazetteer without
/// villages of the city gives a city without children.
///
/// ```
/// use jiff::civil::date;
/// use kernel::gazetteer::Gazetteer;
/// let city = app::demo::invent(date(2021, 11, 4), 1, Gazetteer::builtin());
/// let open = city.children.iter().filter(|child| child.statuses.iter().any(|status| status.to.is_none()));
/// assert_eq!(open.count(), app::demo::OPEN_CHILDREN);
/// ```
#[must_use]
pub fn invent(today: Date, seed: u64, gazetteer: &Gazetteer) -> City {
    let mut numbers = Numbers::default();
    let units = units::invent(seed, gazetteer, &mut numbers);
    let children = children::invent(today, seed, gazetteer, &units, &mut numbers);
    let applications = applications::invent(today, seed, &units, &children);
    City {
        units,
        children,
        applications,
    }
}
