//! An application as it stands, without what it states.

use domain::applications::{Afar, Case, Deadline, Hands, Leg, Matter, Outcome, Path, Stage};
use jiff::Timestamp;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ApplicationId, ChildId, GrantId, OfficerId, UnitId};
use kernel::journal::{Entry, Subject};
use uuid::Uuid;

use super::inbox::{InboxFilter, ListedUpTo, inbox};
use crate::error::StoreError;
use crate::work::Work;

/// An application within reach.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// Its number, as the applicant has it.
    pub number: String,
    /// What is applied for.
    pub matter: Matter,
    /// The way it goes.
    pub path: Path,
    /// Where it stands.
    pub case: Case,
    /// The unit that deals with it, by name.
    pub owner_name: Option<String>,
    /// The child's household.
    pub household: Division,
    /// The child's name, as stated.
    pub child_name: String,
    /// The child's file, once it is linked to one.
    pub child: Option<ChildId>,
    /// The accepting unit's look at that file.
    pub grant: Option<GrantId>,
    /// When it was begun.
    pub opened_at: Timestamp,
    /// Counts the changes, for optimistic locking.
    pub version: i32,
}

impl Application {
    /// Whether it is known to its named officers alone.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        self.matter.category().is_sealed()
    }
}

/// The application, if there is one within reach.
///
/// # Errors
/// When the database does not answer.
pub async fn application(
    work: &mut Work,
    id: ApplicationId,
) -> Result<Option<Application>, StoreError> {
    let filter = InboxFilter {
        id: Some(id),
        ..InboxFilter::default()
    };
    Ok(inbox(work, &filter, ListedUpTo::start(), 1).await?.pop())
}

/// Keeps everybody else from moving the application until the work ends. Whoever waited sees it as it is then.
///
/// # Errors
/// When the database does not answer.
pub async fn hold(work: &mut Work, id: ApplicationId) -> Result<(), StoreError> {
    sqlx::query_scalar!(
        "SELECT id FROM applications_application WHERE id = $1 FOR UPDATE",
        id.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(())
}

/// An entry about an application.
pub(super) fn entry_of(action: &'static str, application: &Application) -> Entry {
    Entry::new(action, Subject::new("application", application.id.uuid()))
        .at(application.household)
        .sealed(application.is_sealed())
}

/// What was to change was there at this version.
pub(super) fn at_version(rows: u64) -> Result<(), StoreError> {
    match rows {
        1 => Ok(()),
        _ => Err(StoreError::Stale),
    }
}

/// A row of `queries/applications/list.sql`.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) matter: String,
    pub(super) category: String,
    pub(super) ends_on: Option<jiff_sqlx::Date>,
    pub(super) path: String,
    pub(super) stage: String,
    pub(super) accepting_unit: Uuid,
    pub(super) verifying_unit: Uuid,
    pub(super) deciding_unit: Uuid,
    pub(super) household: i64,
    pub(super) child_id: Option<Uuid>,
    pub(super) grant_id: Option<Uuid>,
    pub(super) child_name: String,
    pub(super) leg: Option<String>,
    pub(super) began: Option<jiff_sqlx::Date>,
    pub(super) days: Option<i32>,
    pub(super) due: Option<jiff_sqlx::Date>,
    pub(super) provisional: Option<bool>,
    pub(super) calendar: Option<String>,
    pub(super) verifier_id: Option<Uuid>,
    pub(super) proposer_id: Option<Uuid>,
    pub(super) proposed: Option<String>,
    pub(super) decided: Option<String>,
    pub(super) opened_at: jiff_sqlx::Timestamp,
    pub(super) version: i32,
    pub(super) afar: Option<String>,
    pub(super) owner_name: Option<String>,
}

const fn corrupt(column: &'static str) -> StoreError {
    StoreError::Corrupt {
        table: "applications_application",
        column,
    }
}

impl Row {
    pub(super) fn application(self) -> Result<Application, StoreError> {
        let clock = self.clock()?;
        let hands = self.hands()?;
        let decided = self.decided.as_deref().map(outcome).transpose()?;
        let afar = match self.afar.as_deref() {
            None => None,
            Some(code) => Some(Afar::from_code(code).ok_or(corrupt("afar"))?),
        };
        Ok(Application {
            id: ApplicationId::from_uuid(self.id),
            matter: matter(&self.matter, &self.category, self.ends_on)?,
            path: Path::from_code(&self.path).ok_or(corrupt("path"))?,
            case: Case {
                stage: Stage::from_code(&self.stage).ok_or(corrupt("stage"))?,
                accepting: UnitId::from_uuid(self.accepting_unit),
                verifying: UnitId::from_uuid(self.verifying_unit),
                deciding: UnitId::from_uuid(self.deciding_unit),
                hands,
                decided,
                clock,
                afar,
            },
            number: self.number,
            owner_name: self.owner_name,
            household: Division::new(self.household).map_err(|_| corrupt("household"))?,
            child_name: self.child_name,
            child: self.child_id.map(ChildId::from_uuid),
            grant: self.grant_id.map(GrantId::from_uuid),
            opened_at: self.opened_at.to_jiff(),
            version: self.version,
        })
    }

    fn clock(&self) -> Result<Option<Deadline>, StoreError> {
        let (Some(leg), Some(began), Some(due)) = (&self.leg, self.began, self.due) else {
            return Ok(None);
        };
        let calendar = self.calendar.as_deref().unwrap_or_default();
        Ok(Some(Deadline {
            leg: Leg::from_code(leg).ok_or(corrupt("leg"))?,
            began: began.to_jiff(),
            days: u32::try_from(self.days.unwrap_or(-1)).map_err(|_| corrupt("days"))?,
            due: due.to_jiff(),
            provisional: self.provisional.unwrap_or_default(),
            calendar: calendar.parse().map_err(|_| corrupt("calendar"))?,
        }))
    }

    fn hands(&self) -> Result<Hands, StoreError> {
        let proposed = match (self.proposer_id, self.proposed.as_deref()) {
            (Some(proposer), Some(code)) => Some((OfficerId::from_uuid(proposer), outcome(code)?)),
            _ => None,
        };
        Ok(Hands {
            verifier: self.verifier_id.map(OfficerId::from_uuid),
            proposed,
        })
    }
}

fn outcome(code: &str) -> Result<Outcome, StoreError> {
    Outcome::from_code(code).ok_or(corrupt("proposed"))
}

fn matter(
    code: &str,
    category: &str,
    ends_on: Option<jiff_sqlx::Date>,
) -> Result<Matter, StoreError> {
    let category: Category = category.parse().map_err(|_| corrupt("category"))?;
    match (code, ends_on) {
        ("recognition", None) => Ok(Matter::Recognition(category)),
        ("change", None) => Ok(Matter::Change(category)),
        ("termination", Some(on)) => Ok(Matter::Termination {
            category,
            on: on.to_jiff(),
        }),
        _ => Err(corrupt("matter")),
    }
}
