//! `GET /api/allowances/what-if`: what rates would bring that somebody only tries out.

use app::allowances::{TriedRate, Weighing, WhatIfOrder};
use kernel::category::Category;
use kernel::money::{Money, MoneyError};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::organisation::PlaceNames;
use utoipa::{IntoParams, ToSchema};

use super::problem::month;
use super::standard_acts::{place, yuan};
use super::standards::standard_problem;
use super::weigh::{EffectCell, counties_of, percent};
use crate::operation::{Answer, Asked, Caller, Operation};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("allowances.what_if", "/api/allowances/what-if")
            .needs(Action::WeighStandard)
            .summary("Try rates out over the children within reach that are not sealed: heads, cost a month and to the year's end, against today; nothing is written")
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(what_if),
    ]
}

/// Rates to try out, in yuan a month; classes that are left out keep theirs.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct TriedRates {
    /// The place, as its division's code, within the unit's own.
    place: i64,
    /// The first month, such as `2022-01`.
    from: String,
    institution_orphan: Option<String>,
    scattered_orphan: Option<String>,
    aids_affected: Option<String>,
    de_facto_unattended: Option<String>,
    key_hardship: Option<String>,
}

impl TriedRates {
    fn order(&self) -> Result<WhatIfOrder, Problem> {
        let typed = [
            (Category::InstitutionOrphan, &self.institution_orphan),
            (Category::ScatteredOrphan, &self.scattered_orphan),
            (Category::AidsAffected, &self.aids_affected),
            (Category::DeFactoUnattended, &self.de_facto_unattended),
            (Category::KeyHardship, &self.key_hardship),
        ];
        let mut rates: Vec<(Category, Money)> = Vec::new();
        for (class, amount) in typed {
            if let Some(amount) = amount {
                rates.push((class, yuan(amount, class.code())?));
            }
        }
        if rates.is_empty() {
            return Err(Problem::from(Kind::Invalid).with("field", "rates"));
        }
        Ok(WhatIfOrder {
            place: place(self.place)?,
            from: month(&self.from, "from")?,
            rates,
        })
    }
}

/// A rate that is tried out, beside the one of its place that it would take over from.
#[derive(Serialize, ToSchema)]
struct TriedRateView {
    /// The class's code.
    class: &'static str,
    /// The rate without it, in yuan; none where there is none.
    before: Option<String>,
    /// The document of that rate, and whether it was verified.
    cite: Option<String>,
    verified: Option<bool>,
    /// The rate with it.
    after: String,
    /// How much it rises, in per cent with one decimal; none where there was no rate.
    rise: Option<String>,
}

impl TriedRateView {
    fn of(rate: &TriedRate) -> Self {
        let before = rate.before.as_ref();
        Self {
            class: rate.class.code(),
            before: before.map(|rate| rate.monthly.to_string()),
            cite: before.map(|rate| rate.cite.clone()),
            verified: before.map(|rate| rate.verified),
            after: rate.after.to_string(),
            rise: rate.rise().and_then(percent),
        }
    }
}

/// What a month costs all children, touched or not, in yuan.
#[derive(Serialize, ToSchema)]
struct SpentView {
    /// The month.
    month: String,
    /// By the rates of now.
    before: String,
    /// By those tried out.
    after: String,
}

/// What rates would bring.
#[derive(Serialize, ToSchema)]
struct WhatIfView {
    /// The rates, in the order of their classes.
    rates: Vec<TriedRateView>,
    /// The month whose run would pay the arrears, and with which `months` begins.
    pay_month: String,
    /// How many children are paid for it, touched or not.
    heads: u64,
    /// What each month from it through December costs.
    months: Vec<SpentView>,
    /// What they cost together, now and with the rates, and the difference.
    year_before: String,
    year_after: String,
    year_more: String,
    /// All that changes together.
    total: EffectCell,
    /// By county and class.
    cells: Vec<EffectCell>,
}

impl WhatIfView {
    fn of(weighing: &Weighing, names: &PlaceNames) -> Result<Self, MoneyError> {
        let outlook = &weighing.effect.outlook;
        let (before, after) = outlook.to_year_end()?;
        let (total, cells) = EffectCell::all(weighing, names)?;
        let months = outlook.months.iter().map(|spent| SpentView {
            month: spent.month.to_string(),
            before: spent.before.to_string(),
            after: spent.after.to_string(),
        });
        Ok(Self {
            rates: weighing.rates.iter().map(TriedRateView::of).collect(),
            pay_month: weighing.pay_month.to_string(),
            heads: outlook.heads,
            months: months.collect(),
            year_more: after.checked_sub(before)?.to_string(),
            year_before: before.to_string(),
            year_after: after.to_string(),
            total,
            cells,
        })
    }
}

async fn what_if(
    caller: Caller,
    Asked(tried): Asked<TriedRates>,
) -> Result<Answer<WhatIfView>, Problem> {
    let order = tried.order()?;
    let mut work = caller.work().await?;
    let weighing = app::allowances::what_if(&mut work, &order).await;
    let weighing = weighing.map_err(standard_problem)?;
    let names = counties_of(&mut work, &weighing).await?;
    work.commit().await?;
    let view = WhatIfView::of(&weighing, &names);
    Ok(Answer(
        view.map_err(|error| standard_problem(error.into()))?,
    ))
}
