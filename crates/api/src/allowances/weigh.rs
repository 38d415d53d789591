//! `GET /api/allowances/standards/{id}/effect` and `/api/allowances/growth`: what a rate would bring, and what the growth
//! mechanism proposes.

use app::allowances::{Grown, GrowthOrder, TriedRate, Weighing};
use domain::allowances::{Cell, Rise};
use kernel::division::Division;
use kernel::ids::StandardId;
use kernel::money::{Money, MoneyError};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::error::StoreError;
use store::organisation::{PlaceNames, place_names};
use store::work::Work;
use utoipa::{IntoParams, ToSchema};

use super::problem::month;
use super::standard_acts::{class, place, yuan};
use super::standards::standard_problem;
use crate::operation::{Answer, Asked, At, Caller, Operation};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "allowances.weigh_standard",
            "/api/allowances/standards/{id}/effect",
        )
        .needs(Action::WeighStandard)
        .summary("Weigh a proposed rate over the children within reach that are not sealed: heads, arrears, cost, by county and class")
        .answers_problems(&[Kind::Conflict])
        .handled_by(weigh),
        Operation::get("allowances.grow_rate", "/api/allowances/growth")
            .needs(Action::ProposeStandard)
            .summary("Let the growth mechanism propose the next rate from an index of two years; nothing is written")
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(grow),
    ]
}

/// The change of one county and class, or of all; amounts in yuan.
#[derive(Serialize, ToSchema)]
pub(super) struct EffectCell {
    /// The county's division, as its code, with its name; none for all.
    place: Option<i64>,
    place_name: Option<String>,
    /// The class's code; none for all.
    class: Option<&'static str>,
    /// How many children it touches.
    heads: u64,
    /// What the pay month costs for them without it.
    before: String,
    /// What it costs with it.
    after: String,
    /// The difference.
    more: String,
    /// What the months before the pay month bring, paid back with its run.
    arrears: String,
    /// What the months from the pay month through December cost more.
    to_year_end: String,
}

impl EffectCell {
    /// All that changes, in one cell and by county and class.
    pub(super) fn all(
        weighing: &Weighing,
        names: &PlaceNames,
    ) -> Result<(Self, Vec<Self>), MoneyError> {
        let cells = weighing.effect.cells.iter();
        let cells = cells
            .map(|((county, class), cell)| Self::of(Some((*county, class.code(), names)), cell));
        let total = Self::of(None, &weighing.total)?;
        Ok((total, cells.collect::<Result<_, _>>()?))
    }

    fn of(
        of: Option<(Division, &'static str, &PlaceNames)>,
        cell: &Cell,
    ) -> Result<Self, MoneyError> {
        let after = cell.cost.checked_add(cell.monthly)?;
        Ok(Self {
            place: of.map(|(county, ..)| county.code()),
            place_name: of.map(|(county, _, names)| names.of(county)),
            class: of.map(|(_, class, _)| class),
            heads: cell.heads,
            before: cell.cost.to_string(),
            after: after.to_string(),
            more: cell.monthly.to_string(),
            arrears: cell.arrears.to_string(),
            to_year_end: cell.to_year_end.to_string(),
        })
    }
}

/// What a rate would bring.
#[derive(Serialize, ToSchema)]
struct StandardEffect {
    /// The rate without it, in yuan; none where there is none.
    rate_before: Option<String>,
    /// The document of that rate.
    cite_before: Option<String>,
    /// The rate with it.
    rate_after: String,
    /// How much it rises, in per cent with one decimal; none where there was no rate.
    rise: Option<String>,
    /// The month whose run pays the arrears.
    pay_month: String,
    /// All children together.
    total: EffectCell,
    /// By county and class.
    cells: Vec<EffectCell>,
}

/// Per cent with one decimal.
pub(super) fn percent(rise: Rise) -> Option<String> {
    let tenths = rise.tenths()?;
    let (sign, plain) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    Some(format!("{sign}{}.{}", plain / 10, plain % 10))
}

impl StandardEffect {
    fn of(weighing: &Weighing, names: &PlaceNames) -> Result<Self, MoneyError> {
        let (total, cells) = EffectCell::all(weighing, names)?;
        let rate = weighing.rates.first();
        let before = rate.and_then(|rate| rate.before.as_ref());
        Ok(Self {
            rate_before: before.map(|rate| rate.monthly.to_string()),
            cite_before: before.map(|rate| rate.cite.clone()),
            rate_after: rate.map_or(Money::ZERO, |rate| rate.after).to_string(),
            rise: rate.and_then(TriedRate::rise).and_then(percent),
            pay_month: weighing.pay_month.to_string(),
            total,
            cells,
        })
    }
}

/// The names of the counties in which something changes.
pub(super) async fn counties_of(
    work: &mut Work,
    weighing: &Weighing,
) -> Result<PlaceNames, StoreError> {
    let counties = weighing.effect.cells.keys().map(|(county, _)| *county);
    let counties: Vec<Division> = counties.collect();
    place_names(work, &counties).await
}

async fn weigh(caller: Caller, At(id): At<StandardId>) -> Result<Answer<StandardEffect>, Problem> {
    let mut work = caller.work().await?;
    let weighing = app::allowances::weigh_standard(&mut work, id).await;
    let weighing = weighing.map_err(standard_problem)?;
    let names = counties_of(&mut work, &weighing).await?;
    work.commit().await?;
    let effect = StandardEffect::of(&weighing, &names);
    Ok(Answer(
        effect.map_err(|error| standard_problem(error.into()))?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WantedGrowth {
    /// The class's code.
    class: String,
    /// The place, as its division's code.
    place: i64,
    /// The first month of the next rate, such as `2022-01`.
    from: String,
    /// The index of the year before, in yuan.
    before: String,
    /// The index of the year, in yuan.
    after: String,
}

/// What the growth mechanism proposes.
#[derive(Serialize, ToSchema)]
struct GrowthView {
    /// The rate in force, in yuan.
    current: String,
    /// The next rate, in yuan.
    next: String,
    /// How much it rises, in per cent with one decimal.
    rise: Option<String>,
    /// What it follows: `resident_consumption minimum_living`.
    index: &'static str,
    /// What it is a multiple of, in yuan, and where amounts between go: `down nearest up`.
    step: String,
    rounding: &'static str,
    /// The document of the mechanism, and whether it is verified.
    cite: String,
    verified: bool,
}

impl GrowthView {
    fn of(grown: Grown) -> Self {
        let Grown {
            current,
            rule,
            next,
        } = grown;
        let rise = Rise {
            before: current.monthly,
            after: next,
        };
        Self {
            current: current.monthly.to_string(),
            next: next.to_string(),
            rise: percent(rise),
            index: rule.value.index.code(),
            step: rule.value.step.to_string(),
            rounding: rule.value.rounding.code(),
            cite: rule.cite,
            verified: rule.verified,
        }
    }
}

async fn grow(
    caller: Caller,
    Asked(wanted): Asked<WantedGrowth>,
) -> Result<Answer<GrowthView>, Problem> {
    let order = GrowthOrder {
        class: class(&wanted.class)?,
        place: place(wanted.place)?,
        from: month(&wanted.from, "from")?,
        before: yuan(&wanted.before, "before")?,
        after: yuan(&wanted.after, "after")?,
    };
    let mut work = caller.work().await?;
    let grown = app::allowances::grow_rate(&mut work, order).await;
    let grown = grown.map_err(standard_problem)?;
    work.commit().await?;
    Ok(Answer(GrowthView::of(grown)))
}
