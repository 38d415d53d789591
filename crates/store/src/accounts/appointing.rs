//! Proposals and what becomes of them.

use domain::organisation::UnitKind;
use domain::organisation::appointing::{Held, Matter, Proposal, Station};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::Division;
use kernel::ids::{AppointmentId, InvitationId, OfficerId, ProposalId, UnitId};
use kernel::journal::{Entry, Subject};
use kernel::roles::Role;
use serde_json::json;

use super::codes::InvitationCode;
use super::invitation::VALID_DAYS;
use super::keeping::role_of;
use crate::error::StoreError;
use crate::work::{Change, Pen, Work};

/// How long an appointment holds, and for whom it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Option<Date>,
    /// The appointment it deputises for.
    pub deputy_for: Option<AppointmentId>,
}

/// A proposal on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Its id.
    pub id: ProposalId,
    /// What is proposed, for whom, where and by whom.
    pub proposal: Proposal,
    /// The appointee's name.
    pub name: String,
    /// The proposer's name, unless his own unit is beyond reach.
    pub proposer_name: Option<String>,
    /// The term of a proposed appointment.
    pub term: Option<Term>,
    /// The unit's division.
    pub division: Division,
    /// When it was proposed.
    pub at: Timestamp,
}

impl Proposed {
    fn entry(&self, action: &'static str) -> Entry {
        let role = match self.proposal.matter {
            Matter::Appoint(role) => Some(role),
            Matter::Invite | Matter::ResetSecrets => None,
        };
        Entry::new(action, Subject::new("proposal", self.id.uuid()))
            .at(self.division)
            .after(json!({
                "matter": self.proposal.matter.code(), "officer": self.proposal.appointee, "name": self.name,
                "unit": self.proposal.unit, "role": role.map(Role::code), "from": self.term.map(|t| t.from), "to": self.term.and_then(|t| t.to),
            }))
    }
}

/// An officer proposed something for another.
#[derive(Debug, Clone)]
pub struct ProposalMade(pub Proposed);

impl Change for ProposalMade {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let Proposed {
            id,
            proposal,
            name,
            term,
            at,
            ..
        } = &self.0;
        let role = match proposal.matter {
            Matter::Appoint(role) => Some(role.code()),
            Matter::Invite | Matter::ResetSecrets => None,
        };
        let day = |day: Option<Date>| day.map(|day| day.to_sqlx());
        sqlx::query!(
            "INSERT INTO organisation_proposal (id, matter, officer_id, name, unit_id, role, from_day, to_day, deputy_for, proposed_by, proposed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            id.uuid(),
            proposal.matter.code(),
            proposal.appointee.uuid(),
            name,
            proposal.unit.uuid(),
            role,
            day(term.map(|t| t.from)) as _,
            day(term.and_then(|t| t.to)) as _,
            term.and_then(|t| t.deputy_for).map(AppointmentId::uuid),
            proposal.proposer.uuid(),
            at.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        vec![self.0.entry("organisation.proposed")]
    }
}

/// A proposal took effect by the hand of whoever is at work.
#[derive(Debug, Clone)]
pub struct ProposalConfirmed {
    /// The proposal.
    pub proposed: Proposed,
    /// The id of the appointment, where one is proposed.
    pub appointment: AppointmentId,
    /// The code that is shown to whoever confirms.
    pub code: Option<(InvitationId, InvitationCode)>,
}

impl Change for ProposalConfirmed {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query_scalar!(
            r#"SELECT auth.confirm_proposal($1, $2, $3, $4, $5, $6) AS "done!""#,
            self.proposed.id.uuid(),
            self.appointment.uuid(),
            self.code.as_ref().map(|(id, _)| id.uuid()),
            self.code.as_ref().map(|(_, code)| code.digest(pen.sealer)),
            VALID_DAYS,
            pen.now.to_sqlx() as _
        )
        .fetch_one(&mut *pen.conn)
        .await?;
        done.then_some(()).ok_or(StoreError::NotFound)
    }

    fn entries(&self) -> Vec<Entry> {
        let mut entries = vec![self.proposed.entry("organisation.confirmed")];
        if let Matter::Appoint(role) = self.proposed.proposal.matter {
            let subject = Subject::new("appointment", self.appointment.uuid());
            let after = json!({
                "officer": self.proposed.proposal.appointee, "name": self.proposed.name, "role": role.code(),
                "from": self.proposed.term.map(|t| t.from),
            });
            entries.push(
                Entry::new("organisation.appointed", subject)
                    .at(self.proposed.division)
                    .after(after),
            );
        }
        entries
    }
}

/// A proposal was refused, or withdrawn by its proposer.
#[derive(Debug, Clone)]
pub struct ProposalRefused(pub Proposed);

impl Change for ProposalRefused {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query_scalar!(
            r#"SELECT auth.refuse_proposal($1, $2) AS "done!""#,
            self.0.id.uuid(),
            pen.now.to_sqlx() as _
        )
        .fetch_one(&mut *pen.conn)
        .await?;
        done.then_some(()).ok_or(StoreError::NotFound)
    }

    fn entries(&self) -> Vec<Entry> {
        vec![self.0.entry("organisation.proposal_refused")]
    }
}

/// An appointment was ended on a day.
#[derive(Debug, Clone, Copy)]
pub struct AppointmentEnded {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Its last day.
    pub last_day: Date,
}

impl Change for AppointmentEnded {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query_scalar!(
            r#"SELECT auth.end_appointment($1, $2) AS "done!""#,
            self.appointment.uuid(),
            self.last_day.to_sqlx() as _
        )
        .fetch_one(&mut *pen.conn)
        .await?;
        done.then_some(()).ok_or(StoreError::NotFound)
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("appointment", self.appointment.uuid());
        vec![
            Entry::new("organisation.appointment_ended", subject)
                .after(json!({ "to": self.last_day })),
        ]
    }
}

/// An open proposal within reach. Whoever settles it finds out then whether it still is.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub async fn proposal(work: &mut Work, id: ProposalId) -> Result<Proposed, StoreError> {
    let found = open_proposals(work, Some(id)).await?;
    found.into_iter().next().ok_or(StoreError::NotFound)
}

/// The open proposals within reach, the oldest first; of this id, if one is given.
///
/// # Errors
/// When the database does not answer.
pub async fn open_proposals(
    work: &mut Work,
    id: Option<ProposalId>,
) -> Result<Vec<Proposed>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT p.id, p.matter, p.officer_id, p.name, p.unit_id, p.role, p.from_day AS "from_day: jiff_sqlx::Date",
                  p.to_day AS "to_day: jiff_sqlx::Date", p.deputy_for, p.proposed_by, b.name AS "proposer_name?",
                  p.proposed_at AS "proposed_at: jiff_sqlx::Timestamp", u.division
           FROM organisation_proposal p JOIN organisation_unit u ON u.id = p.unit_id
           LEFT JOIN organisation_officer b ON b.id = p.proposed_by
           WHERE p.state = 'open' AND ($1::uuid IS NULL OR p.id = $1)
           ORDER BY p.proposed_at, p.id LIMIT 500"#,
        id.map(ProposalId::uuid)
    )
    .fetch_all(work.conn())
    .await?;
    let corrupt = |column| StoreError::Corrupt {
        table: "organisation_proposal",
        column,
    };
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let matter = match (row.matter.as_str(), row.role.as_deref()) {
            ("appoint", Some(role)) => Matter::Appoint(role_of(role)?),
            ("invite", None) => Matter::Invite,
            ("reset_secrets", None) => Matter::ResetSecrets,
            _ => return Err(corrupt("matter")),
        };
        let term = row.from_day.map(|from| Term {
            from: from.to_jiff(),
            to: row.to_day.map(|day| day.to_jiff()),
            deputy_for: row.deputy_for.map(AppointmentId::from_uuid),
        });
        found.push(Proposed {
            id: ProposalId::from_uuid(row.id),
            proposal: Proposal {
                matter,
                unit: UnitId::from_uuid(row.unit_id),
                appointee: OfficerId::from_uuid(row.officer_id),
                proposer: OfficerId::from_uuid(row.proposed_by),
            },
            name: row.name,
            proposer_name: row.proposer_name,
            term,
            division: Division::new(row.division).map_err(|_| corrupt("unit_id"))?,
            at: row.proposed_at.to_jiff(),
        });
    }
    Ok(found)
}

/// The units from this one upwards, each with those who may confirm.
///
/// # Errors
/// When the database does not answer.
pub async fn stations(work: &mut Work, unit: UnitId) -> Result<Vec<Station>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT unit_id AS "unit!", officer_id AS officer FROM auth.confirmers($1)"#,
        unit.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let mut stations: Vec<Station> = Vec::new();
    for row in rows {
        let unit = UnitId::from_uuid(row.unit);
        if stations.last().is_none_or(|station| station.unit != unit) {
            stations.push(Station {
                unit,
                confirmers: Vec::new(),
            });
        }
        if let (Some(station), Some(officer)) = (stations.last_mut(), row.officer) {
            station.confirmers.push(OfficerId::from_uuid(officer));
        }
    }
    Ok(stations)
}

/// The post of an appointment.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none within reach.
pub async fn held(work: &mut Work, appointment: AppointmentId) -> Result<Held, StoreError> {
    let row = sqlx::query!(
        "SELECT officer_id, unit_id, role FROM organisation_appointment WHERE id = $1",
        appointment.uuid()
    )
    .fetch_optional(work.conn())
    .await?
    .ok_or(StoreError::NotFound)?;
    Ok(Held {
        officer: OfficerId::from_uuid(row.officer_id),
        unit: UnitId::from_uuid(row.unit_id),
        role: role_of(&row.role)?,
    })
}

/// Whether nobody would be left to confirm anything in the uppermost unit after this appointment's last day.
///
/// # Errors
/// When the database does not answer.
pub async fn is_last_confirmer(
    work: &mut Work,
    appointment: AppointmentId,
    last_day: Date,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT auth.is_last_confirmer($1, $2) AS "last!""#,
        appointment.uuid(),
        last_day.to_sqlx() as _
    )
    .fetch_one(work.conn())
    .await?)
}

/// The unit that answers for an officer's account: the nearest from the officer's own upwards that serves every post he
/// or she holds or is to hold, because an account opens them all.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub async fn unit_of_account(work: &mut Work, officer: OfficerId) -> Result<UnitId, StoreError> {
    let unit = sqlx::query_scalar!("SELECT auth.unit_of_account($1)", officer.uuid())
        .fetch_one(work.conn())
        .await?;
    unit.map(UnitId::from_uuid).ok_or(StoreError::NotFound)
}

/// Whether the caller's unit serves every post of an officer, one in this unit included: only then is the caller shown a
/// code for the account.
///
/// # Errors
/// When the database does not answer.
pub async fn serves_posts(
    work: &mut Work,
    officer: OfficerId,
    and_post_in: UnitId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT auth.serves_posts($1, $2) AS "serves!""#,
        officer.uuid(),
        and_post_in.uuid()
    )
    .fetch_one(work.conn())
    .await?)
}

/// What kind of unit this is and where, within the caller's own reach.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not within reach.
pub async fn unit_kind(work: &mut Work, unit: UnitId) -> Result<(UnitKind, Division), StoreError> {
    let row = sqlx::query!(
        "SELECT kind, division FROM organisation_unit WHERE id = $1 AND auth.unit_serves(id) <@ (SELECT auth.unit_reach())",
        unit.uuid()
    )
    .fetch_optional(work.conn())
    .await?
    .ok_or(StoreError::NotFound)?;
    let corrupt = |column| StoreError::Corrupt {
        table: "organisation_unit",
        column,
    };
    let kind = UnitKind::ALL
        .into_iter()
        .find(|kind| kind.code() == row.kind)
        .ok_or(corrupt("kind"))?;
    let division = Division::new(row.division).map_err(|_| corrupt("division"))?;
    Ok((kind, division))
}
