//! Names of officers and places, one at a time.

use kernel::division::Division;
use kernel::ids::OfficerId;

use crate::error::StoreError;
use crate::work::Work;

/// An officer's name.
///
/// # Errors
/// [`StoreError::NotFound`] when the officer is not within reach.
pub async fn officer_name(work: &mut Work, officer: OfficerId) -> Result<String, StoreError> {
    let name = sqlx::query_scalar!(
        "SELECT name FROM organisation_officer WHERE id = $1",
        officer.uuid()
    )
    .fetch_optional(work.conn())
    .await?;
    name.ok_or(StoreError::NotFound)
}

/// A division's name.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such division.
pub async fn division_name(work: &mut Work, division: Division) -> Result<String, StoreError> {
    let name = sqlx::query_scalar!(
        "SELECT name FROM organisation_division WHERE code = $1",
        division.code()
    )
    .fetch_optional(work.conn())
    .await?;
    name.ok_or(StoreError::NotFound)
}
