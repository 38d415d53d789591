//! `/api/allowances/review`: how far the quarter's confirmations are, whom they lack, and confirming several at once.

use app::allowances::{QuarterReview, ReviewError};
use jiff::civil::Date;
use kernel::division::Division;
use kernel::ids::ChildId;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::allowances::Drawing;
use store::organisation::{PlaceNames, place_names};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::operation::{Answer, Asked, Caller, Cursor, Operation, Page, PageSize, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("allowances.quarter", "/api/allowances/review")
            .needs(Action::SearchChildren)
            .summary("Tell how far the quarter's confirmations are, and until when they are made")
            .handled_by(review),
        Operation::get("allowances.quarter_children", "/api/allowances/review/children")
            .needs(Action::SearchChildren)
            .summary("List the children who draw an allowance and are not confirmed for the quarter, or those who are")
            .handled_by(children),
        Operation::post("allowances.confirm_quarter", "/api/allowances/review/confirmations")
            .needs(Action::ConfirmQuarter)
            .summary("Confirm for the quarter that children are alive, of their classes and here")
            .answers_problems(&[Kind::Conflict, Kind::Stale])
            .handled_by(confirm),
    ]
}

/// Beyond reach is nothing there; what does not fit is a conflict in its own words.
fn problem(error: ReviewError) -> Problem {
    match error {
        ReviewError::NotFound => Kind::NotFound.into(),
        ReviewError::Stale => Kind::Stale.into(),
        ReviewError::Store(error) => error.into(),
        hindered => Problem::explained(Kind::Conflict, &hindered),
    }
}

/// How far a quarter is.
#[derive(Serialize, ToSchema)]
struct ReviewView {
    /// Such as `2021Q4`.
    quarter: String,
    /// The last day on which a child is confirmed in time.
    due: Date,
    /// `late`, `at_hand` (today or within two working days) or `coming`.
    standing: &'static str,
    /// How many children are to be confirmed.
    children: i64,
    /// How many are.
    confirmed: i64,
    /// The source of the rule; none where no rule asks for it.
    cite: Option<String>,
    /// Whether that was checked; if not, 待核实.
    verified: Option<bool>,
    /// Whether the caller confirms.
    confirms: bool,
}

impl ReviewView {
    fn of(review: QuarterReview) -> Self {
        let (cite, verified) = review.rule.unzip();
        Self {
            quarter: review.quarter.to_string(),
            due: review.due,
            standing: review.standing.code(),
            children: review.children,
            confirmed: review.confirmed,
            cite,
            verified,
            confirms: review.confirms,
        }
    }
}

async fn review(caller: Caller) -> Result<Answer<ReviewView>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::quarter_review(&mut work).await;
    let found = found.map_err(problem)?;
    work.commit().await?;
    Ok(Answer(ReviewView::of(found)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WantedReview {
    /// Those that are confirmed, instead of those that are not.
    confirmed: Option<bool>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200 [default: 50].
    limit: Option<u16>,
}

/// A child who draws an allowance.
#[derive(Serialize, ToSchema)]
struct ReviewedRow {
    child: Uuid,
    name: String,
    /// The household's division, as its code.
    household: i64,
    /// Its name, with the town's.
    household_name: String,
    /// The categories' codes.
    classes: Vec<&'static str>,
    /// Whether that is known to its named officers alone.
    sealed: bool,
    /// When it was confirmed for the quarter.
    confirmed_at: Option<jiff::Timestamp>,
    /// By whom, where that is told.
    confirmed_by: Option<String>,
}

impl ReviewedRow {
    fn of(one: Drawing, names: &PlaceNames) -> Self {
        let (confirmed_at, confirmed_by) = one.confirmed.unzip();
        Self {
            child: one.child.uuid(),
            name: one.name,
            household: one.household.code(),
            household_name: names.of(one.household),
            classes: one.classes.iter().map(|class| class.code()).collect(),
            sealed: one.sealed,
            confirmed_at,
            confirmed_by: confirmed_by.flatten(),
        }
    }
}

async fn children(
    caller: Caller,
    Asked(wanted): Asked<WantedReview>,
) -> Result<Answer<Page<ReviewedRow>>, Problem> {
    let size = PageSize::of(wanted.limit)?;
    let after = wanted
        .cursor
        .as_deref()
        .map(Cursor::read::<(Division, ChildId)>);
    let after = after.transpose()?;
    let mut work = caller.work().await?;
    let asked = u16::try_from(size).unwrap_or(u16::MAX);
    let confirmed = wanted.confirmed.unwrap_or(false);
    let found = app::allowances::quarter_children(&mut work, confirmed, after, asked).await;
    let found = found.map_err(problem)?;
    let places: Vec<_> = found.iter().map(|one| one.household).collect();
    let names = place_names(&mut work, &places).await?;
    work.commit().await?;
    let next = match found.last() {
        Some(last) if found.len() == size => Some(Cursor::write(&(last.household, last.child))),
        _ => None,
    };
    let items = found
        .into_iter()
        .map(|one| ReviewedRow::of(one, &names))
        .collect();
    Ok(Answer(Page { items, next }))
}

/// Who is confirmed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmationEntry {
    /// The children, 1 to 200.
    #[schema(min_items = 1, max_items = 200)]
    children: Vec<Uuid>,
    /// What was found, at most 1000 characters; kept sealed.
    #[serde(default)]
    note: String,
}

/// How many were confirmed.
#[derive(Serialize, ToSchema)]
struct QuarterConfirmedView {
    /// Those who had not been before.
    confirmed: usize,
}

async fn confirm(
    caller: Caller,
    Sent(sent): Sent<ConfirmationEntry>,
) -> Result<Answer<QuarterConfirmedView>, Problem> {
    let chosen: Vec<ChildId> = sent.children.into_iter().map(ChildId::from_uuid).collect();
    let mut work = caller.work().await?;
    let confirmed = app::allowances::confirm_quarter(&mut work, &chosen, &sent.note).await;
    let confirmed = confirmed.map_err(problem)?;
    work.commit().await?;
    Ok(Answer(QuarterConfirmedView { confirmed }))
}
