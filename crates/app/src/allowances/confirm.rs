//! 季度确认: who draws an allowance and is not confirmed yet, and confirming several at once.

use domain::allowances::{ConfirmationError, review_of, to_confirm};
use domain::registry::{Standing, standing};
use jiff::civil::Date;
use kernel::calendar::WorkCalendar;
use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use kernel::ids::{ChildId, ConfirmationId};
use kernel::journal::Subject;
use kernel::month::Quarter;
use kernel::roles::{Action, can};
use policy::Rulebook;
use store::allowances::{Drawing, DrawingFilter, QuarterConfirmed, drawing, drawing_counts};
use store::error::StoreError;
use store::work::Work;

use super::error::{MonthError, REFUSED, allowed};

/// Why nothing was confirmed. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The role does not do this, or a child is not one the unit answers for: one answer for all.
    #[error("not found within reach")]
    NotFound,
    /// Somebody else confirmed one of them meanwhile.
    #[error("changed since it was read")]
    Stale,
    /// What was asked does not fit.
    #[error(transparent)]
    Confirmation(#[from] ConfirmationError),
    /// The store's fault.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ReviewError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Stale => Self::Stale,
            error => Self::Store(error),
        }
    }
}

impl From<MonthError> for ReviewError {
    fn from(error: MonthError) -> Self {
        match error {
            MonthError::Store(error) => error.into(),
            _ => Self::NotFound,
        }
    }
}

impl Explain for ReviewError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => StoreError::NotFound.code(),
            Self::Stale => StoreError::Stale.code(),
            Self::Confirmation(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }

    fn explain(&self, lang: Lang) -> String {
        match self {
            Self::NotFound => StoreError::NotFound.explain(lang),
            Self::Stale => StoreError::Stale.explain(lang),
            Self::Confirmation(error) => error.explain(lang),
            Self::Store(error) => error.explain(lang),
        }
    }
}

/// How far a quarter is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarterReview {
    /// The quarter.
    pub quarter: Quarter,
    /// The last day on which a child is confirmed in time.
    pub due: Date,
    /// How that day stands today.
    pub standing: Standing,
    /// How many children are to be confirmed.
    pub children: i64,
    /// How many are.
    pub confirmed: i64,
    /// The source of the rule; none where no rule asks for it, and nobody is to be confirmed.
    pub rule: Option<(String, bool)>,
    /// Whether the officer confirms.
    pub confirms: bool,
}

/// How far the present quarter is, among the children that the unit answers for.
///
/// # Errors
/// [`ReviewError::NotFound`] for a role that sees no children.
pub async fn quarter_review(work: &mut Work) -> Result<QuarterReview, ReviewError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::SearchChildren, unit).await?;
    let today = work.store().clock().today();
    let (quarter, due) = review_of(today);
    let rule = Rulebook::builtin().allowances().quarterly_review(today);
    let (children, confirmed) = match rule {
        Some(_) => drawing_counts(work, quarter, today).await?,
        None => (0, 0),
    };
    Ok(QuarterReview {
        quarter,
        due,
        standing: standing(due, today, &WorkCalendar::builtin()),
        children,
        confirmed,
        rule: rule.map(|rule| (rule.cite.clone(), rule.verified)),
        confirms: can(work.role(), Action::ConfirmQuarter),
    })
}

/// The children of the present quarter that are confirmed, or that are not, village by village, after one.
///
/// # Errors
/// As [`quarter_review`].
pub async fn quarter_children(
    work: &mut Work,
    confirmed: bool,
    after: Option<(Division, ChildId)>,
    size: u16,
) -> Result<Vec<Drawing>, ReviewError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::SearchChildren, unit).await?;
    let today = work.store().clock().today();
    if Rulebook::builtin()
        .allowances()
        .quarterly_review(today)
        .is_none()
    {
        return Ok(Vec::new());
    }
    let filter = DrawingFilter {
        quarter: Quarter::of(today),
        on: today,
        confirmed: Some(confirmed),
        only: None,
    };
    Ok(drawing(work, &filter, after, size).await?)
}

/// Confirms for the present quarter that these children are alive, of their classes and here; answers how many were not
/// confirmed before.
///
/// # Errors
/// [`ReviewError::NotFound`] where one of them is not the unit's to answer for or draws nothing, and nobody is confirmed.
pub async fn confirm_quarter(
    work: &mut Work,
    chosen: &[ChildId],
    note: &str,
) -> Result<usize, ReviewError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ConfirmQuarter, unit).await?;
    let today = work.store().clock().today();
    let rule = Rulebook::builtin().allowances().quarterly_review(today);
    rule.ok_or(ConfirmationError::NotAsked)?;
    let quarter = Quarter::of(today);
    to_confirm(chosen, &[], note)?;
    let filter = DrawingFilter {
        quarter,
        on: today,
        confirmed: None,
        only: Some(chosen),
    };
    let found = drawing(work, &filter, None, u16::MAX).await?;
    if let Some(missing) = chosen
        .iter()
        .find(|child| !found.iter().any(|one| one.child == **child))
    {
        work.refuse(REFUSED, Subject::new("child", missing.uuid()))
            .await?;
        return Err(ReviewError::NotFound);
    }
    let is_confirmed = |one: &&Drawing| one.confirmed.is_some();
    let confirmed = found.iter().filter(is_confirmed).map(|one| one.child);
    let confirmed: Vec<ChildId> = confirmed.collect();
    let (new, note) = to_confirm(chosen, &confirmed, note)?;
    let with_id = |one| {
        let id = ConfirmationId::generate(work.now(), work.store().entropy());
        (id, one)
    };
    let children: Vec<_> = found
        .iter()
        .filter(|one| new.contains(&one.child))
        .map(with_id)
        .collect();
    let confirmed = QuarterConfirmed {
        children: &children,
        quarter,
        note,
    };
    work.apply(&confirmed).await?;
    Ok(children.len())
}
