//! Steps: what moved an application, and its clock counted again.

use domain::applications::{Act, Deadline, Hands, Outcome, Stage};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ApplicationId, OfficerId, StepId, UnitId};
use kernel::journal::Entry;
use serde_json::json;

use super::application::{Application, at_version, entry_of};
use crate::error::StoreError;
use crate::registry::{open_column, seal_column};
use crate::seal::Sealer;
use crate::work::{Change, Pen, Work};

pub(super) const TABLE: &str = "applications_step";

/// A reason, sealed for its step.
pub(crate) fn seal_reason(sealer: &Sealer, step: StepId, reason: Option<&str>) -> Option<Vec<u8>> {
    seal_column(sealer, TABLE, "reason", step.uuid(), reason)
}

/// A step taken.
#[derive(Debug)]
pub struct Stepped<'a> {
    /// The step's id.
    pub id: StepId,
    /// The application as it was.
    pub application: &'a Application,
    /// What was done.
    pub act: Act,
    /// The stage it leads to.
    pub to: Stage,
    /// The officer's unit.
    pub unit: UnitId,
    /// The hands it went through, this one included.
    pub hands: Hands,
    /// Whether this is the decision.
    pub decides: bool,
    /// What is decided so far.
    pub decided: Option<Outcome>,
    /// The clock that runs from here.
    pub clock: Option<&'a Deadline>,
    /// Why, in the officer's words.
    pub reason: Option<&'a str>,
    /// What a proposal or a decision says.
    pub outcome: Option<Outcome>,
}

impl Stepped<'_> {
    async fn move_on(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let was = &self.application.case;
        let owner = self.to.owner().map(|body| was.unit(body).uuid());
        let clock = self.clock;
        let days = clock.map(|clock| i32::try_from(clock.days).unwrap_or(i32::MAX));
        let proposed = self.hands.proposed;
        let done = sqlx::query!(
            "UPDATE applications_application SET stage = $3, owner_unit = $4, leg = $5, began = $6, days = $7, due = $8, provisional = $9,
                 calendar = $10, verifier_id = $11, proposer_id = $12, proposed = $13, decider_id = $14, decided = $15, version = version + 1
             WHERE id = $1 AND version = $2",
            self.application.id.uuid(),
            self.application.version,
            self.to.code(),
            owner,
            clock.map(|clock| clock.leg.code()),
            clock.map(|clock| clock.began.to_sqlx()) as _,
            days,
            clock.map(|clock| clock.due.to_sqlx()) as _,
            clock.map(|clock| clock.provisional),
            clock.map(|clock| clock.calendar.to_string()),
            self.hands.verifier.map(OfficerId::uuid),
            proposed.map(|(proposer, _)| proposer.uuid()),
            proposed.map(|(_, outcome)| outcome.code()),
            self.decides.then_some(pen.officer.uuid()),
            self.decided.map(Outcome::code),
        )
        .execute(&mut *pen.conn)
        .await?;
        at_version(done.rows_affected())
    }
}

impl Change for Stepped<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        // Before the application moves on: at its end the accepting unit may see it no longer.
        let id = self.id.uuid();
        sqlx::query!(
            "INSERT INTO applications_step (id, application_id, act, stage, at, officer_id, unit_id, reason, outcome, leg, due)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            id,
            self.application.id.uuid(),
            self.act.code(),
            self.to.code(),
            pen.now.to_sqlx() as _,
            pen.officer.uuid(),
            self.unit.uuid(),
            seal_column(pen.sealer, TABLE, "reason", id, self.reason) as _,
            self.outcome.map(Outcome::code),
            self.clock.map(|clock| clock.leg.code()),
            self.clock.map(|clock| clock.due.to_sqlx()) as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        self.move_on(pen).await?;
        if !self.to.is_open() {
            sqlx::query!(
                "SELECT auth.end_application_grant($1)",
                self.application.id.uuid()
            )
            .fetch_one(&mut *pen.conn)
            .await?;
        }
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let due = self.clock.map(|clock| clock.due);
        let after = json!({ "stage": self.to.code(), "due": due, "outcome": self.outcome });
        let entry = entry_of(action(self.act), self.application)
            .before(json!({ "stage": self.application.case.stage.code() }))
            .after(after);
        vec![match self.reason {
            Some(_) => entry.sealed_changed("reason"),
            None => entry,
        }]
    }
}

/// The journal's word for an act.
const fn action(act: Act) -> &'static str {
    match act {
        Act::Submit => "applications.submitted",
        Act::Notice => "applications.noticed",
        Act::Resubmit => "applications.resubmitted",
        Act::Accept => "applications.accepted",
        Act::Forward => "applications.forwarded",
        Act::Verify => "applications.verified",
        Act::Doubt => "applications.doubted",
        Act::Propose => "applications.proposed",
        Act::Return => "applications.returned",
        Act::Confirm => "applications.confirmed",
        Act::Refuse => "applications.refused",
        Act::Tell => "applications.told",
        Act::Object => "applications.objected",
        Act::Close => "applications.closed",
        Act::Withdraw => "applications.withdrawn",
    }
}

/// A step of an application's history.
#[derive(Debug, Clone)]
pub struct Step {
    /// What was done.
    pub act: Act,
    /// The stage it led to.
    pub to: Stage,
    /// When.
    pub at: Timestamp,
    /// By whom; none for an officer of a unit that this one does not see into.
    pub officer: Option<String>,
    /// In which unit, or in which other installation.
    pub unit: String,
    /// Whether it was done there.
    pub afar: bool,
    /// Why.
    pub reason: Option<String>,
    /// What a proposal or a decision said.
    pub outcome: Option<Outcome>,
    /// The last day in time of the leg that began or went on.
    pub due: Option<Date>,
}

/// An application's steps, the earliest first.
///
/// # Errors
/// When the database does not answer, or a reason does not open.
pub async fn steps(work: &mut Work, id: ApplicationId) -> Result<Vec<Step>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT s.id, s.act, s.stage, s.at AS "at: jiff_sqlx::Timestamp", o.name AS "officer?", coalesce(p.name, u.name) AS "unit!",
                  s.peer_id IS NOT NULL AS "afar!",
                  s.reason::bytea AS reason, s.outcome, s.due AS "due: jiff_sqlx::Date"
           FROM applications_step s JOIN organisation_unit u ON u.id = s.unit_id
           LEFT JOIN organisation_officer o ON o.id = s.officer_id
           LEFT JOIN exchange_peer p ON p.id = s.peer_id
           WHERE s.application_id = $1 ORDER BY s.at, s.id"#,
        id.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let corrupt = |column| StoreError::Corrupt {
        table: TABLE,
        column,
    };
    let sealer = work.store().sealer();
    rows.into_iter()
        .map(|row| {
            let reason = open_column(sealer, TABLE, "reason", row.id, row.reason.as_deref())?;
            Ok(Step {
                act: Act::from_code(&row.act).ok_or_else(|| corrupt("act"))?,
                to: Stage::from_code(&row.stage).ok_or_else(|| corrupt("stage"))?,
                at: row.at.to_jiff(),
                officer: row.officer,
                unit: row.unit,
                afar: row.afar,
                reason: reason.map(|reason| reason.reveal().to_owned()),
                outcome: row.outcome.as_deref().and_then(Outcome::from_code),
                due: row.due.map(|day| day.to_jiff()),
            })
        })
        .collect()
}

/// A provisional clock counted by the calendar that has come out since.
#[derive(Debug)]
pub struct Recounted<'a> {
    /// The application as it was.
    pub application: &'a Application,
    /// Its clock as it is.
    pub clock: &'a Deadline,
}

impl Change for Recounted<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "UPDATE applications_application SET due = $3, provisional = $4, calendar = $5, version = version + 1
             WHERE id = $1 AND version = $2 AND provisional",
            self.application.id.uuid(),
            self.application.version,
            self.clock.due.to_sqlx() as _,
            self.clock.provisional,
            self.clock.calendar.to_string(),
        )
        .execute(&mut *pen.conn)
        .await?;
        at_version(done.rows_affected())
    }

    fn entries(&self) -> Vec<Entry> {
        let was = self.application.case.clock.as_ref().map(|clock| clock.due);
        vec![
            entry_of("applications.recounted", self.application)
                .before(json!({ "due": was }))
                .after(
                    json!({ "due": self.clock.due, "calendar": self.clock.calendar.to_string() }),
                ),
        ]
    }
}
