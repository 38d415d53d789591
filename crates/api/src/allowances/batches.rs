//! `GET /api/allowances/batches`: what the units within reach pay, the latest month first.

use domain::allowances::BatchAct;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::allowances::Batch;
use store::work::Work;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::{month, problem};
use crate::operation::{Answer, Asked, Caller, Operation, Page};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("allowances.batches", "/api/allowances/batches")
            .needs(Action::ViewMonth)
            .summary("List the batches of a month, or of all months, the latest first")
            .answers_problems(&[Kind::Invalid])
            .handled_by(list),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WantedBatches {
    /// The pay month, such as `2021-11` [default: all].
    month: Option<String>,
}

/// A batch in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct BatchRow {
    id: Uuid,
    /// The pay month.
    month: String,
    /// The unit that pays.
    unit: String,
    /// Whether it is the unit's sealed batch.
    sealed: bool,
    /// `prepared reviewed approved released settled closed`.
    stage: &'static str,
    lines: i32,
    children: i32,
    /// Stretches of months about which nothing could be said.
    exceptions: i32,
    /// The sum of the payments, in yuan.
    paid: String,
    /// The sum of the recoveries, in yuan; 0.00 or less.
    recovered: String,
    version: i32,
    /// What this caller may do with it now: `review approve release settle close`.
    acts: Vec<&'static str>,
}

impl BatchRow {
    pub(super) fn of(batch: &Batch, work: &Work) -> Self {
        let may = |act: &BatchAct| {
            let by = act.by(work.officer(), work.role(), batch.stage, batch.hands);
            batch.unit == work.unit() && by.is_ok()
        };
        Self {
            id: batch.id.uuid(),
            month: batch.month.to_string(),
            unit: batch.unit_name.clone(),
            sealed: batch.sealed,
            stage: batch.stage.code(),
            lines: batch.lines,
            children: batch.children,
            exceptions: batch.exceptions,
            paid: batch.paid.to_string(),
            recovered: batch.recovered.to_string(),
            version: batch.version,
            acts: BatchAct::ALL
                .iter()
                .filter(|act| may(act))
                .map(|act| act.code())
                .collect(),
        }
    }
}

async fn list(
    caller: Caller,
    Asked(wanted): Asked<WantedBatches>,
) -> Result<Answer<Page<BatchRow>>, Problem> {
    let of_month = wanted.month.as_deref();
    let of_month = of_month.map(|text| month(text, "month")).transpose()?;
    let mut work = caller.work().await?;
    let found = app::allowances::months(&mut work, of_month).await;
    let found = found.map_err(problem)?;
    let rows: Vec<BatchRow> = found
        .iter()
        .map(|batch| BatchRow::of(batch, &work))
        .collect();
    work.commit().await?;
    Ok(Answer(Page::whole(rows)))
}
