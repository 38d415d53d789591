//! Founding: the first unit and the first officers, entered by the owner because nobody is there yet to appoint them.

use domain::organisation::UnitPlan;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::clock::{Entropy, legal_day};
use kernel::division::Division;
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::roles::Role;
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::accounts::{InvitationCode, invite_founder};
use crate::error::StoreError;
use crate::seal::Sealer;

/// Who founds, when, and with what chance.
pub struct Founder<'a> {
    /// The owner's connections.
    pub owner: &'a PgPool,
    /// The source of chance for ids.
    pub entropy: &'a dyn Entropy,
    /// The moment.
    pub now: Timestamp,
}

/// A first officer of the root unit.
#[derive(Debug, Clone, Copy)]
pub struct FounderPost<'a> {
    /// The officer's name.
    pub name: &'a str,
    /// The role.
    pub role: Role,
    /// Whether the person is invented.
    pub invented: bool,
}

/// Founds the root unit with its first officers, and answers their appointments in order.
///
/// # Errors
/// When the database does not answer: then nothing is founded.
pub async fn found_root(
    founder: &Founder<'_>,
    plan: &UnitPlan,
    posts: &[FounderPost<'_>],
) -> Result<(UnitId, Vec<AppointmentId>), StoreError> {
    let mut tx = founder.owner.begin().await?;
    let unit = insert_unit(&mut tx, founder, plan, None).await?;
    let mut appointments = Vec::new();
    for post in posts {
        appointments.push(
            appoint(&mut tx, founder, unit, plan.division, post)
                .await?
                .0,
        );
    }
    tx.commit().await?;
    Ok((unit, appointments))
}

/// A first officer with the one-time code that makes the account.
#[derive(Debug, Clone)]
pub struct InvitedFounder {
    /// The officer.
    pub officer: OfficerId,
    /// The appointment.
    pub appointment: AppointmentId,
    /// The code, to be shown once.
    pub code: InvitationCode,
    /// Until when it is valid.
    pub expires_at: Timestamp,
}

/// As [`found_root`], and every officer gets a one-time code.
///
/// # Errors
/// When the database does not answer: then nothing is founded.
pub async fn found_office(
    founder: &Founder<'_>,
    sealer: &Sealer,
    plan: &UnitPlan,
    posts: &[FounderPost<'_>],
) -> Result<(UnitId, Vec<InvitedFounder>), StoreError> {
    let mut tx = founder.owner.begin().await?;
    let unit = insert_unit(&mut tx, founder, plan, None).await?;
    let mut invited = Vec::new();
    for post in posts {
        let (appointment, officer) = appoint(&mut tx, founder, unit, plan.division, post).await?;
        let code = InvitationCode::generate(founder.entropy);
        let moment = (founder.now, founder.entropy);
        let expires_at = invite_founder(&mut tx, sealer, officer, &code, moment).await?;
        invited.push(InvitedFounder {
            officer,
            appointment,
            code,
            expires_at,
        });
    }
    tx.commit().await?;
    Ok((unit, invited))
}

/// The name under which the person at the machine's own terminal works.
const OPERATOR: &str = "本机操作员";

/// The appointment of the machine's operator in the unit that serves `place`: found, or made with its unit.
///
/// Whoever holds the owner's connection holds the machine; what is done this way stands in the journal under this name.
///
/// # Errors
/// When the place is no known division, or the database does not answer.
pub async fn operator(
    founder: &Founder<'_>,
    place: Division,
    role: Role,
) -> Result<AppointmentId, StoreError> {
    let mut tx = founder.owner.begin().await?;
    let appointment = operator_in(&mut tx, founder, place, role).await?;
    tx.commit().await?;
    Ok(appointment)
}

/// Whether [`operator`] would find the appointment, and make none.
///
/// # Errors
/// When the database does not answer.
pub async fn has_operator(
    founder: &Founder<'_>,
    place: Division,
    role: Role,
) -> Result<bool, StoreError> {
    let mut conn = founder.owner.acquire().await?;
    Ok(match unit_serving(&mut conn, place).await? {
        Some(unit) => operator_of(&mut conn, unit, role).await?.is_some(),
        None => false,
    })
}

async fn operator_of(
    conn: &mut PgConnection,
    unit: UnitId,
    role: Role,
) -> Result<Option<AppointmentId>, StoreError> {
    let found = sqlx::query_scalar!(
        "SELECT a.id FROM organisation_appointment a JOIN organisation_officer o ON o.id = a.officer_id
         WHERE a.unit_id = $1 AND a.role = $2 AND o.name = $3 AND a.to_day IS NULL LIMIT 1",
        unit.uuid(),
        role.code(),
        OPERATOR,
    )
    .fetch_optional(&mut *conn)
    .await?;
    Ok(found.map(AppointmentId::from_uuid))
}

/// As [`operator`], within a transaction of the owner's.
pub(crate) async fn operator_in(
    tx: &mut PgConnection,
    founder: &Founder<'_>,
    place: Division,
    role: Role,
) -> Result<AppointmentId, StoreError> {
    let unit = match unit_serving(tx, place).await? {
        Some(unit) => unit,
        None => {
            let plan = plan_for(tx, place).await?;
            let parent = unit_above(tx, place).await?;
            insert_unit(tx, founder, &plan, parent).await?
        }
    };
    if let Some(found) = operator_of(tx, unit, role).await? {
        return Ok(found);
    }
    let post = FounderPost {
        name: OPERATOR,
        role,
        invented: false,
    };
    Ok(appoint(tx, founder, unit, place, &post).await?.0)
}

/// The smallest unit whose reach holds the whole place; of equals the bureau stands before the others.
async fn unit_serving(
    conn: &mut PgConnection,
    place: Division,
) -> Result<Option<UnitId>, StoreError> {
    let range = place.range();
    let unit = sqlx::query_scalar!(
        "SELECT id FROM organisation_unit WHERE division = $1 AND int8range($2, $3) <@ serves ORDER BY kind, id LIMIT 1",
        place.code(),
        range.start,
        range.end,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(id) = unit {
        return Ok(Some(UnitId::from_uuid(id)));
    }
    // A district that hands streets to a special zone serves less than its whole code range.
    let unit = sqlx::query_scalar!(
        "SELECT id FROM organisation_unit WHERE division = $1 AND kind = 'county_bureau' ORDER BY id LIMIT 1",
        place.code(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(unit.map(UnitId::from_uuid))
}

/// The nearest unit above that serves the place; none for a place that is another office's.
async fn unit_above(conn: &mut PgConnection, place: Division) -> Result<Option<Uuid>, StoreError> {
    let range = place.range();
    // Of the divisions that hold a place the nearest has the greatest code.
    Ok(sqlx::query_scalar!(
        "SELECT id FROM organisation_unit WHERE int8range($1, $2) <@ serves ORDER BY division DESC, kind, id LIMIT 1",
        range.start,
        range.end,
    )
    .fetch_optional(conn)
    .await?)
}

async fn plan_for(conn: &mut PgConnection, place: Division) -> Result<UnitPlan, StoreError> {
    let division = sqlx::query!(
        "SELECT name, level FROM organisation_division WHERE code = $1",
        place.code()
    )
    .fetch_optional(conn)
    .await?
    .ok_or(StoreError::NotFound)?;
    Ok(UnitPlan::of_division(place, &division.name))
}

async fn insert_unit(
    conn: &mut PgConnection,
    founder: &Founder<'_>,
    plan: &UnitPlan,
    parent: Option<Uuid>,
) -> Result<UnitId, StoreError> {
    let unit = UnitId::generate(founder.now, founder.entropy);
    sqlx::query!(
        "INSERT INTO organisation_unit (id, name, kind, parent, division, serves, counted) VALUES ($1, $2, $3, $4, $5, $6::text::int8multirange, $7)",
        unit.uuid(),
        plan.name,
        plan.kind.code(),
        parent,
        plan.division.code(),
        plan.serves.to_string(),
        plan.counted,
    )
    .execute(conn)
    .await?;
    Ok(unit)
}

async fn appoint(
    conn: &mut PgConnection,
    founder: &Founder<'_>,
    unit: UnitId,
    division: Division,
    post: &FounderPost<'_>,
) -> Result<(AppointmentId, OfficerId), StoreError> {
    let officer = OfficerId::generate(founder.now, founder.entropy);
    let appointment = AppointmentId::generate(founder.now, founder.entropy);
    let from: Date = legal_day(founder.now);
    sqlx::query!(
        "INSERT INTO organisation_officer (id, name, unit_id, invented) VALUES ($1, $2, $3, $4)",
        officer.uuid(),
        post.name,
        unit.uuid(),
        post.invented
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO organisation_appointment (id, officer_id, unit_id, role, from_day) VALUES ($1, $2, $3, $4, $5)",
        appointment.uuid(),
        officer.uuid(),
        unit.uuid(),
        post.role.code(),
        from.to_sqlx() as _,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO journal_entry (at, officer_id, unit_id, role, purpose, action, subject_kind, subject_id, division, after)
         VALUES ($1, $2, $3, $4, 'founding', 'organisation.founded', 'appointment', $5, $6, $7)",
        founder.now.to_sqlx() as _,
        officer.uuid(),
        unit.uuid(),
        post.role.code(),
        appointment.uuid(),
        division.code(),
        json!({ "name": post.name, "role": post.role.code() }),
    )
    .execute(conn)
    .await?;
    Ok((appointment, officer))
}
