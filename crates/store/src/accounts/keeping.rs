//! Accounts as a sign-in sees them, and their keeping.

use domain::organisation::Login;
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::journal::{Entry, Subject};
use kernel::roles::Role;
use serde_json::json;

use super::failures::Key;
use super::invitation::kept;
use super::password::PasswordHash;
use super::second_factor::TotpSecret;
use crate::error::StoreError;
use crate::work::{Change, Pen, Store};

/// An account, with what a sign-in is judged by.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Whose it is.
    pub officer: OfficerId,
    /// The password.
    pub password: PasswordHash,
    /// The second factor, and the last step used.
    pub second_factor: Option<(TotpSecret, Option<i64>)>,
    /// Whether it is locked by whoever keeps the accounts.
    pub locked: bool,
}

/// The account of a login name.
///
/// # Errors
/// When the database does not answer, or the second factor does not open.
pub async fn account_of(store: &Store, login: &Login) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT officer_id AS "officer!", password_hash AS "password!", totp_secret, totp_step, locked AS "locked!"
           FROM auth.account_of($1)"#,
        login.as_str()
    )
    .fetch_optional(store.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let officer = OfficerId::from_uuid(row.officer);
    let second_factor = match row.totp_secret {
        Some(sealed) => TotpSecret::from_bytes(&store.sealer().open(kept(officer), &sealed)?)
            .map(|secret| (secret, row.totp_step)),
        None => None,
    };
    Ok(Some(Stored {
        officer,
        password: PasswordHash::stored(row.password),
        second_factor,
        locked: row.locked,
    }))
}

/// A post that an officer may work under today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The appointment.
    pub appointment: AppointmentId,
    /// The role.
    pub role: Role,
    /// The unit.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
}

/// The posts an officer may work under today, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn posts_of(store: &Store, officer: OfficerId) -> Result<Vec<Posted>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT appointment_id AS "appointment!", role AS "role!", unit_id AS "unit!", unit_name AS "name!" FROM auth.posts_of($1)"#,
        officer.uuid()
    )
    .fetch_all(store.pool())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Posted {
                appointment: AppointmentId::from_uuid(row.appointment),
                role: role_of(&row.role)?,
                unit: UnitId::from_uuid(row.unit),
                unit_name: row.name,
            })
        })
        .collect()
}

/// The roles an officer has or is to have.
///
/// # Errors
/// When the database does not answer.
pub async fn roles_of(store: &Store, officer: OfficerId) -> Result<Vec<Role>, StoreError> {
    let codes = sqlx::query_scalar!(
        r#"SELECT role AS "role!" FROM auth.roles_of($1) AS role"#,
        officer.uuid()
    )
    .fetch_all(store.pool())
    .await?;
    codes.iter().map(|code| role_of(code)).collect()
}

/// A role as stored.
pub(super) fn role_of(code: &str) -> Result<Role, StoreError> {
    code.parse().map_err(|_| StoreError::Corrupt {
        table: "organisation_appointment",
        column: "role",
    })
}

/// An account was locked, which ends its sessions, or unlocked, which forgets its failures.
#[derive(Debug, Clone, Copy)]
pub struct AccountLocked {
    /// Whose.
    pub officer: OfficerId,
    /// Whether it was locked before.
    pub was_locked: bool,
    /// Locked or unlocked.
    pub locked: bool,
    /// The key its failures are counted under.
    pub key: Key,
}

impl Change for AccountLocked {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query_scalar!(
            r#"SELECT auth.lock_account($1, $2, $3) AS "done!""#,
            self.officer.uuid(),
            self.locked,
            self.key.bytes()
        )
        .fetch_one(&mut *pen.conn)
        .await?;
        done.then_some(()).ok_or(StoreError::NotFound)
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("officer", self.officer.uuid());
        let action = match self.locked {
            true => "organisation.account_locked",
            false => "organisation.account_unlocked",
        };
        vec![
            Entry::new(action, subject)
                .before(json!({ "locked": self.was_locked }))
                .after(json!({ "locked": self.locked })),
        ]
    }
}
