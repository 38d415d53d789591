//! `POST /api/allowances/files/{id}/returns`: the bank's answer to a file, entered whole or not at all.

use kernel::ids::BankFileId;
use kernel::roles::Action;

use super::pay_problem::pay_problem;
use crate::operation::{At, Caller, Created, Once, Operation, SentFile};
use crate::problem::{Kind, Problem};

/// An answer of a million lines fits.
const LARGEST: usize = 128 << 20;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(
            "allowances.enter_return",
            "/api/allowances/files/{id}/returns",
        )
        .needs(Action::ReleaseMonth)
        .summary("Enter the bank's answer to a file: what was paid, and what came back and why")
        .body_limit(LARGEST)
        .answers_problems(&[Kind::Conflict, Kind::Reauthenticate])
        .handled_by(enter),
    ]
}

async fn enter(
    caller: Caller,
    At(id): At<BankFileId>,
    once: Once,
    SentFile(content): SentFile,
) -> Result<Created, Problem> {
    let work = caller.proved(caller.work().await?).await?;
    once.create(work, async |work| {
        let id = app::allowances::enter_return(work, id, "", &content).await;
        let id = id.map_err(pay_problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}
