//! `/api/allowances/batches/{id}/money` and `/api/allowances/claims`: where the money of a batch is, and what waits.

use kernel::ids::{BatchId, ClaimId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::allowances::{AccountOf, Claim, ClaimState, ClaimSum};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::pay_problem::pay_problem;
use crate::operation::{Answer, Asked, At, Caller, Operation, Page};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("allowances.money", "/api/allowances/batches/{id}/money")
            .needs(Action::ViewMonth)
            .summary("Reconcile a batch: what is set off, held, under way, paid and returned")
            .handled_by(money),
        Operation::get("allowances.claims", "/api/allowances/claims")
            .needs(Action::ReviewMonth)
            .summary("List claims within reach, such as those held for want of an account")
            .answers_problems(&[Kind::Invalid])
            .handled_by(list),
        Operation::get(
            "allowances.claim_children",
            "/api/allowances/claims/{id}/children",
        )
        .needs(Action::ReviewMonth)
        .summary("List the children whom a home's claim is for")
        .handled_by(children),
    ]
}

/// Claims of a state.
#[derive(Serialize, ToSchema)]
struct SumView {
    count: i32,
    /// In yuan.
    amount: String,
}

impl From<ClaimSum> for SumView {
    fn from(sum: ClaimSum) -> Self {
        Self {
            count: sum.count,
            amount: sum.amount.to_string(),
        }
    }
}

/// Where the money of a batch is; amounts in yuan.
#[derive(Serialize, ToSchema)]
struct MoneyView {
    /// What its lines pay, and what they take back.
    paid_lines: String,
    recovered_lines: String,
    /// How much of the latter is confirmed.
    confirmed: String,
    /// What its claims come to before anything is set off, and what is.
    payable: String,
    offset: String,
    claims: i32,
    ready: SumView,
    held: SumView,
    sent: SumView,
    paid: SumView,
    returned: SumView,
    /// Claims of which the bank has yet to say something for the first time.
    unanswered: i32,
    /// Whether all this is the same money.
    adds_up: bool,
}

async fn money(caller: Caller, At(id): At<BatchId>) -> Result<Answer<MoneyView>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::reconcile(&mut work, id).await;
    let found = found.map_err(pay_problem)?;
    work.commit().await?;
    let money = found.money;
    Ok(Answer(MoneyView {
        paid_lines: found.batch.paid.to_string(),
        recovered_lines: found.batch.recovered.to_string(),
        confirmed: money.confirmed.to_string(),
        payable: money.payable.to_string(),
        offset: money.offset.to_string(),
        claims: money.claims,
        ready: money.ready.into(),
        held: money.held.into(),
        sent: money.sent.into(),
        paid: money.paid.into(),
        returned: money.returned.into(),
        unanswered: money.unanswered,
        adds_up: found.adds_up,
    }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WantedClaims {
    /// Of this batch [default: all].
    batch: Option<Uuid>,
    /// `nothing held ready sent paid returned` [default: any].
    state: Option<String>,
}

/// A claim.
#[derive(Serialize, ToSchema)]
struct ClaimView {
    id: Uuid,
    batch: Uuid,
    child: Option<Uuid>,
    home: Option<Uuid>,
    name: String,
    /// In yuan.
    payable: String,
    offset: String,
    amount: String,
    state: &'static str,
    /// How often the bank returned it, its last code and words.
    returns: i32,
    code: Option<String>,
    reason: Option<String>,
}

impl ClaimView {
    fn of(claim: Claim) -> Self {
        let (child, home) = match claim.of {
            AccountOf::Child(child) => (Some(child.uuid()), None),
            AccountOf::Home(home) => (None, Some(home.uuid())),
        };
        let (code, reason) = claim.failure.unzip();
        Self {
            id: claim.id.uuid(),
            batch: claim.batch.uuid(),
            child,
            home,
            name: claim.name,
            payable: claim.payable.to_string(),
            offset: claim.offset.to_string(),
            amount: claim.amount.to_string(),
            state: claim.state.code(),
            returns: claim.returns,
            code,
            reason,
        }
    }
}

async fn list(
    caller: Caller,
    Asked(wanted): Asked<WantedClaims>,
) -> Result<Answer<Page<ClaimView>>, Problem> {
    let state = wanted.state.as_deref().map(ClaimState::from_code);
    let Some(state) = state.map_or(Some(None), |found| found.map(Some)) else {
        return Err(Problem::from(Kind::Invalid).with("field", "state"));
    };
    let batch = wanted.batch.map(BatchId::from_uuid);
    let mut work = caller.work().await?;
    let found = app::allowances::list_claims(&mut work, batch, state).await;
    let found = found.map_err(pay_problem)?;
    work.commit().await?;
    Ok(Answer(Page::whole(found.into_iter().map(ClaimView::of))))
}

/// A child of a home's claim.
#[derive(Serialize, ToSchema)]
struct ClaimChildView {
    child: Uuid,
    name: String,
    /// In yuan.
    payable: String,
}

async fn children(
    caller: Caller,
    At(id): At<ClaimId>,
) -> Result<Answer<Page<ClaimChildView>>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::children_of_claim(&mut work, id).await;
    let found = found.map_err(pay_problem)?;
    work.commit().await?;
    let view = |child: store::allowances::ClaimChild| ClaimChildView {
        child: child.child.uuid(),
        name: child.name,
        payable: child.payable.to_string(),
    };
    Ok(Answer(Page::whole(found.into_iter().map(view))))
}
