//! `GET /api/allowances/batches/{id}/disclosure`: the table of a month that a bureau publishes.

use kernel::ids::BatchId;
use kernel::roles::Action;

use super::problem::problem;
use crate::operation::{At, Caller, Download, Operation};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "allowances.publish",
            "/api/allowances/batches/{id}/disclosure",
        )
        .needs(Action::ViewMonth)
        .summary("Take the table of an approved month as it is published; it tells of no child")
        .answers_problems(&[Kind::Conflict])
        .handled_by(publish),
    ]
}

async fn publish(caller: Caller, At(id): At<BatchId>) -> Result<Download, Problem> {
    let mut work = caller.work().await?;
    let published = app::allowances::publish(&mut work, id).await;
    let (name, bytes) = published.map_err(problem)?;
    work.commit().await?;
    Ok(Download {
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".into(),
        name,
        bytes,
    })
}
