//! `POST /api/public/cases` and `…/opening`, `PUT /api/public/cases`: a case filled in, gone on with, saved.

use app::applications::public::{Form, begin, resume, save};
use axum::extract::State;
use domain::applications::Capacity;
use domain::registry::Hidden;
use jiff::Timestamp;
use kernel::division::Division;
use kernel::ids::UnitId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::{code, problem, store};
use crate::operation::{Answer, Operation, Sent};
use crate::problem::{Kind, Problem};
use crate::session::Whence;
use crate::state::ApiState;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("public.begin_case", "/api/public/cases")
            .public()
            .summary("Begin a case, known by a fresh code and this phone")
            .answers_problems(&[Kind::Conflict, Kind::TooMany])
            .handled_by(begin_case),
        Operation::put("public.save_case", "/api/public/cases")
            .public()
            .summary("Save what is filled in by now")
            .answers_problems(&[Kind::NotFound, Kind::Conflict, Kind::TooMany])
            .handled_by(save_case),
        Operation::post("public.open_case", "/api/public/cases/opening")
            .public()
            .summary("Go on with a case by its code and phone")
            .answers_problems(&[Kind::NotFound, Kind::TooMany])
            .handled_by(open_case),
    ]
}

/// What is filled in; all of it may still be missing.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseForm {
    /// The town at which it is filed, as its unit.
    town: Option<Uuid>,
    /// The category's code.
    category: Option<String>,
    /// The child's name.
    child: Option<String>,
    /// The child's resident id.
    resident_id: Option<String>,
    /// The child's household, as its division's code.
    household: Option<i64>,
    /// Who applies.
    applicant: Option<String>,
    /// `guardian entrusted_kin village_committee`.
    capacity: Option<String>,
    relation: Option<String>,
    /// The facts as the rulebook reads them.
    #[serde(default)]
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
}

impl CaseForm {
    fn form(self) -> Result<Form, Problem> {
        let invalid = |field: &str| Problem::from(Kind::Invalid).with("field", field);
        let category = self.category.map(|code| code.parse());
        let capacity = self.capacity.map(|code| Capacity::from_code(&code));
        let capacity = capacity.map(|found| found.ok_or_else(|| invalid("capacity")));
        let household = self.household.map(Division::new);
        let text = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Form {
            town: self.town.map(UnitId::from_uuid),
            category: category.transpose().map_err(|_| invalid("category"))?,
            child: text(self.child),
            resident_id: text(self.resident_id).map(Hidden::new),
            household: household.transpose().map_err(|_| invalid("household"))?,
            applicant: text(self.applicant),
            capacity: capacity.transpose()?,
            relation: text(self.relation),
            phone: None,
            facts: self.facts,
        })
    }

    fn of(form: Form) -> Self {
        Self {
            town: form.town.map(UnitId::uuid),
            category: form.category.map(|category| category.code().to_owned()),
            child: form.child,
            resident_id: form.resident_id.map(|id| id.reveal().to_owned()),
            household: form.household.map(|household| household.code()),
            applicant: form.applicant,
            capacity: form.capacity.map(|capacity| capacity.code().to_owned()),
            relation: form.relation,
            facts: form.facts,
        }
    }
}

/// A case to begin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseEntry {
    #[schema(min_length = 7, max_length = 30)]
    phone: String,
    form: CaseForm,
}

/// A case that was begun.
#[derive(Serialize, ToSchema)]
struct CaseBegun {
    /// Its code, told this once.
    code: String,
    /// Until when it is kept unless it is saved again.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

async fn begin_case(
    State(state): State<ApiState>,
    whence: Whence,
    Sent(sent): Sent<CaseEntry>,
) -> Result<Answer<CaseBegun>, Problem> {
    let form = sent.form.form()?;
    let begun = begin(store(&state)?, &whence.address, &sent.phone, form).await;
    let begun = begun.map_err(|error| problem(state.now(), error))?;
    Ok(Answer(CaseBegun {
        code: begun.code.reveal().to_owned(),
        until: begun.until,
    }))
}

/// What a case is known by.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseKey {
    #[schema(max_length = 64)]
    pub(super) code: String,
    #[schema(max_length = 30)]
    pub(super) phone: String,
}

/// A photograph without its pixels.
#[derive(Serialize, ToSchema)]
struct CasePhoto {
    /// Of which paper.
    paper: String,
}

/// A case gone on with.
#[derive(Serialize, ToSchema)]
struct CaseView {
    /// What is filled in; none once it is submitted.
    form: Option<CaseForm>,
    photos: Vec<CasePhoto>,
    /// The number of the application it became.
    number: Option<String>,
    /// Until when the code holds.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

async fn open_case(
    State(state): State<ApiState>,
    whence: Whence,
    Sent(sent): Sent<CaseKey>,
) -> Result<Answer<CaseView>, Problem> {
    let store = store(&state)?;
    let found = resume(store, &whence.address, &code(&sent.code), &sent.phone).await;
    let found = found.map_err(|error| problem(state.now(), error))?;
    let photo = |paper| CasePhoto { paper };
    Ok(Answer(CaseView {
        form: found.form.map(CaseForm::of),
        photos: found
            .photos
            .into_iter()
            .map(|one| photo(one.paper))
            .collect(),
        number: found.number,
        until: found.until,
    }))
}

/// A case to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseEdit {
    #[schema(max_length = 64)]
    code: String,
    #[schema(max_length = 30)]
    phone: String,
    form: CaseForm,
}

/// A case that was saved.
#[derive(Serialize, ToSchema)]
struct CaseSaved {
    /// Until when it is kept unless it is saved again.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

async fn save_case(
    State(state): State<ApiState>,
    whence: Whence,
    Sent(sent): Sent<CaseEdit>,
) -> Result<Answer<CaseSaved>, Problem> {
    let form = sent.form.form()?;
    let store = store(&state)?;
    let saved = save(store, &whence.address, &code(&sent.code), &sent.phone, form).await;
    let until = saved.map_err(|error| problem(state.now(), error))?;
    Ok(Answer(CaseSaved { until }))
}
