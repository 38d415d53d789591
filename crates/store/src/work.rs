//! `Work`: an officer at work on one matter. The only way into the store.
//!
//! **Invariant.** Every business row is written by [`Work::apply`], which writes the change and its journal entries in
//! one transaction; dropping a `Work` rolls everything back. A refusal alone is journalled in a transaction of its own.
//! What an officer may see is decided by the database from the session's token, whatever the program believes.

use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::clock::{Clock, Entropy};
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::journal::{Entry, Subject};
use kernel::reach::Reach;
use kernel::roles::Role;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::allowances::Connecting;
use crate::error::StoreError;
use crate::refusal;
use crate::seal::Sealer;
use crate::session::SessionToken;

/// The store as the program's role sees it.
#[derive(Clone)]
pub struct Store {
    pool: PgPool,
    refusals: PgPool,
    sealer: Arc<Sealer>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Store {
    /// A store over connections of the program's role.
    #[must_use]
    pub fn new(
        pool: PgPool,
        sealer: Arc<Sealer>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            refusals: refusal::connections(&pool),
            pool,
            sealer,
            clock,
            entropy,
        }
    }

    /// Connections for refusals alone.
    pub(crate) fn refusals(&self) -> &PgPool {
        &self.refusals
    }

    /// Connections of the program's role, for health checks and the demo's figures.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Seals, opens and indexes secrets.
    #[must_use]
    pub fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// The sealer, to share.
    pub(crate) fn shared_sealer(&self) -> Arc<Sealer> {
        Arc::clone(&self.sealer)
    }

    /// The installation's clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The same store by another clock, for a demo whose history lies behind its today.
    #[must_use]
    pub fn at(&self, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            ..self.clone()
        }
    }

    /// The installation's clock, to share.
    #[must_use]
    pub fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// The source of chance, to share.
    #[must_use]
    pub fn shared_entropy(&self) -> Arc<dyn Entropy> {
        Arc::clone(&self.entropy)
    }

    /// The source of chance for new ids.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// Begins work for the officer whose session the token names.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] when the token names no session open today.
    pub async fn begin(&self, token: &SessionToken, purpose: &str) -> Result<Work, StoreError> {
        let tx = self.pool.begin().await?;
        self.begin_in(tx, token, purpose).await
    }

    /// As [`Store::begin`], in a transaction begun elsewhere.
    pub(crate) async fn begin_in(
        &self,
        mut tx: Transaction<'static, Postgres>,
        token: &SessionToken,
        purpose: &str,
    ) -> Result<Work, StoreError> {
        sqlx::query!("SELECT set_config('hutong.token', $1, true)", token.hex())
            .fetch_one(&mut *tx)
            .await?;
        let who = sqlx::query!(
            r#"SELECT appointment_id AS "appointment!", officer_id AS "officer!", unit_id AS "unit!", role AS "role!",
                      auth.reach()::text AS "reach!", ARRAY(SELECT auth.granted()) AS "granted!"
               FROM auth.whoami()"#
        )
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(StoreError::NoSession)?;
        Ok(Work {
            store: self.clone(),
            token: token.clone(),
            tx,
            appointment: AppointmentId::from_uuid(who.appointment),
            officer: OfficerId::from_uuid(who.officer),
            unit: UnitId::from_uuid(who.unit),
            role: who.role.parse().map_err(|_| StoreError::Corrupt {
                table: "organisation_appointment",
                column: "role",
            })?,
            reach: who.reach.parse().map_err(|_| StoreError::Corrupt {
                table: "organisation_unit",
                column: "serves",
            })?,
            granted: who.granted,
            purpose: purpose.to_owned(),
            now: self.clock.now(),
        })
    }
}

/// A change of business rows together with what the journal says of it.
pub trait Change: Sync {
    /// Writes the rows.
    fn write(&self, pen: &mut Pen<'_>) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// What was done, one entry for each subject.
    fn entries(&self) -> Vec<Entry>;
}

/// What a [`Change`] writes with.
pub struct Pen<'w> {
    /// The transaction's connection.
    pub conn: &'w mut PgConnection,
    /// Seals what must be sealed.
    pub sealer: &'w Sealer,
    /// Chance for the ids of dependent rows.
    pub entropy: &'w dyn Entropy,
    /// Who writes.
    pub officer: OfficerId,
    /// The moment of the work.
    pub now: Timestamp,
}

/// One officer's transaction: who, in which role and unit, for what purpose, and when.
pub struct Work {
    store: Store,
    token: SessionToken,
    tx: Transaction<'static, Postgres>,
    appointment: AppointmentId,
    officer: OfficerId,
    unit: UnitId,
    role: Role,
    reach: Reach,
    granted: Vec<Uuid>,
    purpose: String,
    now: Timestamp,
}

impl Work {
    /// The officer at work.
    #[must_use]
    pub fn officer(&self) -> OfficerId {
        self.officer
    }

    /// The appointment the officer acts under.
    #[must_use]
    pub fn appointment(&self) -> AppointmentId {
        self.appointment
    }

    /// The officer's unit.
    #[must_use]
    pub fn unit(&self) -> UnitId {
        self.unit
    }

    /// The officer's role in it.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The divisions whose children the officer sees.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// When the work began, on the installation's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The store, for sealing and for new ids.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Journals that this work was refused something, whatever becomes of the work itself.
    ///
    /// # Errors
    /// As [`Store::refuse`].
    pub async fn refuse(&self, action: &'static str, subject: Subject) -> Result<(), StoreError> {
        self.store
            .refuse(&self.token, action, subject, &self.purpose)
            .await
    }

    /// How connections beside this one are made, which act for the same officer.
    pub(crate) fn connecting(&self) -> Connecting {
        Connecting {
            options: (*self.store.pool.connect_options()).clone(),
            token: self.token.clone(),
        }
    }

    /// Children the unit sees beyond its divisions.
    pub(crate) fn granted(&self) -> &[Uuid] {
        &self.granted
    }

    /// The transaction's connection, for reads.
    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Writes a change and its journal entries, or neither.
    ///
    /// # Errors
    /// When the database refuses a row; the transaction is then of no further use.
    pub async fn apply(&mut self, change: &impl Change) -> Result<(), StoreError> {
        let mut pen = Pen {
            conn: &mut self.tx,
            sealer: &self.store.sealer,
            entropy: &*self.store.entropy,
            officer: self.officer,
            now: self.now,
        };
        change.write(&mut pen).await?;
        let entries = change.entries();
        self.record(&entries).await
    }

    /// Makes everything applied so far last.
    ///
    /// # Errors
    /// When the database refuses to commit, or refused something before, whatever the caller made of that: then nothing
    /// was done. [`StoreError::InDoubt`] when it was lost before it could answer.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        // To COMMIT a failed transaction answers with ROLLBACK and no error; to a query it owns up.
        sqlx::query!("SELECT 1 AS alive")
            .fetch_one(&mut *self.tx)
            .await?;
        self.tx.commit().await.map_err(|error| match error {
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => StoreError::InDoubt(error),
            answered => answered.into(),
        })
    }

    /// What names no place, such as a sign-in, is filed under the officer's own unit, where the auditor looks.
    async fn record(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let actions: Vec<&str> = entries.iter().map(|e| e.action).collect();
        let kinds: Vec<&str> = entries.iter().map(|e| e.subject.kind).collect();
        let subjects: Vec<Uuid> = entries.iter().map(|e| e.subject.id).collect();
        let divisions: Vec<Option<i64>> = entries
            .iter()
            .map(|e| e.division.map(|d| d.code()))
            .collect();
        let sealed: Vec<bool> = entries.iter().map(|e| e.sealed).collect();
        let before: Vec<Option<String>> = entries.iter().map(|e| json_text(&e.before)).collect();
        let after: Vec<Option<String>> = entries.iter().map(|e| json_text(&e.after)).collect();
        sqlx::query!(
            "INSERT INTO journal_entry
                 (at, officer_id, unit_id, role, purpose, action, subject_kind, subject_id, division, sealed, before, after)
             SELECT $1, $2, $3, $4, $5, e.action, e.kind, e.subject,
                    coalesce(e.division, (SELECT u.division FROM organisation_unit u WHERE u.id = $3)), e.sealed, e.before::jsonb, e.after::jsonb
             FROM (SELECT UNNEST($6::text[]) AS action, UNNEST($7::text[]) AS kind, UNNEST($8::uuid[]) AS subject,
                          UNNEST($9::int8[]) AS division, UNNEST($10::bool[]) AS sealed, UNNEST($11::text[]) AS before,
                          UNNEST($12::text[]) AS after) AS e",
            self.now.to_sqlx() as _,
            self.officer.uuid(),
            self.unit.uuid(),
            self.role.code(),
            self.purpose,
            &actions as _,
            &kinds as _,
            &subjects,
            &divisions as _,
            &sealed,
            &before as _,
            &after as _,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

fn json_text(value: &serde_json::Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}
