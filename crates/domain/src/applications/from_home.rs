//! What may be filed from home, without an account, and how long the code of such a case holds.

use jiff::{SignedDuration, Timestamp};
use kernel::category::Category;

use super::stated::Capacity;

/// Days for which a case that is filled in is kept after it was last saved.
pub const KEPT_DAYS: i64 = 30;
/// Days for which the code of an application holds: longer than all legs, an objection and a second look take together.
pub const CODE_DAYS: i64 = 365;

/// Whether a class is applied for from home in this capacity. A child affected by AIDS is not: its case passes through no
/// town, so it is filed with the county's bureau in person. A home applies for its own children at its own desk.
///
/// ```
/// use domain::applications::{Capacity, filed_from_home};
/// use kernel::category::Category;
/// assert!(filed_from_home(Category::DeFactoUnattended, Capacity::Guardian));
/// assert!(!filed_from_home(Category::AidsAffected, Capacity::Guardian));
/// assert!(!filed_from_home(Category::ScatteredOrphan, Capacity::Home));
/// ```
#[must_use]
pub const fn filed_from_home(category: Category, capacity: Capacity) -> bool {
    let class = match category {
        Category::ScatteredOrphan | Category::DeFactoUnattended | Category::KeyHardship => true,
        Category::InstitutionOrphan
        | Category::AidsAffected
        | Category::LeftBehind
        | Category::Migrant => false,
    };
    let by = match capacity {
        Capacity::Guardian | Capacity::EntrustedKin | Capacity::VillageCommittee => true,
        Capacity::Home => false,
    };
    class && by
}

/// The moment so many days after another.
///
/// ```
/// use domain::applications::{KEPT_DAYS, days_after};
/// let begun = "2021-11-04T01:00:00Z".parse()?;
/// assert_eq!(days_after(begun, KEPT_DAYS).to_string(), "2021-12-04T01:00:00Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn days_after(at: Timestamp, days: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(days.saturating_mul(24)))
        .unwrap_or(Timestamp::MAX)
}
