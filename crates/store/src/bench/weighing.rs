//! Counting children by class and place without our rules: the raw limit of trying rates out.

use std::time::{Duration, Instant};

use super::ground::Office;
use crate::error::StoreError;

impl Office {
    /// Every open status in a cash class joined to its child and counted by class and household, by the tables' owner, whom no
    /// policy asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_bare(&self) -> Result<Duration, StoreError> {
        let count = "SELECT p.household_division, s.category, count(*) FROM registry_span s JOIN registry_person p ON p.id = s.child_id
                     WHERE s.status_group = 0 AND s.to_day IS NULL GROUP BY 1, 2";
        let mut conn = self.owner.acquire().await?;
        let began = Instant::now();
        sqlx::raw_sql(count).execute(&mut *conn).await?;
        Ok(began.elapsed())
    }
}
