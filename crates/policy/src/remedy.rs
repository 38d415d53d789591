//! 救济途径: what somebody who does not accept a decision may do, and for how long.

/// A way to have a decision looked at by others than those who made it.
///
/// ```
/// use jiff::civil::date;
/// use kernel::division::Division;
/// use policy::{Remedy, Rulebook};
/// let term = Rulebook::builtin().remedy(Remedy::Lawsuit, date(2021, 11, 4), Division::COUNTRY)?;
/// assert_eq!(term.value, 6);
/// # Ok::<(), policy::NotInForce>(())
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// 行政复议, its term in days.
    AdministrativeReview,
    /// 行政诉讼, its term in months.
    Lawsuit,
}

impl Remedy {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AdministrativeReview => "administrative_review",
            Self::Lawsuit => "lawsuit",
        }
    }
}
