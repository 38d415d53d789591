//! `POST /api/allowances/batches`: a month is prepared.

use app::allowances::MonthOrder;
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::{month, problem};
use crate::operation::{Caller, Created, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("allowances.prepare", "/api/allowances/batches")
            .needs(Action::PrepareMonth)
            .summary("Prepare the own unit's batch of a month; one that is there already is answered as it is")
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(prepare),
    ]
}

/// What is to be prepared.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MonthEntry {
    /// The pay month, such as `2021-11`.
    month: String,
    /// Whether it is the sealed batch [default: false].
    #[serde(default)]
    sealed: bool,
    /// With the unit's first batch: from which month on this installation pays [default: the pay month].
    begins: Option<String>,
}

async fn prepare(
    caller: Caller,
    once: Once,
    Sent(sent): Sent<MonthEntry>,
) -> Result<Created, Problem> {
    let begins = sent.begins.as_deref();
    let order = MonthOrder {
        month: month(&sent.month, "month")?,
        sealed: sent.sealed,
        begins: begins.map(|text| month(text, "begins")).transpose()?,
    };
    let work = caller.work().await?;
    once.create(work, async |work| {
        let prepared = app::allowances::prepare_month(work, order).await;
        let batch = prepared.map_err(problem)?.batch;
        Ok(Created {
            id: batch.id.uuid(),
            version: batch.version,
        })
    })
    .await
}
