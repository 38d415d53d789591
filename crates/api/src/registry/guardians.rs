//! `/api/registry/children/{id}/guardians`: who answers for a child, and when.

use app::registry::{GuardianCorrection, NewGuardian};
use domain::registry::Hidden;
use jiff::civil::Date;
use kernel::ids::{ChildId, GuardianId};
use kernel::roles::Action;
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::problem;
use super::stated::{hidden, stated};
use crate::operation::{At, Caller, Created, Done, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post(
            "registry.enter_guardian",
            "/api/registry/children/{id}/guardians",
        )
        .needs(Action::EditChild)
        .summary("Enter a guardian; the present one ends on that day")
        .answers_problems(&[Kind::Conflict])
        .handled_by(enter),
        Operation::patch(
            "registry.correct_guardian",
            "/api/registry/children/{id}/guardians/{guardian}",
        )
        .needs(Action::EditChild)
        .summary("Put right what was entered wrong about a guardian")
        .answers_problems(&[Kind::Conflict])
        .handled_by(correct),
        Operation::post(
            "registry.end_guardian",
            "/api/registry/children/{id}/guardians/{guardian}/end",
        )
        .needs(Action::EditChild)
        .summary("End a guardianship")
        .answers_problems(&[Kind::Conflict])
        .handled_by(end),
    ]
}

/// A guardian to enter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GuardianEntry {
    name: String,
    /// How related to the child, in words.
    relation: Option<String>,
    resident_id: Option<String>,
    /// Several are divided by a slash.
    phone: Option<String>,
    /// The first day.
    from: Date,
}

async fn enter(
    caller: Caller,
    At(child): At<ChildId>,
    once: Once,
    Sent(sent): Sent<GuardianEntry>,
) -> Result<Created, Problem> {
    let new = NewGuardian {
        name: sent.name,
        relation: sent.relation,
        resident_id: sent.resident_id.map(Hidden::new),
        phone: sent.phone.map(Hidden::new),
        from: sent.from,
    };
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::registry::enter_guardian(work, child, new).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

/// What is put right. A field left out stays; null empties it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GuardianChange {
    name: Option<String>,
    /// How related to the child, in words.
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    relation: Option<Option<String>>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    resident_id: Option<Option<String>>,
    /// Several are divided by a slash.
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    /// The first day.
    from: Option<Date>,
}

async fn correct(
    caller: Caller,
    At((child, guardian)): At<(ChildId, GuardianId)>,
    Sent(sent): Sent<GuardianChange>,
) -> Result<Done, Problem> {
    let right = GuardianCorrection {
        name: sent.name,
        relation: sent.relation,
        resident_id: hidden(sent.resident_id),
        phone: hidden(sent.phone),
        from: sent.from,
    };
    let mut work = caller.work().await?;
    let corrected = app::registry::correct_guardian(&mut work, child, guardian, right).await;
    corrected.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}

/// When something ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ending {
    /// The first day on which it no longer holds.
    pub(super) to: Date,
}

async fn end(
    caller: Caller,
    At((child, guardian)): At<(ChildId, GuardianId)>,
    Sent(ending): Sent<Ending>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let ended = app::registry::end_guardian(&mut work, child, guardian, ending.to).await;
    ended.map_err(problem)?;
    work.commit().await?;
    Ok(Done)
}
