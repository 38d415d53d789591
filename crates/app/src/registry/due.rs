//! What falls due on the children within reach: statuses that an age ends, grants that end, doubtful facts that wait.

use domain::registry::{Standing, standing};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use kernel::calendar::WorkCalendar;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::ChildId;
use kernel::journal::Subject;
use kernel::roles::{Action, can};
use policy::Rulebook;
use store::organisation::seat;
use store::registry::{MOST_DUE, ending_grants, growing, waiting_items};
use store::work::Work;

use super::case_error::{CaseError, allowed};

/// How many days ahead a date is told of.
const AHEAD: i32 = 30;

/// Why something falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueKind {
    /// The child reaches the age that ends this status (未满年龄).
    Age(Category),
    /// A unit's grant ends.
    Grant,
}

/// Something that falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDate {
    /// Why.
    pub kind: DueKind,
    /// When.
    pub on: Date,
    /// How that stands today.
    pub standing: Standing,
    /// The child.
    pub child: ChildId,
    /// Its name.
    pub name: String,
    /// Its household division.
    pub household: Division,
}

/// What falls due, and what waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The day of which this holds.
    pub today: Date,
    /// The first to fall due first.
    pub dates: Vec<DueDate>,
    /// Whether there are more than are told of.
    pub is_cut: bool,
    /// Doubtful facts that wait, counted up to a bound, and since when; for those who clear them.
    pub waiting: Option<(i64, Option<Timestamp>)>,
}

/// What falls due within a month, or should have happened already.
///
/// # Errors
/// [`CaseError::NotFound`] for a role that sees no children.
pub async fn due(work: &mut Work) -> Result<Due, CaseError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::SearchChildren, "registry.due_refused", unit).await?;
    let today = work.store().clock().today();
    let last = today.saturating_add(AHEAD.days());
    let calendar = WorkCalendar::builtin();
    let mut dates = ages(work, today, last, &calendar).await?;
    let grown = dates.len();
    let grants = ending_grants(work, (today, last)).await?;
    let is_cut = [grown, grants.len()].contains(&usize::try_from(MOST_DUE).unwrap_or(usize::MAX));
    dates.extend(grants.into_iter().map(|grant| DueDate {
        kind: DueKind::Grant,
        on: grant.until,
        standing: standing(grant.until, today, &calendar),
        child: grant.child,
        name: grant.name,
        household: grant.household,
    }));
    dates.sort_by_key(|due| (due.on, due.child));
    let waiting = match can(work.role(), Action::ClearWorkItem) {
        true => Some(waiting_items(work).await?),
        false => None,
    };
    Ok(Due {
        today,
        dates,
        is_cut,
        waiting,
    })
}

async fn ages(
    work: &mut Work,
    today: Date,
    last: Date,
    calendar: &WorkCalendar,
) -> Result<Vec<DueDate>, CaseError> {
    let limit = |class, place| {
        let limit = Rulebook::builtin().age_limit(class, today, place).ok()?;
        Some(i32::from(limit.value).years())
    };
    let Some(here) = seat(work).await?.pop() else {
        return Ok(Vec::new());
    };
    let born_until: Vec<(Category, Date)> = Category::ALL
        .into_iter()
        .filter_map(|class| Some((class, last.saturating_sub(limit(class, here.division)?))))
        .collect();
    let growing = growing(work, &born_until, today).await?;
    let due = growing.into_iter().filter_map(|child| {
        // A birthday on 29 February falls on the 28th of common years (民法典 第二百零二条).
        let on = child
            .birth
            .saturating_add(limit(child.category, child.household)?);
        Some(DueDate {
            kind: DueKind::Age(child.category),
            on,
            standing: standing(on, today, calendar),
            child: child.child,
            name: child.name,
            household: child.household,
        })
    });
    Ok(due.collect())
}
