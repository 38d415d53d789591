//! Where the caller's unit sits among the divisions.

use kernel::division::Division;
use kernel::gazetteer::Entry;

use super::divisions::division_path;
use crate::error::StoreError;
use crate::work::Work;

/// The division of the caller's unit and those above it, the uppermost first.
///
/// # Errors
/// When the database does not answer, or holds what is no division.
pub async fn seat(work: &mut Work) -> Result<Vec<Entry>, StoreError> {
    let unit = work.unit().uuid();
    let code = sqlx::query_scalar!("SELECT division FROM organisation_unit WHERE id = $1", unit)
        .fetch_one(work.conn())
        .await?;
    let division = Division::new(code).map_err(|_| StoreError::Corrupt {
        table: "organisation_unit",
        column: "division",
    })?;
    division_path(work, division).await
}
