//! `GET /api/allowances/children/{id}/statement`: what a child was paid, line by line, each with its reason and its document.

use kernel::ids::ChildId;
use kernel::money::Money;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::allowances::StatementLine;
use utoipa::{IntoParams, ToSchema};

use super::problem::problem;
use crate::operation::{Answer, Asked, At, Caller, Operation, Page};
use crate::problem::{Kind, Problem};
use crate::registry::purpose;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "allowances.statement",
            "/api/allowances/children/{id}/statement",
        )
        .needs(Action::OpenChild)
        .summary("Read a child's statement: every line with its reason and the document behind it")
        .answers_problems(&[Kind::Invalid])
        .handled_by(statement),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct StatementWanted {
    /// What it is read for, 1 to 200 characters; the journal keeps it.
    purpose: String,
}

/// A line of a statement.
#[derive(Serialize, ToSchema)]
struct StatementRow {
    /// The month whose batch pays it.
    pay_month: String,
    /// The month it is for.
    for_month: String,
    /// The stage of its batch.
    stage: &'static str,
    /// `guardian home`.
    payee: &'static str,
    /// `regular arrears recovery`.
    kind: &'static str,
    /// The class's code.
    class: Option<&'static str>,
    /// The difference, in yuan.
    amount: String,
    /// What is due for the month, in yuan.
    due: String,
    /// What was committed before, in yuan.
    paid: String,
    /// What made the line, in Chinese and in English.
    reason_zh: String,
    reason_en: String,
    /// The document behind it.
    cite: String,
}

impl StatementRow {
    fn of(line: StatementLine) -> Self {
        let paid = line.due.checked_sub(line.amount).unwrap_or(Money::ZERO);
        Self {
            pay_month: line.pay_month.to_string(),
            for_month: line.for_month.to_string(),
            stage: line.stage.code(),
            payee: line.payee.code(),
            kind: line.kind.code(),
            class: line.class.map(|class| class.code()),
            amount: line.amount.to_string(),
            due: line.due.to_string(),
            paid: paid.to_string(),
            reason_zh: line.reason.zh,
            reason_en: line.reason.en,
            cite: line.reason.cite,
        }
    }
}

async fn statement(
    caller: Caller,
    At(id): At<ChildId>,
    Asked(wanted): Asked<StatementWanted>,
) -> Result<Answer<Page<StatementRow>>, Problem> {
    let mut work = caller.begin(purpose(&wanted.purpose)?).await?;
    let lines = app::allowances::read_statement(&mut work, id).await;
    let lines = lines.map_err(problem)?;
    work.commit().await?;
    Ok(Answer(Page::whole(lines.into_iter().map(StatementRow::of))))
}
