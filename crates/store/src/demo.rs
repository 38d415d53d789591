//! What only a demo may do: its city's figures, counted by a function of the owner, and codes made by the owner alone.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{AppointmentId, OfficerId};
use sqlx::PgPool;

use crate::accounts::{InvitationCode, invite_founder};
use crate::error::StoreError;
use crate::organisation::Founder;
use crate::seal::Sealer;

/// The figures by key: a class of children, or `towns`, `villages`, `supervisors`, `directors`.
///
/// # Errors
/// When the installation is not a demo, or the database does not answer.
pub async fn figures(pool: &PgPool, as_of: Date) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT key AS "key!", value AS "value!" FROM demo_figures($1)"#,
        as_of.to_sqlx() as _
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.value)).collect())
}

/// A one-time code for an officer of a demo, made by the owner alone; in an office two people have to.
///
/// # Errors
/// [`StoreError::NotFound`] when the installation is no demo; when the database does not answer.
pub async fn invite(
    founder: &Founder<'_>,
    sealer: &Sealer,
    appointment: AppointmentId,
) -> Result<(OfficerId, InvitationCode), StoreError> {
    let mut owner = founder.owner.acquire().await?;
    let officer = sqlx::query_scalar!(
        "SELECT officer_id FROM organisation_appointment WHERE id = $1
         AND EXISTS (SELECT 1 FROM installation WHERE kind = 'demo')",
        appointment.uuid()
    )
    .fetch_optional(&mut *owner)
    .await?
    .ok_or(StoreError::NotFound)?;
    let officer = OfficerId::from_uuid(officer);
    let code = InvitationCode::generate(founder.entropy);
    let moment = (founder.now, founder.entropy);
    invite_founder(&mut owner, sealer, officer, &code, moment).await?;
    Ok((officer, code))
}
