//! The day on which a decision was entered in the national system.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::journal::Entry;
use serde_json::json;

use super::application::{Application, entry_of};
use super::decision::Decision;
use crate::error::StoreError;
use crate::work::{Change, Pen};

/// A decision was entered in the national system, or on another day than was noted before.
#[derive(Debug)]
pub struct DecisionEntered<'a> {
    /// The application.
    pub application: &'a Application,
    /// The decision as it was.
    pub decision: &'a Decision,
    /// When it was entered there.
    pub on: Date,
}

impl Change for DecisionEntered<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        sqlx::query!(
            "INSERT INTO applications_entered (decision_id, application_id, on_day, entered_by, entered_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (decision_id) DO UPDATE SET on_day = excluded.on_day, entered_by = excluded.entered_by,
                 entered_at = excluded.entered_at",
            self.decision.id.uuid(),
            self.application.id.uuid(),
            self.on.to_sqlx() as _,
            pen.officer.uuid(),
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let entry = entry_of("applications.entered_nationally", self.application)
            .after(json!({ "decision": self.decision.id, "on": self.on }));
        vec![match self.decision.entered_on {
            Some(before) => entry.before(json!({ "on": before })),
            None => entry,
        }]
    }
}
