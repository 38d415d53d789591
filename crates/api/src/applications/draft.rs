//! `POST /api/applications` and `PATCH …/{id}`: what an application states.

use app::applications::{ForChild, NewApplication, Restatement};
use domain::applications::{Applicant, Capacity, Matter};
use domain::registry::Hidden;
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ApplicationId, ChildId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{Answer, At, Caller, Created, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("applications.draft", "/api/applications")
            .needs(Action::HandleApplication)
            .summary("Begin an application at the officer's own window, as a draft")
            .answers_problems(&[Kind::Conflict])
            .handled_by(draft),
        Operation::patch("applications.restate", "/api/applications/{id}")
            .needs(Action::HandleApplication)
            .summary("State anew what an application states, read at a version")
            .answers_problems(&[Kind::Conflict, Kind::Stale])
            .handled_by(restate),
    ]
}

fn invalid(field: &str) -> Problem {
    Problem::from(Kind::Invalid).with("field", field)
}

/// Who applies.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplicantEntry {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// `guardian entrusted_kin village_committee home`.
    capacity: String,
    relation: Option<String>,
    phone: Option<String>,
}

impl ApplicantEntry {
    fn applicant(self) -> Result<Applicant, Problem> {
        Ok(Applicant {
            name: self.name,
            capacity: Capacity::from_code(&self.capacity).ok_or_else(|| invalid("capacity"))?,
            relation: self.relation.filter(|text| !text.trim().is_empty()),
            phone: self.phone.filter(|text| !text.is_empty()).map(Hidden::new),
        })
    }
}

/// An application to begin: for a child on file, or one as stated.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplicationEntry {
    /// `recognition change termination`.
    matter: String,
    /// The category's code.
    category: String,
    /// For an end: the first day on which the class no longer holds.
    ends_on: Option<Date>,
    /// The child's file, where it is begun from one.
    child: Option<Uuid>,
    /// The child's name, where it is not.
    name: Option<String>,
    /// Its household's division, as its code.
    household: Option<i64>,
    /// Further fields of the child by name, as of a registration.
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    applicant: ApplicantEntry,
    /// The facts as the rulebook reads them: null is known to be absent, a missing key is not known.
    #[serde(default)]
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
}

impl ApplicationEntry {
    fn new_application(self) -> Result<NewApplication, Problem> {
        let category: Category = self.category.parse().map_err(|_| invalid("category"))?;
        let matter = match (self.matter.as_str(), self.ends_on) {
            ("recognition", None) => Matter::Recognition(category),
            ("change", None) => Matter::Change(category),
            ("termination", Some(on)) => Matter::Termination { category, on },
            ("recognition" | "change" | "termination", _) => return Err(invalid("ends_on")),
            _ => return Err(invalid("matter")),
        };
        let child = match (self.child, self.name, self.household) {
            (Some(child), None, None) => ForChild::OnFile(ChildId::from_uuid(child)),
            (None, Some(name), Some(household)) => ForChild::Stated {
                name,
                household: Division::new(household).map_err(|_| invalid("household"))?,
                fields: self.fields,
            },
            _ => return Err(invalid("child")),
        };
        Ok(NewApplication {
            matter,
            child,
            applicant: self.applicant.applicant()?,
            facts: self.facts,
        })
    }
}

async fn draft(
    caller: Caller,
    once: Once,
    Sent(sent): Sent<ApplicationEntry>,
) -> Result<Created, Problem> {
    let new = sent.new_application()?;
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::applications::draft(work, &new).await;
        let id = id.map_err(problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

/// What is stated anew; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplicationEdit {
    /// The version that was read.
    version: i32,
    /// Fields of the child by name; null empties one.
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    applicant: Option<ApplicantEntry>,
    /// All the facts.
    #[schema(value_type = Option<Object>)]
    facts: Option<Map<String, Value>>,
}

/// An application's new version.
#[derive(Serialize, ToSchema)]
struct ApplicationVersion {
    /// To be sent with the next change.
    version: i32,
}

async fn restate(
    caller: Caller,
    At(id): At<ApplicationId>,
    Sent(sent): Sent<ApplicationEdit>,
) -> Result<Answer<ApplicationVersion>, Problem> {
    let applicant = sent.applicant.map(ApplicantEntry::applicant);
    let next = Restatement {
        fields: sent.fields,
        applicant: applicant.transpose()?,
        facts: sent.facts,
    };
    let mut work = caller.work().await?;
    let version = app::applications::restate(&mut work, id, sent.version, &next).await;
    let version = version.map_err(problem)?;
    work.commit().await?;
    Ok(Answer(ApplicationVersion { version }))
}
