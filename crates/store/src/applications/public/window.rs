//! The units at which somebody may apply, and those that decide.

use domain::organisation::UnitKind;
use kernel::division::Division;
use kernel::ids::UnitId;
use kernel::reach::Reach;

use super::pages::PublicStore;
use crate::error::StoreError;

/// A town, or a county's bureau.
#[derive(Debug, Clone)]
pub struct Window {
    /// The unit.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// A town or a county's bureau.
    pub kind: UnitKind,
    /// Where it is.
    pub division: Division,
    /// What it serves.
    pub serves: Reach,
}

/// The installation that decides for a household nobody here serves, by its name, if one is pinned.
///
/// # Errors
/// When the database does not answer.
pub async fn peer_for(
    store: &PublicStore,
    household: Division,
) -> Result<Option<String>, StoreError> {
    let name = sqlx::query_scalar!("SELECT auth.public_peer($1)", household.code())
        .fetch_one(store.pool())
        .await?;
    Ok(name)
}

/// A county that another installation serves, by its name with its city's.
#[derive(Debug, Clone)]
pub struct CountyAfar {
    /// Its name.
    pub name: String,
    /// Its division.
    pub division: Division,
    /// Its towns by name.
    pub towns: Vec<(String, Division)>,
}

/// The counties that pinned installations serve, with their towns, in the order of their divisions.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn counties_afar(store: &PublicStore) -> Result<Vec<CountyAfar>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT code AS "code!", name AS "name!", level AS "level!" FROM auth.public_places_afar()"#
    )
    .fetch_all(store.pool())
    .await?;
    let mut counties: Vec<CountyAfar> = Vec::new();
    for row in rows {
        let division = Division::new(row.code).map_err(|_| StoreError::Corrupt {
            table: "organisation_division",
            column: "code",
        })?;
        let within = counties
            .last_mut()
            .filter(|county| county.division.contains(division));
        match (row.level.as_str(), within) {
            ("town", Some(county)) => county.towns.push((row.name, division)),
            _ => counties.push(CountyAfar {
                name: row.name,
                division,
                towns: Vec::new(),
            }),
        }
    }
    Ok(counties)
}

/// All of them, in the order of their divisions.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn windows(store: &PublicStore) -> Result<Vec<Window>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!", name AS "name!", kind AS "kind!", division AS "division!", serves AS "serves!"
           FROM auth.public_units()"#
    )
    .fetch_all(store.pool())
    .await?;
    let corrupt = |column| StoreError::Corrupt {
        table: "organisation_unit",
        column,
    };
    rows.into_iter()
        .map(|row| {
            Ok(Window {
                id: UnitId::from_uuid(row.id),
                name: row.name,
                kind: UnitKind::from_code(&row.kind).ok_or_else(|| corrupt("kind"))?,
                division: Division::new(row.division).map_err(|_| corrupt("division"))?,
                serves: row.serves.parse().map_err(|_| corrupt("serves"))?,
            })
        })
        .collect()
}
