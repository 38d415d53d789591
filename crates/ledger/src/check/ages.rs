//! The age at which a child leaves a category.

use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use policy::{NotInForce, Rulebook};

/// Age limits in full years by category.
///
/// ```
/// use kernel::category::Category;
/// use ledger::check::AgeLimits;
/// let limits = AgeLimits::new(|category| match category {
///     Category::LeftBehind | Category::Migrant => 16,
///     _ => 18,
/// });
/// assert_eq!(limits.of(Some(Category::LeftBehind)), 16);
/// assert_eq!(limits.of(None), 18);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeLimits {
    years: [u8; Category::ALL.len()],
}

/// 未成年人保护法 第二条: a minor is a citizen under the age of 18.
const MINOR: u8 = 18;

impl AgeLimits {
    /// Takes the limit of each category.
    #[must_use]
    pub fn new(limit: impl Fn(Category) -> u8) -> Self {
        Self {
            years: Category::ALL.map(limit),
        }
    }

    /// Takes the limits in force on a day in a place from the rulebook.
    ///
    /// # Errors
    /// [`NotInForce`] for a day before the rulebook's first limit.
    pub fn in_force(rulebook: &Rulebook, on: Date, place: Division) -> Result<Self, NotInForce> {
        let mut limits = Self {
            years: [MINOR; Category::ALL.len()],
        };
        for (years, category) in limits.years.iter_mut().zip(Category::ALL) {
            *years = rulebook.age_limit(category, on, place)?.value;
        }
        Ok(limits)
    }

    /// The limit of a category; of an unknown one that of all minors.
    #[must_use]
    pub fn of(&self, category: Option<Category>) -> u8 {
        let place =
            category.and_then(|category| Category::ALL.iter().position(|known| *known == category));
        place
            .and_then(|place| self.years.get(place))
            .copied()
            .unwrap_or(MINOR)
    }

    /// Whether a child born then has reached the limit on a day: the birthday itself counts.
    /// A child born on 29 February has its birthday on the 28th of common years (民法典 第二百零二条).
    #[must_use]
    pub fn reached(limit: u8, birth: Date, on: Date) -> bool {
        birth
            .checked_add(jiff::Span::new().years(limit))
            .is_ok_and(|birthday| birthday <= on)
    }
}
