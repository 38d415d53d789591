//! Through which units an application goes.

use domain::applications::Station;
use domain::organisation::UnitKind;
use kernel::division::Division;
use kernel::ids::UnitId;
use kernel::reach::Reach;

use crate::error::StoreError;
use crate::work::Work;

/// The units of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units {
    /// Takes it in.
    pub accepting: UnitId,
    /// Verifies it.
    pub verifying: UnitId,
    /// Decides on it.
    pub deciding: UnitId,
}

/// The officer's own unit, as a window at which somebody applies.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn station(work: &mut Work) -> Result<Station, StoreError> {
    let unit = work.unit().uuid();
    let row = sqlx::query!(
        "SELECT kind, division FROM organisation_unit WHERE id = $1",
        unit
    )
    .fetch_one(work.conn())
    .await?;
    let corrupt = |column| StoreError::Corrupt {
        table: "organisation_unit",
        column,
    };
    Ok(Station {
        kind: UnitKind::from_code(&row.kind).ok_or_else(|| corrupt("kind"))?,
        division: Division::new(row.division).map_err(|_| corrupt("division"))?,
    })
}

/// A unit's name.
///
/// # Errors
/// When the database does not answer, or there is no such unit.
pub async fn unit_name(work: &mut Work, unit: UnitId) -> Result<String, StoreError> {
    let name = sqlx::query_scalar!(
        "SELECT name FROM organisation_unit WHERE id = $1",
        unit.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Ok(name)
}

/// Where a unit is.
///
/// # Errors
/// When the database does not answer, holds what cannot be, or there is no such unit.
pub async fn unit_division(work: &mut Work, unit: UnitId) -> Result<Division, StoreError> {
    let code = sqlx::query_scalar!(
        "SELECT division FROM organisation_unit WHERE id = $1",
        unit.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    Division::new(code).map_err(|_| StoreError::Corrupt {
        table: "organisation_unit",
        column: "division",
    })
}

/// The town and the county's bureau that serve a household, by what they serve and not by its code, and all that the
/// bureau serves. None where no bureau of this installation does.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn units_for(
    work: &mut Work,
    household: Division,
) -> Result<Option<(Option<UnitId>, UnitId, Reach)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, kind, serves::text AS "serves!" FROM organisation_unit
           WHERE kind IN ('town', 'county_bureau') AND serves @> $1::int8 ORDER BY division DESC, id"#,
        household.code()
    )
    .fetch_all(work.conn())
    .await?;
    let town = rows.iter().find(|row| row.kind == "town");
    let Some(county) = rows.iter().find(|row| row.kind == "county_bureau") else {
        return Ok(None);
    };
    let serves = county.serves.parse().map_err(|_| StoreError::Corrupt {
        table: "organisation_unit",
        column: "serves",
    })?;
    let town = town.map(|row| UnitId::from_uuid(row.id));
    Ok(Some((town, UnitId::from_uuid(county.id), serves)))
}
