//! Where a child is placed, and which units are granted a look at its file.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ChildId, GrantId, PlacementId, UnitId};
use kernel::journal::Entry;
use serde_json::json;

use crate::error::StoreError;
use crate::registry::file::ChildFile;
use crate::registry::guardian::{entry_of, only_one};
use crate::work::{Change, Pen, Work};

/// A child's stay in a unit, such as a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Its id.
    pub id: PlacementId,
    /// The unit.
    pub unit: UnitId,
    /// The first day.
    pub from: Date,
    /// The first day elsewhere.
    pub to: Option<Date>,
}

/// A child's placements, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn placements(work: &mut Work, child: ChildId) -> Result<Vec<Placement>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, unit_id, from_day, to_day FROM registry_placement WHERE child_id = $1 ORDER BY from_day DESC, id DESC",
        child.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let placement = |row: Row| Placement {
        id: PlacementId::from_uuid(row.0),
        unit: UnitId::from_uuid(row.1),
        from: row.2.to_jiff(),
        to: row.3.map(|day| day.to_jiff()),
    };
    Ok(rows
        .into_iter()
        .map(|row| placement((row.id, row.unit_id, row.from_day, row.to_day)))
        .collect())
}

type Row = (
    uuid::Uuid,
    uuid::Uuid,
    jiff_sqlx::Date,
    Option<jiff_sqlx::Date>,
);

/// A placement entered.
#[derive(Debug)]
pub struct Placed<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The placement.
    pub placement: Placement,
}

impl Change for Placed<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let Placement { id, unit, from, to } = self.placement;
        sqlx::query!(
            "INSERT INTO registry_placement (id, child_id, unit_id, from_day, to_day) VALUES ($1, $2, $3, $4, $5)",
            id.uuid(),
            self.file.child.uuid(),
            unit.uuid(),
            from.to_sqlx() as _,
            to.map(|day| day.to_sqlx()) as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let Placement { unit, from, to, .. } = self.placement;
        let after = json!({ "unit": unit, "from": from, "to": to });
        vec![entry_of("registry.child_placed", self.file).after(after)]
    }
}

/// A placement ended.
#[derive(Debug)]
pub struct PlacementEnded<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The placement.
    pub placement: PlacementId,
    /// The first day elsewhere.
    pub to: Date,
}

impl Change for PlacementEnded<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "UPDATE registry_placement SET to_day = $3 WHERE id = $1 AND child_id = $2 AND to_day IS NULL AND from_day <= $3",
            self.placement.uuid(),
            self.file.child.uuid(),
            self.to.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        only_one(done.rows_affected())
    }

    fn entries(&self) -> Vec<Entry> {
        let after = json!({ "placement": self.placement, "to": self.to });
        vec![entry_of("registry.placement_ended", self.file).after(after)]
    }
}

/// A unit's dated permission to see one child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The unit.
    pub unit: UnitId,
    /// What for.
    pub purpose: String,
    /// The last day.
    pub until: Date,
}

/// The grants of a child's file, ended ones among them.
///
/// # Errors
/// When the database does not answer.
pub async fn grants(work: &mut Work, child: ChildId) -> Result<Vec<Grant>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, unit_id, purpose, until_day FROM registry_grant WHERE child_id = $1 ORDER BY until_day DESC, id DESC",
        child.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Grant {
            id: GrantId::from_uuid(row.id),
            unit: UnitId::from_uuid(row.unit_id),
            purpose: row.purpose,
            until: row.until_day.to_jiff(),
        })
        .collect())
}

/// A grant given.
#[derive(Debug)]
pub struct Granted<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The grant.
    pub grant: &'a Grant,
}

impl Change for Granted<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO registry_grant (id, child_id, unit_id, purpose, until_day) VALUES ($1, $2, $3, $4, $5)",
            self.grant.id.uuid(),
            self.file.child.uuid(),
            self.grant.unit.uuid(),
            self.grant.purpose,
            self.grant.until.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let Grant {
            unit,
            purpose,
            until,
            ..
        } = self.grant;
        let after = json!({ "unit": unit, "purpose": purpose, "until": until });
        vec![entry_of("registry.file_granted", self.file).after(after)]
    }
}

/// A grant that ends earlier than was said.
#[derive(Debug)]
pub struct GrantEnded<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The grant.
    pub grant: GrantId,
    /// The last day.
    pub until: Date,
}

impl Change for GrantEnded<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "UPDATE registry_grant SET until_day = $3 WHERE id = $1 AND child_id = $2 AND until_day > $3",
            self.grant.uuid(),
            self.file.child.uuid(),
            self.until.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        only_one(done.rows_affected())
    }

    fn entries(&self) -> Vec<Entry> {
        let after = json!({ "grant": self.grant, "until": self.until });
        vec![entry_of("registry.grant_ended", self.file).after(after)]
    }
}

/// Whether there is such a unit.
///
/// # Errors
/// When the database does not answer.
pub async fn unit_exists(work: &mut Work, unit: UnitId) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM organisation_unit WHERE id = $1) AS "exists!""#,
        unit.uuid()
    )
    .fetch_one(work.conn())
    .await?)
}

/// The name of the officer at work.
///
/// # Errors
/// When the database does not answer.
pub async fn own_name(work: &mut Work) -> Result<String, StoreError> {
    let officer = work.officer().uuid();
    Ok(sqlx::query_scalar!(
        "SELECT name FROM organisation_officer WHERE id = $1",
        officer
    )
    .fetch_one(work.conn())
    .await?)
}
