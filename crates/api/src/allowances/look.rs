//! `GET /api/allowances/batches/{id}`: what a batch comes to, how it differs from the one before, its exceptions first.

use app::allowances::{BatchLook, Funded};
use kernel::ids::BatchId;
use kernel::roles::Action;
use serde::Serialize;
use store::allowances::{BatchPart, Differing, NamedException};
use store::work::Work;
use utoipa::ToSchema;
use uuid::Uuid;

use super::batches::BatchRow;
use super::problem::problem;
use crate::operation::{Answer, At, Caller, Operation};
use crate::problem::Problem;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("allowances.batch", "/api/allowances/batches/{id}")
            .needs(Action::ViewMonth)
            .summary("Look at a batch: its exceptions, its totals, and why it differs from the one before")
            .handled_by(look),
    ]
}

/// A part of a batch.
#[derive(Serialize, ToSchema)]
struct PartView {
    /// The town's division, as its code; none in a sealed batch.
    place: Option<i64>,
    place_name: Option<String>,
    /// The class's code; none for months without one, and in a sealed batch.
    class: Option<&'static str>,
    /// `regular arrears recovery`.
    kind: &'static str,
    /// `guardian home`.
    payee: &'static str,
    lines: i64,
    children: i64,
    /// In yuan.
    amount: String,
}

impl PartView {
    fn of(part: BatchPart) -> Self {
        let (place, place_name) = part.place.unzip();
        Self {
            place,
            place_name,
            class: part.class.map(|class| class.code()),
            kind: part.kind.code(),
            payee: part.payee.code(),
            lines: part.lines,
            children: part.children,
            amount: part.amount.to_string(),
        }
    }
}

/// A part of the difference to the batch before.
#[derive(Serialize, ToSchema)]
struct DifferenceView {
    /// `new ended class amount arrears recovery`.
    code: &'static str,
    children: i64,
    /// In yuan, with its sign.
    amount: String,
}

impl DifferenceView {
    fn of(part: Differing) -> Self {
        Self {
            code: part.difference.code(),
            children: part.children,
            amount: part.amount.to_string(),
        }
    }
}

/// Months of a child about which nothing could be said.
#[derive(Serialize, ToSchema)]
struct ExceptionView {
    child: Uuid,
    name: String,
    file_number: String,
    /// `no_rate no_birth`.
    code: &'static str,
    /// The first month.
    from: String,
    /// The last.
    through: String,
}

impl ExceptionView {
    fn of(named: NamedException) -> Self {
        Self {
            child: named.unsaid.child.uuid(),
            code: named.unsaid.code.code(),
            from: named.unsaid.from.to_string(),
            through: named.unsaid.through.to_string(),
            name: named.name,
            file_number: named.file_number,
        }
    }
}

/// What a level of government pays of a batch.
#[derive(Serialize, ToSchema)]
struct FundingPartView {
    /// `central_and_province city county`.
    level: &'static str,
    /// Per cent.
    percent: u8,
    /// In yuan; less than nothing where more is taken back than paid.
    amount: String,
}

/// A batch by the levels of government that pay it.
#[derive(Serialize, ToSchema)]
struct FundingView {
    /// The heading of the budget, by its code and its name.
    budget_code: String,
    budget_name: String,
    /// What sets the shares, and whether that was verified.
    cite: String,
    verified: bool,
    /// The parts, from above; they add up to the batch.
    parts: Vec<FundingPartView>,
}

impl FundingView {
    fn of(funded: Funded) -> Self {
        let Funded { rule, parts } = funded;
        let parts = parts.into_iter().map(|(level, amount)| FundingPartView {
            level: level.code(),
            percent: rule.value.percent(level),
            amount: amount.to_string(),
        });
        Self {
            parts: parts.collect(),
            budget_code: rule.value.budget_code,
            budget_name: rule.value.budget_name,
            cite: rule.cite,
            verified: rule.verified,
        }
    }
}

/// A batch and what it comes to.
#[derive(Serialize, ToSchema)]
struct BatchView {
    batch: BatchRow,
    /// By what was known when.
    known_at: jiff::Timestamp,
    /// By which rules.
    rulebook: String,
    /// The hash of its lines, which an approval signs.
    hash: String,
    /// What nothing could be said about, of children within reach.
    exceptions: Vec<ExceptionView>,
    /// 本季未确认: how many of its children nobody has confirmed for the quarter of its month, for whoever reviews it. It stops
    /// nothing.
    unconfirmed: Option<i64>,
    /// By town, class, kind and payee.
    parts: Vec<PartView>,
    /// The unit's batch before it.
    former: Option<BatchRow>,
    /// What makes the two differ; the parts add up to the difference.
    differences: Vec<DifferenceView>,
    /// What it comes to by the levels of government that pay it; none where the rules do not say.
    funding: Option<FundingView>,
}

impl BatchView {
    fn of(look: BatchLook, work: &Work) -> Self {
        let bytes = look.batch.hash.iter();
        Self {
            known_at: look.batch.known_at,
            rulebook: look.batch.rulebook.clone(),
            hash: bytes.map(|byte| format!("{byte:02x}")).collect(),
            exceptions: look.exceptions.into_iter().map(ExceptionView::of).collect(),
            unconfirmed: look.unconfirmed,
            parts: look.parts.into_iter().map(PartView::of).collect(),
            former: look
                .former
                .as_ref()
                .map(|former| BatchRow::of(former, work)),
            differences: look
                .differences
                .into_iter()
                .map(DifferenceView::of)
                .collect(),
            funding: look.funding.map(FundingView::of),
            batch: BatchRow::of(&look.batch, work),
        }
    }
}

async fn look(caller: Caller, At(id): At<BatchId>) -> Result<Answer<BatchView>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::look(&mut work, id)
        .await
        .map_err(problem)?;
    let view = BatchView::of(found, &work);
    work.commit().await?;
    Ok(Answer(view))
}
