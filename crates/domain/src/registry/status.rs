//! Which class a child is in, and what a ledger's word about it does.
//!
//! One child holds one cash class and, beside it, at most one care status; each is a span of days.

use jiff::civil::Date;
use kernel::category::Category;

/// A status that is open today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenStatus {
    /// The class.
    pub category: Category,
    /// Its first day.
    pub from: Date,
}

/// What becomes of a child's statuses when a ledger of day `as_of` lists the child under a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusDecision {
    /// The child holds this class already.
    Keep,
    /// No class of this group is open: open this one.
    Open,
    /// A later ledger moved the child: end the other class and open this one.
    Replace(Category),
    /// Another class of the group began on the same day or later: an officer has to choose.
    Conflict(Category),
}

/// Decides by dates alone; which class is *right* is a recognition, and a machine does not make one.
///
/// ```
/// use domain::registry::{OpenStatus, StatusDecision, place_in};
/// use jiff::civil::date;
/// use kernel::category::Category::{DeFactoUnattended, LeftBehind, ScatteredOrphan};
///
/// let open = [OpenStatus { category: DeFactoUnattended, from: date(2021, 7, 31) }];
/// assert_eq!(place_in(LeftBehind, &open, date(2021, 10, 31)), StatusDecision::Open);
/// assert_eq!(place_in(ScatteredOrphan, &open, date(2021, 10, 31)), StatusDecision::Replace(DeFactoUnattended));
/// assert_eq!(place_in(ScatteredOrphan, &open, date(2021, 7, 31)), StatusDecision::Conflict(DeFactoUnattended));
/// ```
#[must_use]
pub fn place_in(wanted: Category, open: &[OpenStatus], as_of: Date) -> StatusDecision {
    match open
        .iter()
        .find(|status| status.category.group() == wanted.group())
    {
        None => StatusDecision::Open,
        Some(status) if status.category == wanted => StatusDecision::Keep,
        Some(status) if status.from < as_of => StatusDecision::Replace(status.category),
        Some(status) => StatusDecision::Conflict(status.category),
    }
}
