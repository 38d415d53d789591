//! Sessions of accounts: opened by a sign-in, listed as devices, ended by their officer.

use jiff::Timestamp;
use kernel::ids::{AppointmentId, OfficerId, SessionId};
use kernel::journal::{Entry, Subject};
use serde_json::json;

use crate::error::StoreError;
use crate::session::SessionToken;
use crate::work::{Change, Pen, Store, Work};

/// Minutes without a request after which a session is over.
pub const IDLE_MINUTES: i32 = 30;
/// Hours after which it is over in any case.
const HOURS: i32 = 12;
/// Minutes for which a password given again counts.
const PROVED_MINUTES: i32 = 10;
/// What is kept of a device's own description.
const DEVICE_LENGTH: usize = 200;

/// Opens a session for an officer under an appointment, journals it, and answers its token.
///
/// # Errors
/// [`StoreError::NotFound`] when the account is locked or the appointment is not one of today.
pub async fn open_session(
    store: &Store,
    officer: OfficerId,
    appointment: AppointmentId,
    device: &str,
    by: &'static str,
) -> Result<SessionToken, StoreError> {
    let token = SessionToken::generate(store.entropy());
    let device: String = device
        .chars()
        .filter(|c| !c.is_control())
        .take(DEVICE_LENGTH)
        .collect();
    let mut tx = store.pool().begin().await?;
    let opened = sqlx::query_scalar!(
        r#"SELECT auth.open_session($1, $2, $3, $4, $5, $6) AS "opened!""#,
        token.hex(),
        officer.uuid(),
        appointment.uuid(),
        device,
        IDLE_MINUTES,
        HOURS
    )
    .fetch_one(&mut *tx)
    .await?;
    if !opened {
        return Err(StoreError::NotFound);
    }
    let mut work = store.begin_in(tx, &token, "").await?;
    work.apply(&Opened {
        officer,
        device,
        by,
    })
    .await?;
    work.commit().await?;
    Ok(token)
}

struct Opened {
    officer: OfficerId,
    device: String,
    by: &'static str,
}

impl Change for Opened {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("officer", self.officer.uuid());
        vec![
            Entry::new("organisation.signed_in", subject)
                .after(json!({ "device": self.device, "second_factor": self.by })),
        ]
    }
}

/// The present session ended by its officer.
#[derive(Debug, Clone, Copy)]
pub struct SignedOut(pub OfficerId);

impl Change for SignedOut {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        sqlx::query!("SELECT auth.revoke_session(NULL)")
            .fetch_one(&mut *pen.conn)
            .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("officer", self.0.uuid());
        vec![Entry::new("organisation.signed_out", subject)]
    }
}

/// One of the officer's own sessions ended from another.
#[derive(Debug, Clone, Copy)]
pub struct DeviceRevoked(pub SessionId);

impl Change for DeviceRevoked {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query_scalar!(
            r#"SELECT auth.revoke_session($1) AS "done!""#,
            self.0.uuid()
        )
        .fetch_one(&mut *pen.conn)
        .await?;
        done.then_some(()).ok_or(StoreError::NotFound)
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("session", self.0.uuid());
        vec![Entry::new("organisation.device_revoked", subject)]
    }
}

/// The officer gave password and second factor again.
#[derive(Debug, Clone, Copy)]
pub struct SessionProved(pub OfficerId);

impl Change for SessionProved {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        sqlx::query!("SELECT auth.prove_session()")
            .fetch_one(&mut *pen.conn)
            .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("officer", self.0.uuid());
        vec![Entry::new("organisation.reauthenticated", subject)]
    }
}

/// Whether the officer gave the password within the last ten minutes: asked before money, export and secrets.
///
/// # Errors
/// When the database does not answer.
pub async fn proved_recently(work: &mut Work) -> Result<bool, StoreError> {
    let proved = sqlx::query_scalar!(
        r#"SELECT auth.proved_within($1) AS "proved!""#,
        PROVED_MINUTES
    )
    .fetch_one(work.conn())
    .await?;
    Ok(proved)
}

/// The login name of the officer at work, if there is an account.
///
/// # Errors
/// When the database does not answer.
pub async fn own_login(work: &mut Work) -> Result<Option<String>, StoreError> {
    let login = sqlx::query_scalar!("SELECT auth.login_of_caller()")
        .fetch_one(work.conn())
        .await?;
    Ok(login)
}

/// An open session, as its officer recognises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The session.
    pub id: SessionId,
    /// What the device called itself.
    pub device: String,
    /// When it signed in.
    pub opened_at: Timestamp,
    /// When it was last heard of, to the minute.
    pub last_seen_at: Timestamp,
    /// Whether it is the one asking.
    pub this: bool,
}

/// The officer's own open sessions, the newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn devices(work: &mut Work) -> Result<Vec<Device>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!", device AS "device!", opened_at AS "opened_at!: jiff_sqlx::Timestamp",
                  last_seen_at AS "last_seen_at!: jiff_sqlx::Timestamp", this AS "this!"
           FROM auth.devices()"#
    )
    .fetch_all(work.conn())
    .await?;
    let devices = rows.into_iter().map(|row| Device {
        id: SessionId::from_uuid(row.id),
        device: row.device,
        opened_at: row.opened_at.to_jiff(),
        last_seen_at: row.last_seen_at.to_jiff(),
        this: row.this,
    });
    Ok(devices.collect())
}

/// The open sessions of an officer whose account is kept here, the newest first; none for any other.
///
/// # Errors
/// When the database does not answer.
pub async fn devices_of(work: &mut Work, officer: OfficerId) -> Result<Vec<Device>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id!", device AS "device!", opened_at AS "opened_at!: jiff_sqlx::Timestamp",
                  last_seen_at AS "last_seen_at!: jiff_sqlx::Timestamp", this AS "this!"
           FROM auth.devices_of($1)"#,
        officer.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let devices = rows.into_iter().map(|row| Device {
        id: SessionId::from_uuid(row.id),
        device: row.device,
        opened_at: row.opened_at.to_jiff(),
        last_seen_at: row.last_seen_at.to_jiff(),
        this: row.this,
    });
    Ok(devices.collect())
}

/// A session of an officer ended by whoever keeps the account.
#[derive(Debug, Clone, Copy)]
pub struct SessionEnded {
    /// Whose.
    pub officer: OfficerId,
    /// Which.
    pub session: SessionId,
}

impl Change for SessionEnded {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query_scalar!(
            r#"SELECT auth.revoke_session_of($1, $2) AS "done!""#,
            self.officer.uuid(),
            self.session.uuid()
        )
        .fetch_one(&mut *pen.conn)
        .await?;
        done.then_some(()).ok_or(StoreError::NotFound)
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("officer", self.officer.uuid());
        vec![
            Entry::new("organisation.session_ended", subject)
                .after(json!({ "session": self.session })),
        ]
    }
}
