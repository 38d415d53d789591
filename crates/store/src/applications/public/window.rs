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
