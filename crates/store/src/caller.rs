//! Who is at the other end of a session's token, asked once before a request is let in.

use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::roles::Role;

use crate::error::StoreError;
use crate::session::SessionToken;
use crate::work::Store;

/// An officer with an open session, under one appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    /// The appointment the session was opened for.
    pub appointment: AppointmentId,
    /// The officer.
    pub officer: OfficerId,
    /// The officer's unit under this appointment.
    pub unit: UnitId,
    /// The officer's role in it.
    pub role: Role,
}

impl Store {
    /// The officer whose session this token names, in one question to the database, which notes that it is in use.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] when the token names no session open today.
    pub async fn signed_in(&self, token: &SessionToken) -> Result<SignedIn, StoreError> {
        let who = sqlx::query!(
            r#"SELECT appointment_id AS "appointment!", officer_id AS "officer!", unit_id AS "unit!", role AS "role!",
                      auth.touch_session() IS NULL AS touched
               FROM auth.caller($1)"#,
            token.hex()
        )
        .fetch_optional(self.pool())
        .await?
        .ok_or(StoreError::NoSession)?;
        Ok(SignedIn {
            appointment: AppointmentId::from_uuid(who.appointment),
            officer: OfficerId::from_uuid(who.officer),
            unit: UnitId::from_uuid(who.unit),
            role: who.role.parse().map_err(|_| StoreError::Corrupt {
                table: "organisation_appointment",
                column: "role",
            })?,
        })
    }
}
