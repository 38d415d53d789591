//! `GET /api/registry/summary` and `GET /api/registry/changes`: what may be counted.

use app::registry::Tally;
use jiff::civil::Date;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

use super::problem::{division, problem};
use crate::operation::{Answer, Asked, Caller, Operation};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("registry.summary", "/api/registry/summary")
            .needs(Action::ReadFigures)
            .summary("Count children by class and division as of a day")
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(summary),
        Operation::get("registry.changes", "/api/registry/changes")
            .needs(Action::ReadFigures)
            .summary("Explain how the figures changed between two days")
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(changes),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SummaryOf {
    /// The division, as its code.
    within: i64,
    /// The day; today without it.
    on: Option<Date>,
}

/// Children, and how many of them hold each class.
#[derive(Serialize, ToSchema)]
struct TallyView {
    children: i64,
    /// By the class's code; a child may hold two.
    by_category: BTreeMap<&'static str, i64>,
}

impl TallyView {
    fn of(tally: &Tally) -> Self {
        let classes = tally.by_category.iter();
        Self {
            children: tally.children,
            by_category: classes.map(|(class, n)| (class.code(), *n)).collect(),
        }
    }
}

/// The figures of a place.
#[derive(Serialize, ToSchema)]
struct PlaceTally {
    /// Its code.
    division: i64,
    name: String,
    tally: TallyView,
}

/// The figures of a division: the sums over its places are the total.
#[derive(Serialize, ToSchema)]
struct SummaryView {
    within: i64,
    /// The day of which they are.
    on: Date,
    total: TallyView,
    places: Vec<PlaceTally>,
}

async fn summary(
    caller: Caller,
    Asked(of): Asked<SummaryOf>,
) -> Result<Answer<SummaryView>, Problem> {
    let within = division("within", of.within)?;
    let on = of.on.unwrap_or(caller.store().clock().today());
    let mut work = caller.work().await?;
    let figures = app::registry::summary(&mut work, within, on).await;
    let figures = figures.map_err(problem)?;
    work.commit().await?;
    let places = figures
        .places
        .iter()
        .map(|(place, name, tally)| PlaceTally {
            division: place.code(),
            name: name.clone(),
            tally: TallyView::of(tally),
        });
    Ok(Answer(SummaryView {
        within: figures.within.code(),
        on: figures.on,
        total: TallyView::of(&figures.total),
        places: places.collect(),
    }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ChangesOf {
    /// The division, as its code.
    within: i64,
    /// The first day.
    first: Date,
    /// The last day; today without it.
    last: Option<Date>,
}

/// What changed in a class of children: before + new + came − went − removed is how many there are on the last day.
#[derive(Serialize, ToSchema)]
struct ClassChangeView {
    /// The class's code.
    category: &'static str,
    /// Children on the first day.
    before: i64,
    /// Children who held no class of its kind before.
    new: i64,
    /// Children from another class of its kind.
    came: i64,
    /// Children who went to another class of its kind.
    went: i64,
    /// Children who hold none of its kind any longer.
    removed: i64,
}

/// What changed in a division from the first day to the last.
#[derive(Serialize, ToSchema)]
struct ChangesView {
    within: i64,
    first: Date,
    last: Date,
    classes: Vec<ClassChangeView>,
}

async fn changes(
    caller: Caller,
    Asked(of): Asked<ChangesOf>,
) -> Result<Answer<ChangesView>, Problem> {
    let within = division("within", of.within)?;
    let last = of.last.unwrap_or(caller.store().clock().today());
    let mut work = caller.work().await?;
    let found = app::registry::changes(&mut work, within, (of.first, last)).await;
    let found = found.map_err(problem)?;
    work.commit().await?;
    let classes = found.iter().map(|class| ClassChangeView {
        category: class.category.code(),
        before: class.before,
        new: class.new,
        came: class.came,
        went: class.went,
        removed: class.removed,
    });
    Ok(Answer(ChangesView {
        within: within.code(),
        first: of.first,
        last,
        classes: classes.collect(),
    }))
}
