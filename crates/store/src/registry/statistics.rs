//! The planner's statistics of the registry.

use crate::error::StoreError;
use crate::work::Work;

/// Tells the planner how the registry looks after many children came at once: until then it plans for an empty one.
///
/// # Errors
/// When the database does not answer.
pub async fn refresh_statistics(work: &mut Work) -> Result<(), StoreError> {
    sqlx::query!("SELECT auth.refresh_statistics() AS done")
        .fetch_one(work.conn())
        .await?;
    Ok(())
}
