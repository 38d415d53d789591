//! An application as lists and its own page show it.

use app::applications::{Opened, Said, Waiting, Weighed};
use domain::applications::{Act, Afar, Applicant, Leg, Matter, Standing, Term};
use domain::registry::Particulars;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};
use store::applications::{Application, Decision, Paper, Step};
use store::exchange::Shared;
use store::organisation::PlaceNames;
use utoipa::ToSchema;
use uuid::Uuid;

/// The clock that runs.
#[derive(Serialize, ToSchema)]
struct ClockView {
    /// `accept supplement verify confirm tell object review`.
    leg: &'static str,
    began: Date,
    /// The last day in time.
    due: Date,
    /// Working days it has.
    days: u32,
    /// Whether it reaches into a year without a published calendar.
    provisional: bool,
    /// `ahead soon late`.
    standing: &'static str,
    /// Working days left, or by how many it is late.
    left: u32,
}

/// An application in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ApplicationRow {
    id: Uuid,
    number: String,
    /// `recognition change termination`.
    matter: &'static str,
    /// The category's code.
    category: &'static str,
    /// The last day of the class, where it is to end: the first on which it no longer holds.
    ends_on: Option<Date>,
    /// `within_county provincewide nationwide home sealed`.
    path: &'static str,
    /// The stage's code; see docs/states/applications.md.
    stage: &'static str,
    /// The unit that deals with it.
    owner: Option<String>,
    child: Option<Uuid>,
    child_name: String,
    /// The household's division, as its code.
    household: i64,
    /// Its town and village by name.
    household_name: String,
    clock: Option<ClockView>,
    opened_at: jiff::Timestamp,
    version: i32,
    /// Whether it is known to its named officers alone.
    sealed: bool,
    /// The part that another installation has: `accepting` or `deciding`; none where all of it is here.
    afar: Option<&'static str>,
}

impl ApplicationRow {
    pub(super) fn of(waiting: Waiting, names: &PlaceNames) -> Self {
        Self::at(waiting.application, waiting.standing, names)
    }

    fn at(application: Application, standing: Option<Standing>, names: &PlaceNames) -> Self {
        let clock = application.case.clock.as_ref().zip(standing);
        let ends_on = match application.matter {
            Matter::Termination { on, .. } => Some(on),
            Matter::Recognition(_) | Matter::Change(_) => None,
        };
        Self {
            id: application.id.uuid(),
            matter: application.matter.code(),
            category: application.matter.category().code(),
            ends_on,
            path: application.path.code(),
            stage: application.case.stage.code(),
            child: application.child.map(|child| child.uuid()),
            household: application.household.code(),
            household_name: names.of(application.household),
            clock: clock.map(|(clock, standing)| ClockView {
                leg: clock.leg.code(),
                began: clock.began,
                due: clock.due,
                days: clock.days,
                provisional: clock.provisional,
                standing: standing.code(),
                left: standing.days(),
            }),
            opened_at: application.opened_at,
            version: application.version,
            sealed: application.is_sealed(),
            afar: application.case.afar.map(Afar::code),
            number: application.number,
            owner: application.owner_name,
            child_name: application.child_name,
        }
    }
}

/// The child as the application states it.
#[derive(Serialize, ToSchema)]
struct StatedChildView {
    name: String,
    /// The household's division, as its code.
    household: i64,
    /// `male` or `female`, where known.
    sex: Option<&'static str>,
    birth: Option<Date>,
    /// The resident id with its middle hidden.
    masked_id: Option<String>,
}

impl StatedChildView {
    fn of(child: &Particulars) -> Self {
        Self {
            name: child.name.clone(),
            household: child.household.code(),
            sex: child.sex.map(|sex| sex.code()),
            birth: child.birth,
            masked_id: child.resident_id.as_ref().map(|id| id.masked()),
        }
    }
}

/// Who applies.
#[derive(Serialize, ToSchema)]
struct ApplicantView {
    name: String,
    /// `guardian entrusted_kin village_committee home`.
    capacity: &'static str,
    relation: Option<String>,
    /// Whether a phone number is stated.
    has_phone: bool,
}

impl ApplicantView {
    fn of(applicant: &Applicant) -> Self {
        Self {
            name: applicant.name.clone(),
            capacity: applicant.capacity.code(),
            relation: applicant.relation.clone(),
            has_phone: applicant.phone.is_some(),
        }
    }
}

/// How long a leg may take.
#[derive(Serialize, ToSchema)]
struct TermView {
    leg: &'static str,
    /// Working days.
    days: u32,
    /// The document that sets them.
    cite: String,
    /// Whether that was checked; if not, 待核实.
    verified: bool,
}

impl TermView {
    fn of((leg, term): (Leg, Term)) -> Self {
        Self {
            leg: leg.code(),
            days: term.days,
            cite: term.cite,
            verified: term.verified,
        }
    }
}

/// A fact, a condition or a paper in words.
#[derive(Serialize, ToSchema)]
struct SaidView {
    /// Its code, such as `mother.since`.
    code: String,
    zh: String,
    en: String,
}

impl SaidView {
    fn all(said: Vec<Said>) -> Vec<Self> {
        let view = |said: Said| Self {
            code: said.code,
            zh: said.zh,
            en: said.en,
        };
        said.into_iter().map(view).collect()
    }
}

/// A rule that the answer rests on.
#[derive(Serialize, ToSchema)]
struct RuleView {
    /// Its name in the rulebook, with its first day.
    rule: String,
    cite: String,
    /// Whether that was checked; if not, 待核实.
    verified: bool,
}

/// What the rulebook says of the facts.
#[derive(Serialize, ToSchema)]
pub(super) struct WeighedView {
    /// The rulebook's version.
    rulebook: String,
    /// The category asked about.
    category: &'static str,
    /// Whether the facts make the child one of it.
    fits: bool,
    /// The facts it rests on.
    met: Vec<SaidView>,
    /// The conditions that are known not to be met.
    unmet: Vec<SaidView>,
    /// The facts that are not known, and could still turn the answer.
    missing: Vec<SaidView>,
    /// The code of a class that comes before this one.
    excluded_by: Option<&'static str>,
    /// The codes of what the facts make the child, whatever was applied for.
    categories: Vec<&'static str>,
    rules: Vec<RuleView>,
}

impl WeighedView {
    pub(super) fn of(weighed: Weighed) -> Self {
        let rules = weighed.rules.into_iter().map(|rule| RuleView {
            rule: rule.rule,
            cite: rule.cite,
            verified: rule.verified,
        });
        Self {
            rulebook: weighed.rulebook,
            category: weighed.category.code(),
            fits: weighed.fits,
            met: SaidView::all(weighed.met),
            unmet: SaidView::all(weighed.unmet),
            missing: SaidView::all(weighed.missing),
            excluded_by: weighed.excluded_by.map(|category| category.code()),
            categories: weighed.categories.iter().map(|c| c.code()).collect(),
            rules: rules.collect(),
        }
    }
}

/// A paper of the checklist.
#[derive(Serialize, ToSchema)]
struct PaperView {
    id: Uuid,
    /// Which paper, by its code.
    code: String,
    /// `received checked missing`.
    state: &'static str,
    /// The media type of its scan, where there is one.
    media_type: Option<String>,
    noted_at: jiff::Timestamp,
}

impl PaperView {
    fn of(paper: Paper) -> Self {
        Self {
            id: paper.id.uuid(),
            code: paper.code,
            state: paper.state.code(),
            media_type: paper.media_type,
            noted_at: paper.noted_at,
        }
    }
}

/// A step of its history.
#[derive(Serialize, ToSchema)]
struct StepView {
    /// What was done.
    act: &'static str,
    /// The stage it led to.
    stage: &'static str,
    at: jiff::Timestamp,
    /// By whom; none for an officer of a unit that this one does not see into.
    officer: Option<String>,
    unit: String,
    reason: Option<String>,
    /// `grant` or `refuse`, for a proposal or a decision.
    outcome: Option<&'static str>,
    due: Option<Date>,
}

impl StepView {
    fn of(step: Step) -> Self {
        Self {
            act: step.act.code(),
            stage: step.to.code(),
            at: step.at,
            officer: step.officer,
            unit: step.unit,
            reason: step.reason,
            outcome: step.outcome.map(|outcome| outcome.code()),
            due: step.due,
        }
    }
}

/// A decision.
#[derive(Serialize, ToSchema)]
struct DecisionView {
    id: Uuid,
    /// Its number (文号); none for a decision from before letters.
    number: Option<String>,
    /// `grant` or `refuse`.
    outcome: &'static str,
    on: Date,
    /// The rulebook's version.
    rulebook: String,
    /// When it was entered in the national system; none while it was not.
    entered_on: Option<Date>,
    /// The reasons in the officers' words.
    reasons: Vec<String>,
    /// The letter, line by line.
    letter: Vec<String>,
}

impl DecisionView {
    fn of(decision: Decision) -> Self {
        let letter = decision.grounds.letter.as_ref();
        let lines = letter.map(|letter| letter.lines()).unwrap_or_default();
        Self {
            letter: lines.into_iter().map(str::to_owned).collect(),
            id: decision.id.uuid(),
            number: decision.number,
            outcome: decision.outcome.code(),
            on: decision.on,
            rulebook: decision.rulebook,
            entered_on: decision.entered_on,
            reasons: decision.grounds.reasons,
        }
    }
}

/// The other installation that shares it.
#[derive(Serialize, ToSchema)]
struct SharedView {
    /// Its name.
    peer: String,
    /// The accepting town there, or the installation that decides.
    unit: String,
    /// The application's number there, where it was accepted there.
    number: Option<String>,
    /// Packages about it that wait for their receipts.
    waiting: u32,
}

impl SharedView {
    fn of(shared: Shared) -> Self {
        Self {
            peer: shared.peer_name,
            unit: shared.far_unit,
            number: shared.far_number,
            waiting: shared.waiting,
        }
    }
}

/// An application as it is opened.
#[derive(Serialize, ToSchema)]
pub(super) struct ApplicationView {
    #[serde(flatten)]
    row: ApplicationRow,
    stated: StatedChildView,
    applicant: ApplicantView,
    /// The facts stated; one that is not there is not known.
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
    weighed: WeighedView,
    terms: Vec<TermView>,
    /// The papers it needs.
    checklist: Vec<SaidView>,
    papers: Vec<PaperView>,
    steps: Vec<StepView>,
    decisions: Vec<DecisionView>,
    /// What this officer may do with it now: codes of acts.
    may: Vec<&'static str>,
    /// The other installation that shares it, from the forwarding on.
    shared: Option<SharedView>,
}

impl ApplicationView {
    pub(super) fn of(opened: Opened, names: &PlaceNames) -> Self {
        Self {
            row: ApplicationRow::at(opened.application, opened.standing, names),
            stated: StatedChildView::of(&opened.stated.child),
            applicant: ApplicantView::of(&opened.stated.applicant),
            facts: opened.stated.facts,
            weighed: WeighedView::of(opened.weighed),
            terms: opened.terms.into_iter().map(TermView::of).collect(),
            checklist: SaidView::all(opened.checklist),
            papers: opened.papers.into_iter().map(PaperView::of).collect(),
            steps: opened.steps.into_iter().map(StepView::of).collect(),
            decisions: opened.decisions.into_iter().map(DecisionView::of).collect(),
            may: opened.may.into_iter().map(Act::code).collect(),
            shared: opened.shared.map(SharedView::of),
        }
    }
}
