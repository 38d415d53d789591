//! `/api/allowances/batches/{id}/recoveries`: what is owed back, and what an officer confirmed of it.

use domain::registry::Hidden;
use kernel::ids::BatchId;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::allowances::Recovery;
use utoipa::ToSchema;
use uuid::Uuid;

use super::pay_problem::pay_problem;
use crate::operation::{Answer, At, Caller, Created, Once, Operation, Page, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "allowances.recoveries",
            "/api/allowances/batches/{id}/recoveries",
        )
        .needs(Action::ReviewMonth)
        .summary("List the negative lines of a batch, and which of them are confirmed")
        .handled_by(list),
        Operation::post(
            "allowances.confirm_recovery",
            "/api/allowances/batches/{id}/recoveries",
        )
        .needs(Action::ReviewMonth)
        .summary("Confirm that a line is recovered, with a reason and the notice to the guardian")
        .answers_problems(&[Kind::Conflict])
        .handled_by(confirm),
    ]
}

/// A negative line.
#[derive(Serialize, ToSchema)]
struct PayRecoveryView {
    /// Its number in its pay month.
    number: i32,
    child: Uuid,
    name: String,
    /// `guardian home`.
    payee: &'static str,
    /// The month it is for.
    for_month: String,
    /// What is owed, in yuan.
    amount: String,
    /// When it was confirmed; none while it is proposed.
    confirmed_at: Option<jiff::Timestamp>,
    reason: Option<String>,
    notice: Option<String>,
}

impl PayRecoveryView {
    fn of(recovery: Recovery) -> Self {
        let shown = |text: &Option<Hidden>| text.as_ref().map(|text| text.reveal().to_owned());
        let confirmed = recovery.confirmed.as_ref();
        Self {
            number: recovery.number,
            child: recovery.child.uuid(),
            payee: recovery.payee.code(),
            for_month: recovery.for_month.to_string(),
            amount: recovery.amount.to_string(),
            confirmed_at: confirmed.map(|confirmed| confirmed.at),
            reason: confirmed.and_then(|confirmed| shown(&confirmed.reason)),
            notice: confirmed.and_then(|confirmed| shown(&confirmed.notice)),
            name: recovery.name,
        }
    }
}

/// What is confirmed of a line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecoveryEntry {
    /// The number of the line in its pay month.
    number: i32,
    /// Why it is recovered.
    reason: String,
    /// The words of the notice.
    notice: String,
}

async fn list(
    caller: Caller,
    At(id): At<BatchId>,
) -> Result<Answer<Page<PayRecoveryView>>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::recoveries_of(&mut work, id).await;
    let found = found.map_err(pay_problem)?;
    work.commit().await?;
    Ok(Answer(Page::whole(
        found.into_iter().map(PayRecoveryView::of),
    )))
}

async fn confirm(
    caller: Caller,
    At(id): At<BatchId>,
    once: Once,
    Sent(sent): Sent<RecoveryEntry>,
) -> Result<Created, Problem> {
    let (reason, notice) = (Hidden::new(sent.reason), Hidden::new(sent.notice));
    let work = caller.work().await?;
    once.create(work, async |work| {
        let line = (id, sent.number);
        let id = app::allowances::confirm_recovery(work, line, &reason, &notice).await;
        let id = id.map_err(pay_problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}
