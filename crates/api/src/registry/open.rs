//! `GET /api/registry/children/{id}`: a child's file, opened for a stated purpose.

use app::registry::OpenError;
use jiff::civil::Date;
use kernel::ids::ChildId;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::registry::ChildFile;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::operation::{Answer, Asked, At, Caller, Operation};
use crate::problem::{Kind, Problem};

pub(super) fn operation() -> Operation {
    Operation::get("registry.open", "/api/registry/children/{id}")
        .needs(Action::OpenChild)
        .summary("Open a child's file for a stated purpose, which the journal keeps")
        .answers_problems(&[Kind::Invalid])
        .handled_by(open)
}

/// The most characters of a purpose.
const LONGEST_PURPOSE: usize = 200;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// What the file is opened for, 1 to 200 characters.
    #[param(min_length = 1, max_length = 200)]
    purpose: String,
}

/// A child's file. Resident ids, phones, accounts and addresses are shown by another operation.
#[derive(Serialize, ToSchema)]
struct ChildView {
    id: Uuid,
    file_number: String,
    /// To be sent with the next change.
    version: i32,
    name: String,
    /// `male` or `female`, where known.
    sex: Option<&'static str>,
    birth: Option<Date>,
    /// The household's division (户籍), as its code.
    household: i64,
    /// Where the child lives, if elsewhere.
    residence: Option<i64>,
    school: Option<String>,
    guardian: Option<String>,
    statuses: Vec<StatusView>,
    /// Whether the child is known to its named officers alone.
    sealed: bool,
}

/// A status that is open.
#[derive(Serialize, ToSchema)]
struct StatusView {
    /// The category's code.
    category: &'static str,
    from: Date,
}

async fn open(
    caller: Caller,
    At(child): At<ChildId>,
    Asked(opening): Asked<Opening>,
) -> Result<Answer<ChildView>, Problem> {
    let purpose = opening.purpose.trim();
    if purpose.is_empty() || purpose.chars().count() > LONGEST_PURPOSE {
        return Err(Problem::from(Kind::Invalid).with("field", "purpose"));
    }
    let mut work = caller.begin(purpose).await?;
    let file = app::registry::open(&mut work, child)
        .await
        .map_err(problem)?;
    work.commit().await?;
    Ok(Answer(ChildView::of(file)))
}

fn problem(error: OpenError) -> Problem {
    match error {
        OpenError::NotFound => Kind::NotFound.into(),
        OpenError::Store(error) => error.into(),
    }
}

impl ChildView {
    fn of(file: ChildFile) -> Self {
        let facts = file.facts;
        let statuses = file.statuses.iter().map(|status| StatusView {
            category: status.category.code(),
            from: status.from,
        });
        Self {
            id: file.child.uuid(),
            file_number: file.file_number,
            version: file.version,
            name: facts.name,
            sex: facts.sex.map(|sex| sex.code()),
            birth: facts.birth,
            household: facts.household.code(),
            residence: file.residence.map(|division| division.code()),
            school: facts.school,
            guardian: facts.guardian_name,
            statuses: statuses.collect(),
            sealed: file.sealed,
        }
    }
}
