//! `POST /api/registry/children`, `PATCH /api/registry/children/{id}`, `POST …/reveal`: a file, written and shown.

use app::registry::{FileEdit, NewChild, Secret};
use domain::registry::Relation;
use jiff::civil::Date;
use kernel::ids::{ChildId, GuardianId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::{category, division, invalid, problem, purpose};
use super::stated::stated;
use crate::operation::{Answer, At, Caller, Created, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("registry.register", "/api/registry/children")
            .needs(Action::RegisterChild)
            .summary("Open a file for a child not yet known")
            .answers_problems(&[Kind::Conflict])
            .handled_by(register),
        Operation::patch("registry.edit", "/api/registry/children/{id}")
            .needs(Action::EditChild)
            .summary("Change fields of a child's file, read at a version")
            .answers_problems(&[Kind::Conflict, Kind::Stale])
            .handled_by(edit),
        Operation::post("registry.reveal", "/api/registry/children/{id}/reveal")
            .needs(Action::RevealSecret)
            .summary("Show one secret of a file in full, which the journal keeps")
            .answers_problems(&[Kind::Conflict, Kind::Reauthenticate])
            .handled_by(reveal),
    ]
}

/// A child to register. Its further fields are those of an edit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChildRegistration {
    name: String,
    /// The household's division, as its code.
    household: i64,
    /// Further fields by name: `sex birth resident_id national_number ethnicity address school school_stage boarding
    /// health disability_kind disability_level illness bank_name bank_account note`.
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    /// The code of the class it enters with.
    category: Option<String>,
    /// The first day of that class; today without it.
    from: Option<Date>,
}

async fn register(
    caller: Caller,
    once: Once,
    Sent(sent): Sent<ChildRegistration>,
) -> Result<Created, Problem> {
    let today = caller.store().clock().today();
    let class = sent.category.as_deref().map(|c| category("category", c));
    let from = sent.from.unwrap_or(today);
    let new = NewChild {
        name: sent.name,
        household: division("household", sent.household)?,
        fields: sent.fields,
        status: class.transpose()?.map(|class| (class, from)),
    };
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::registry::register(work, &new).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

/// Fields that change; null empties one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChildEdit {
    /// The version that was read.
    version: i32,
    /// The fields by name, as in a registration, `name` and `household` among them.
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    /// Where the child lives, as the division's code, or null for its household; left out, it stays.
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<i64>)]
    residence: Option<Option<i64>>,
}

/// A file's new version.
#[derive(Serialize, ToSchema)]
struct NewVersion {
    /// To be sent with the next change.
    version: i32,
}

async fn edit(
    caller: Caller,
    At(child): At<ChildId>,
    Sent(sent): Sent<ChildEdit>,
) -> Result<Answer<NewVersion>, Problem> {
    let residence = match sent.residence {
        Some(Some(code)) => Some(Some(division("residence", code)?)),
        Some(None) => Some(None),
        None => None,
    };
    let edit = FileEdit {
        version: sent.version,
        fields: sent.fields,
        residence,
    };
    let mut work = caller.work().await?;
    let version = app::registry::edit(&mut work, child, &edit).await;
    let version = version.map_err(problem)?;
    work.commit().await?;
    Ok(Answer(NewVersion { version }))
}

/// Which secret is wanted, and what for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SecretWanted {
    /// `resident_id address bank_account note guardian_resident_id guardian_phone relative_resident_id relative_phone`.
    field: String,
    /// The guardian, where it is a guardian's.
    guardian: Option<Uuid>,
    /// The relation, where it is a relative's, such as `mother`.
    relation: Option<String>,
    /// What for, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    purpose: String,
}

/// A secret in full.
#[derive(Serialize, ToSchema)]
struct SecretView {
    value: String,
}

async fn reveal(
    caller: Caller,
    At(child): At<ChildId>,
    Sent(wanted): Sent<SecretWanted>,
) -> Result<Answer<SecretView>, Problem> {
    let secret = secret(&wanted)?;
    let work = caller.begin(purpose(&wanted.purpose)?).await?;
    let mut work = caller.proved(work).await?;
    let value = app::registry::reveal(&mut work, child, secret).await;
    let value = value.map_err(problem)?;
    work.commit().await?;
    Ok(Answer(SecretView { value }))
}

fn secret(wanted: &SecretWanted) -> Result<Secret, Problem> {
    let guardian = || {
        let id = wanted.guardian.map(GuardianId::from_uuid);
        id.ok_or_else(|| invalid("guardian"))
    };
    let relation = || {
        let relation = wanted.relation.as_deref().and_then(Relation::from_code);
        relation.ok_or_else(|| invalid("relation"))
    };
    Ok(match wanted.field.as_str() {
        "resident_id" => Secret::ResidentId,
        "address" => Secret::Address,
        "bank_account" => Secret::BankAccount,
        "note" => Secret::Note,
        "guardian_resident_id" => Secret::GuardianResidentId(guardian()?),
        "guardian_phone" => Secret::GuardianPhone(guardian()?),
        "relative_resident_id" => Secret::RelativeResidentId(relation()?),
        "relative_phone" => Secret::RelativePhone(relation()?),
        _ => return Err(invalid("field")),
    })
}
