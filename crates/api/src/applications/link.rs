//! `GET /api/applications/{id}/doubles` and `POST …/child`: the child of an application in the registry.

use app::applications::Linking;
use jiff::civil::Date;
use kernel::ids::{ApplicationId, ChildId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{Answer, At, Caller, Created, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("applications.doubles", "/api/applications/{id}/doubles")
            .needs(Action::ViewApplications)
            .summary(
                "Look for the child in the registry, by resident id and by name, birth and county",
            )
            .answers_problems(&[Kind::Conflict])
            .handled_by(doubles),
        Operation::post("applications.link", "/api/applications/{id}/child")
            .needs(Action::HandleApplication)
            .summary("Link an application to the child's file, or to a new one of what it states")
            .answers_problems(&[Kind::Conflict, Kind::Stale])
            .handled_by(link),
    ]
}

/// A file that may be the child's.
#[derive(Serialize, ToSchema)]
struct AlikeFile {
    id: Uuid,
    file_number: String,
    name: String,
    /// `male` or `female`, where known.
    sex: Option<&'static str>,
    birth: Option<Date>,
    /// The household's division, as its code.
    household: i64,
    /// The resident id with its middle hidden.
    masked_id: Option<String>,
    guardian: Option<String>,
    /// The codes of the classes it holds.
    categories: Vec<&'static str>,
}

/// Files that may be the child's.
#[derive(Serialize, ToSchema)]
struct AlikeFiles {
    items: Vec<AlikeFile>,
    /// Whether the resident id is on file beyond reach: nothing but that it is.
    elsewhere: bool,
}

async fn doubles(caller: Caller, At(id): At<ApplicationId>) -> Result<Answer<AlikeFiles>, Problem> {
    let mut work = caller.work().await?;
    let found = app::applications::doubles(&mut work, id).await;
    let found = found.map_err(problem)?;
    work.commit().await?;
    let items = found.files.into_iter().map(|file| AlikeFile {
        id: file.child.uuid(),
        file_number: file.file_number,
        sex: file.facts.sex.map(|sex| sex.code()),
        birth: file.facts.birth,
        household: file.facts.household.code(),
        masked_id: file.facts.resident_id.as_ref().map(|id| id.masked()),
        guardian: file.facts.guardian_name,
        categories: file.statuses.iter().map(|s| s.category.code()).collect(),
        name: file.facts.name,
    });
    Ok(Answer(AlikeFiles {
        items: items.collect(),
        elsewhere: found.elsewhere,
    }))
}

/// What to link: a file, or without one a new file of what is stated.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkEntry {
    /// The version that was read.
    version: i32,
    /// The file.
    child: Option<Uuid>,
}

async fn link(
    caller: Caller,
    At(id): At<ApplicationId>,
    once: Once,
    Sent(sent): Sent<LinkEntry>,
) -> Result<Created, Problem> {
    let linking = match sent.child {
        Some(child) => Linking::File(ChildId::from_uuid(child)),
        None => Linking::New,
    };
    let work = caller.work().await?;
    once.create(work, async |work| {
        let child = app::applications::link(work, id, sent.version, linking).await;
        let id = child.map_err(problem)?.uuid();
        Ok(Created {
            id,
            version: sent.version + 1,
        })
    })
    .await
}
