//! `GET /api/allowances/standards`: the rates by which months are paid, those of the rulebook and those of the office.

use app::allowances::{OfficeStandard, RuleRate, StandardsError};
use domain::allowances::StandardState;
use jiff::civil::Date;
use kernel::division::Division;
use kernel::roles::Action;
use serde::Serialize;
use store::allowances::Scan;
use store::organisation::{PlaceNames, place_names};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::operation::{Answer, Caller, Operation, Page};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("allowances.standards", "/api/allowances/standards")
            .needs(Action::ViewMonth)
            .summary("List the rates, those that wait for a second person first, then the office's, then the rulebook's")
            .handled_by(list),
    ]
}

/// Beyond the role is nothing there; what does not fit is a conflict in its own words.
pub(super) fn standard_problem(error: StandardsError) -> Problem {
    match error {
        StandardsError::NotFound => Kind::NotFound.into(),
        StandardsError::Store(error) => error.into(),
        hindered => Problem::explained(Kind::Conflict, &hindered),
    }
}

/// The scan of a rate's document.
#[derive(Serialize, ToSchema)]
struct ScanView {
    media_type: String,
    /// Its size in bytes.
    bytes: u32,
}

impl ScanView {
    fn of(scan: Scan) -> Self {
        let Scan { media_type, bytes } = scan;
        Self { media_type, bytes }
    }
}

/// A rate.
#[derive(Serialize, ToSchema)]
struct StandardRow {
    /// None for one of the rulebook.
    id: Option<Uuid>,
    /// The class's code.
    class: &'static str,
    /// The place, as its division's code, and its name.
    place: i64,
    place_name: String,
    /// In yuan.
    monthly: String,
    /// The first day, and the last where it ends by itself.
    from: Date,
    until: Option<Date>,
    /// From which moment on it is known; none before it is published.
    announced: Option<jiff::Timestamp>,
    /// The document, as it is cited.
    cite: String,
    /// The day that the document bears.
    document_day: Option<Date>,
    /// The scan of the document, where the office added one.
    scan: Option<ScanView>,
    /// Whether amount and document were compared.
    verified: bool,
    /// `proposed published refused withdrawn`, and `rulebook`.
    state: &'static str,
    /// Whether the present month is paid by it where no more specific place has a rate.
    in_force: bool,
    /// The unit whose standard it is; none for one of the rulebook.
    unit: Option<String>,
    /// Who proposed it, and when; the name for those who see the officer.
    proposer: Option<String>,
    proposed_at: Option<jiff::Timestamp>,
    /// Whether the caller proposed it, and so does not publish it.
    own: bool,
    /// Who published, refused or withdrew it, and when.
    decider: Option<String>,
    decided_at: Option<jiff::Timestamp>,
    /// Why it was refused.
    reason: Option<String>,
    /// What this caller may do with it now: `attach publish refuse withdraw`.
    acts: Vec<&'static str>,
}

impl StandardRow {
    fn of_office(one: OfficeStandard, own: bool, names: &PlaceNames) -> Self {
        let OfficeStandard {
            standard,
            in_force,
            acts,
        } = one;
        let (draft, decided_at) = (standard.draft, standard.decided.map(|(_, at)| at));
        let is_published = standard.state == StandardState::Published;
        Self {
            id: Some(standard.id.uuid()),
            class: draft.class.code(),
            place: draft.place.code(),
            place_name: names.of(draft.place),
            monthly: draft.monthly.to_string(),
            from: draft.from.first(),
            until: None,
            announced: decided_at.filter(|_| is_published),
            cite: draft.document.cite(),
            document_day: draft.document.on,
            scan: standard.scan.map(ScanView::of),
            verified: standard.verified,
            state: standard.state.code(),
            in_force,
            unit: Some(standard.unit.1),
            proposer: standard.proposer,
            proposed_at: Some(standard.proposed.1),
            own,
            decider: standard.decider,
            decided_at,
            reason: standard.reason,
            acts: acts.into_iter().map(|act| act.code()).collect(),
        }
    }

    fn of_rulebook(one: RuleRate, names: &PlaceNames) -> Self {
        let RuleRate { rate, in_force } = one;
        Self {
            id: None,
            class: rate.class.code(),
            place: rate.place.code(),
            place_name: names.of(rate.place),
            monthly: rate.monthly.to_string(),
            from: rate.from,
            until: rate.until,
            announced: Some(rate.announced),
            cite: rate.cite,
            document_day: None,
            scan: None,
            verified: rate.verified,
            state: "rulebook",
            in_force,
            unit: None,
            proposer: None,
            proposed_at: None,
            own: false,
            decider: None,
            decided_at: None,
            reason: None,
            acts: Vec::new(),
        }
    }
}

async fn list(caller: Caller) -> Result<Answer<Page<StandardRow>>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::list_standards(&mut work).await;
    let found = found.map_err(standard_problem)?;
    let of_office = found.office.iter().map(|one| one.standard.draft.place);
    let of_rules = found.rules.iter().map(|one| one.rate.place);
    let places: Vec<Division> = of_office.chain(of_rules).collect();
    let names = place_names(&mut work, &places).await?;
    let me = work.officer();
    work.commit().await?;
    let office = found.office.into_iter().map(|one| {
        let own = one.standard.proposed.0 == me;
        StandardRow::of_office(one, own, &names)
    });
    let rules = found.rules.into_iter();
    let rules = rules.map(|one| StandardRow::of_rulebook(one, &names));
    Ok(Answer(Page::whole(office.chain(rules))))
}
