//! A child's file as it is told. Of resident ids, phones, accounts, addresses and remarks it says only that they are
//! there.

use app::registry::OpenedFile;
use domain::registry::{Hidden, Relative};
use jiff::civil::Date;
use kernel::resident_id::ResidentId;
use serde::Serialize;
use store::registry::{Document, Grant, Guardian, NamedOfficer, Placement, Span};
use utoipa::ToSchema;
use uuid::Uuid;

/// A child's file. Each of its secrets is shown by `registry.reveal`.
#[derive(Serialize, ToSchema)]
pub(super) struct ChildView {
    id: Uuid,
    file_number: String,
    /// To be sent with the next change.
    version: i32,
    name: String,
    /// `male` or `female`, where known.
    sex: Option<&'static str>,
    birth: Option<Date>,
    /// The resident id with its middle hidden.
    masked_id: Option<String>,
    national_number: Option<String>,
    ethnicity: Option<String>,
    /// The household's division (户籍), as its code.
    household: i64,
    /// Where the child lives, if elsewhere.
    residence: Option<i64>,
    school: Option<String>,
    school_stage: Option<String>,
    boarding: Option<bool>,
    health: Option<String>,
    disability_kind: Option<String>,
    disability_level: Option<String>,
    illness: Option<String>,
    bank_name: Option<String>,
    /// Which secrets are on file: `resident_id address bank_account note`.
    hidden: Vec<&'static str>,
    /// The classes held now and before, the latest first.
    statuses: Vec<StatusView>,
    /// Who answers for the child and who did, the latest first.
    guardians: Vec<GuardianView>,
    relatives: Vec<RelativeView>,
    /// Where the child is placed and was, the latest first.
    placements: Vec<PlacementView>,
    /// The units that were granted a look at the file.
    grants: Vec<GrantView>,
    /// The latest first.
    documents: Vec<DocumentView>,
    /// Whether the child is known to its named officers alone.
    sealed: bool,
    /// Who knows of its sealed status, told to one of them alone; also where another status brings the child into view.
    named: Vec<NamedView>,
}

/// A class held from one day to another.
#[derive(Serialize, ToSchema)]
struct StatusView {
    id: Uuid,
    /// The category's code.
    category: &'static str,
    from: Date,
    /// The first day on which it no longer holds.
    to: Option<Date>,
}

/// A guardian.
#[derive(Serialize, ToSchema)]
struct GuardianView {
    id: Uuid,
    name: Option<String>,
    /// How related to the child, in words.
    relation: Option<String>,
    /// The resident id with its middle hidden.
    masked_id: Option<String>,
    /// Which secrets are on file: `resident_id phone`.
    hidden: Vec<&'static str>,
    from: Date,
    /// The first day on which this person is guardian no longer.
    to: Option<Date>,
}

/// A parent or grandparent.
#[derive(Serialize, ToSchema)]
struct RelativeView {
    /// The relation's code, such as `mother`.
    relation: &'static str,
    name: Option<String>,
    /// The resident id with its middle hidden.
    masked_id: Option<String>,
    /// Where the person works (务工地).
    works_at: Option<String>,
    /// Which secrets are on file: `resident_id phone`.
    hidden: Vec<&'static str>,
}

/// A stay in a unit.
#[derive(Serialize, ToSchema)]
struct PlacementView {
    id: Uuid,
    unit: Uuid,
    from: Date,
    /// The first day elsewhere.
    to: Option<Date>,
}

/// A unit's permission to see the file.
#[derive(Serialize, ToSchema)]
struct GrantView {
    id: Uuid,
    unit: Uuid,
    purpose: String,
    /// The last day.
    until: Date,
}

/// A document without its content.
#[derive(Serialize, ToSchema)]
struct DocumentView {
    id: Uuid,
    kind: String,
    title: String,
    media_type: String,
    added_at: jiff::Timestamp,
}

/// An officer who knows of a sealed child.
#[derive(Serialize, ToSchema)]
struct NamedView {
    officer: Uuid,
    name: String,
}

impl ChildView {
    pub(super) fn of(opened: OpenedFile) -> Self {
        let file = opened.file;
        let facts = file.facts;
        let secrets = [
            ("resident_id", facts.resident_id.is_some()),
            ("address", facts.address.is_some()),
            ("bank_account", facts.bank_account.is_some()),
            ("note", facts.note.is_some()),
        ];
        Self {
            id: file.child.uuid(),
            file_number: file.file_number,
            version: file.version,
            name: facts.name,
            sex: facts.sex.map(|sex| sex.code()),
            birth: facts.birth,
            masked_id: facts.resident_id.as_ref().map(ResidentId::masked),
            national_number: facts.national_number,
            ethnicity: facts.ethnicity,
            household: facts.household.code(),
            residence: file.residence.map(|division| division.code()),
            school: facts.school,
            school_stage: facts.school_stage,
            boarding: facts.boarding,
            health: facts.health,
            disability_kind: facts.disability_kind,
            disability_level: facts.disability_level,
            illness: facts.illness,
            bank_name: facts.bank_name,
            hidden: present(&secrets),
            statuses: opened.statuses.iter().map(StatusView::of).collect(),
            guardians: opened.guardians.into_iter().map(GuardianView::of).collect(),
            relatives: facts.relatives.into_iter().map(RelativeView::of).collect(),
            placements: opened.placements.iter().map(PlacementView::of).collect(),
            grants: opened.grants.into_iter().map(GrantView::of).collect(),
            documents: opened.documents.into_iter().map(DocumentView::of).collect(),
            sealed: file.sealed,
            named: opened.named.into_iter().map(NamedView::of).collect(),
        }
    }
}

impl StatusView {
    fn of(span: &Span) -> Self {
        Self {
            id: span.id.uuid(),
            category: span.category.code(),
            from: span.from,
            to: span.to,
        }
    }
}

impl GuardianView {
    fn of(guardian: Guardian) -> Self {
        Self {
            id: guardian.id.uuid(),
            masked_id: masked(guardian.resident_id.as_ref()),
            hidden: secrets_of(guardian.resident_id.as_ref(), guardian.phone.as_ref()),
            name: guardian.name,
            relation: guardian.relation,
            from: guardian.from,
            to: guardian.to,
        }
    }
}

impl RelativeView {
    fn of(relative: Relative) -> Self {
        Self {
            relation: relative.relation.code(),
            masked_id: masked(relative.resident_id.as_ref()),
            hidden: secrets_of(relative.resident_id.as_ref(), relative.phone.as_ref()),
            name: relative.name,
            works_at: relative.works_at,
        }
    }
}

impl PlacementView {
    fn of(placement: &Placement) -> Self {
        Self {
            id: placement.id.uuid(),
            unit: placement.unit.uuid(),
            from: placement.from,
            to: placement.to,
        }
    }
}

impl GrantView {
    fn of(grant: Grant) -> Self {
        Self {
            id: grant.id.uuid(),
            unit: grant.unit.uuid(),
            purpose: grant.purpose,
            until: grant.until,
        }
    }
}

impl DocumentView {
    fn of(document: Document) -> Self {
        Self {
            id: document.id.uuid(),
            kind: document.kind,
            title: document.title,
            media_type: document.media_type,
            added_at: document.added_at,
        }
    }
}

impl NamedView {
    fn of(named: NamedOfficer) -> Self {
        Self {
            officer: named.officer.uuid(),
            name: named.name,
        }
    }
}

fn present(secrets: &[(&'static str, bool)]) -> Vec<&'static str> {
    let on_file = secrets.iter().filter(|(_, there)| *there);
    on_file.map(|(name, _)| *name).collect()
}

fn secrets_of(resident_id: Option<&Hidden>, phone: Option<&Hidden>) -> Vec<&'static str> {
    present(&[
        ("resident_id", resident_id.is_some()),
        ("phone", phone.is_some()),
    ])
}

/// What a ledger wrote as a relative's resident id may be none; then nothing of it is told.
fn masked(id: Option<&Hidden>) -> Option<String> {
    let id = ResidentId::parse(id?.reveal()).ok()?;
    Some(id.masked())
}
