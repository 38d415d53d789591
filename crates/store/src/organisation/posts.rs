//! Units and posts, entered in bulk by whoever keeps the accounts.

use domain::organisation::UnitPlan;
use domain::registry::Hidden;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::Division;
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::journal::{Entry, Subject};
use kernel::roles::Role;
use serde_json::json;
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::seal_column;
use crate::work::{Change, Pen, Work};

/// A unit to found under another.
#[derive(Debug, Clone)]
pub struct NewUnit<'a> {
    /// Its id.
    pub id: UnitId,
    /// The unit above.
    pub parent: UnitId,
    /// What it is and serves.
    pub plan: &'a UnitPlan,
}

/// Units founded together.
pub struct UnitsFounded<'a>(pub &'a [NewUnit<'a>]);

impl Change for UnitsFounded<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = self.0.iter().map(|u| u.id.uuid()).collect();
        let names: Vec<&str> = self.0.iter().map(|u| u.plan.name.as_str()).collect();
        let kinds: Vec<&str> = self.0.iter().map(|u| u.plan.kind.code()).collect();
        let parents: Vec<Uuid> = self.0.iter().map(|u| u.parent.uuid()).collect();
        let divisions: Vec<i64> = self.0.iter().map(|u| u.plan.division.code()).collect();
        let serves: Vec<String> = self.0.iter().map(|u| u.plan.serves.to_string()).collect();
        let counted: Vec<bool> = self.0.iter().map(|u| u.plan.counted).collect();
        sqlx::query!(
            "INSERT INTO organisation_unit (id, name, kind, parent, division, serves, counted)
             SELECT u.id, u.name, u.kind, u.parent, u.division, u.serves::int8multirange, u.counted
             FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::int8[], $6::text[], $7::bool[])
                  AS u (id, name, kind, parent, division, serves, counted)",
            &ids,
            &names as _,
            &kinds as _,
            &parents,
            &divisions,
            &serves,
            &counted,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let founded = |unit: &NewUnit<'_>| {
            let after = json!({ "name": unit.plan.name, "kind": unit.plan.kind.code(), "serves": unit.plan.serves.to_string() });
            Entry::new(
                "organisation.unit_founded",
                Subject::new("unit", unit.id.uuid()),
            )
            .at(unit.plan.division)
            .after(after)
        };
        self.0.iter().map(founded).collect()
    }
}

/// An officer and the post he or she takes.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// The officer's id.
    pub officer: OfficerId,
    /// The appointment's id.
    pub appointment: AppointmentId,
    /// The unit.
    pub unit: UnitId,
    /// The unit's division, for the journal.
    pub division: Division,
    /// The officer's name.
    pub name: String,
    /// The officer's phone.
    pub phone: Option<Hidden>,
    /// The role.
    pub role: Role,
    /// The first day.
    pub from: Date,
    /// Whether the person is invented.
    pub invented: bool,
}

/// Posts filled together.
pub struct Staffed<'a>(pub &'a [NewPost]);

impl Change for Staffed<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let officers: Vec<Uuid> = self.0.iter().map(|p| p.officer.uuid()).collect();
        let units: Vec<Uuid> = self.0.iter().map(|p| p.unit.uuid()).collect();
        let names: Vec<&str> = self.0.iter().map(|p| p.name.as_str()).collect();
        let invented: Vec<bool> = self.0.iter().map(|p| p.invented).collect();
        let phones: Vec<Option<Vec<u8>>> = self
            .0
            .iter()
            .map(|p| {
                seal_column(
                    pen.sealer,
                    "organisation_officer",
                    "phone",
                    p.officer.uuid(),
                    p.phone.as_ref().map(Hidden::reveal),
                )
            })
            .collect();
        sqlx::query!(
            "INSERT INTO organisation_officer (id, name, phone, unit_id, invented)
             SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::bytea[], $4::uuid[], $5::bool[])",
            &officers,
            &names as _,
            &phones as _,
            &units,
            &invented,
        )
        .execute(&mut *pen.conn)
        .await?;
        let appointments: Vec<Uuid> = self.0.iter().map(|p| p.appointment.uuid()).collect();
        let roles: Vec<&str> = self.0.iter().map(|p| p.role.code()).collect();
        let from: Vec<jiff_sqlx::Date> = self.0.iter().map(|p| p.from.to_sqlx()).collect();
        sqlx::query!(
            "INSERT INTO organisation_appointment (id, officer_id, unit_id, role, from_day)
             SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[])",
            &appointments,
            &officers,
            &units,
            &roles as _,
            &from as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let staffed = |post: &NewPost| {
            let after = json!({ "officer": post.officer, "name": post.name, "role": post.role.code(), "from": post.from });
            Entry::new(
                "organisation.appointed",
                Subject::new("appointment", post.appointment.uuid()),
            )
            .at(post.division)
            .after(after)
        };
        self.0.iter().map(staffed).collect()
    }
}

/// The appointment that holds a role in the unit of this division today, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn unit_of(
    work: &mut Work,
    division: Division,
    role: Role,
) -> Result<Option<AppointmentId>, StoreError> {
    let id = sqlx::query_scalar!(
        "SELECT a.id FROM organisation_appointment a JOIN organisation_unit u ON u.id = a.unit_id
         WHERE u.division = $1 AND a.role = $2 AND a.to_day IS NULL ORDER BY a.from_day LIMIT 1",
        division.code(),
        role.code(),
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(id.map(AppointmentId::from_uuid))
}
