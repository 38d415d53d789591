//! What the other side of a shared application reports.

use domain::applications::{Act, Afar, Case, Deadline, Hands, Leg, Outcome, Path, Stage};
use domain::exchange::Decided;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ApplicationId, StepId, UnitId};

use super::door::Door;
use crate::applications::{Grounds, decision_cell, seal_reason};
use crate::error::StoreError;

/// A shared application as it stands here.
#[derive(Debug, Clone)]
pub struct SharedCase {
    /// Its id here.
    pub id: ApplicationId,
    /// Where it stands.
    pub case: Case,
    /// The child's household.
    pub household: Division,
    /// What recognition is applied for.
    pub category: Category,
    /// The way it goes.
    pub path: Path,
    /// The number of the newest report that was heard.
    pub heard: u32,
}

/// A report to be taken over.
#[derive(Debug)]
pub struct Heard<'a> {
    /// The sender's signing key.
    pub sign: &'a [u8; 32],
    /// The application.
    pub shared: &'a SharedCase,
    /// The act that leads there.
    pub act: Act,
    /// The stage.
    pub to: Stage,
    /// The clock that runs from here.
    pub clock: Option<&'a Deadline>,
    /// The applicant's words.
    pub reason: Option<&'a str>,
    /// The decision.
    pub decision: Option<&'a Decided>,
}

const fn corrupt(column: &'static str) -> StoreError {
    StoreError::Corrupt {
        table: "applications_application",
        column,
    }
}

impl Door {
    /// The application that this sender shares under this name, held until the transaction ends.
    ///
    /// # Errors
    /// When the database does not answer, or holds what cannot be.
    pub async fn shared_case(
        &mut self,
        sign: &[u8; 32],
        shared: ApplicationId,
    ) -> Result<Option<SharedCase>, StoreError> {
        let row = sqlx::query!(
            r#"SELECT id AS "id!", stage AS "stage!", afar AS "afar!", accepting AS "accepting!", verifying AS "verifying!",
                      deciding AS "deciding!", household AS "household!", category AS "category!", path AS "path!", decided, leg,
                      began AS "began: jiff_sqlx::Date", days, due AS "due: jiff_sqlx::Date", provisional, calendar, heard AS "heard!"
               FROM auth.exchange_case_of($1, $2)"#,
            &sign[..],
            shared.uuid()
        )
        .fetch_optional(self.conn())
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let clock = match (&row.leg, row.began, row.due) {
            (Some(leg), Some(began), Some(due)) => Some(Deadline {
                leg: Leg::from_code(leg).ok_or(corrupt("leg"))?,
                began: began.to_jiff(),
                days: row.days.unwrap_or_default().unsigned_abs(),
                due: due.to_jiff(),
                provisional: row.provisional.unwrap_or_default(),
                calendar: row
                    .calendar
                    .unwrap_or_default()
                    .parse()
                    .map_err(|_| corrupt("calendar"))?,
            }),
            _ => None,
        };
        Ok(Some(SharedCase {
            id: ApplicationId::from_uuid(row.id),
            case: Case {
                stage: Stage::from_code(&row.stage).ok_or(corrupt("stage"))?,
                accepting: UnitId::from_uuid(row.accepting),
                verifying: UnitId::from_uuid(row.verifying),
                deciding: UnitId::from_uuid(row.deciding),
                // Whose hands it went through is no matter to the other side.
                hands: Hands::default(),
                decided: row.decided.as_deref().and_then(Outcome::from_code),
                clock,
                afar: Afar::from_code(&row.afar),
            },
            household: Division::new(row.household).map_err(|_| corrupt("household"))?,
            category: row.category.parse().map_err(|_| corrupt("category"))?,
            path: Path::from_code(&row.path).ok_or(corrupt("path"))?,
            heard: row.heard.unsigned_abs(),
        }))
    }

    /// Takes a report over; false where the database finds that it is not the sender's to report.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hear(&mut self, heard: &Heard<'_>) -> Result<bool, StoreError> {
        let (now, store) = (self.store.clock().now(), self.store.clone());
        let (id, case) = (heard.shared.id, &heard.shared.case);
        let step = StepId::generate(now, store.entropy());
        let owner = heard.to.owner().map(|body| case.unit(body).uuid());
        let clock = heard.clock;
        let done = sqlx::query_scalar!(
            r#"SELECT auth.exchange_hear($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS "done!""#,
            &heard.sign[..],
            id.uuid(),
            step.uuid(),
            heard.act.code(),
            heard.to.code(),
            owner,
            seal_reason(store.sealer(), step, heard.reason),
            heard.decision.map(|decision| decision.outcome.code()),
            clock.map(|clock| clock.leg.code()),
            clock.map(|clock| clock.began.to_sqlx()) as _,
            clock.map(|clock| i32::try_from(clock.days).unwrap_or(i32::MAX)),
            clock.map(|clock| clock.due.to_sqlx()) as _,
            clock.map(|clock| clock.provisional),
            clock.map(|clock| clock.calendar.to_string()),
            now.to_sqlx() as _,
        )
        .fetch_one(self.conn())
        .await?;
        if let (true, Some(decision)) = (done, heard.decision) {
            self.decide(id, decision).await?;
        }
        Ok(done)
    }

    async fn decide(&mut self, id: ApplicationId, decision: &Decided) -> Result<(), StoreError> {
        let (now, store) = (self.store.clock().now(), self.store.clone());
        let grounds = Grounds {
            facts: decision.facts.clone(),
            weighed: decision.weighed.clone(),
            reasons: decision.reasons.clone(),
            letter: decision.letter.clone(),
        };
        let sealed = store
            .sealer()
            .seal(decision_cell(decision.id), &serde_json::to_vec(&grounds)?);
        sqlx::query!(
            "SELECT auth.exchange_decide($1, $2, $3, $4, $5, $6, $7, $8)",
            id.uuid(),
            decision.id.uuid(),
            decision.number,
            decision.outcome.code(),
            decision.on.to_sqlx() as _,
            decision.rulebook,
            sealed,
            now.to_sqlx() as _,
        )
        .fetch_one(self.conn())
        .await?;
        Ok(())
    }

    /// Notes the number of the newest report heard.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count(&mut self, id: ApplicationId, newest: u32) -> Result<(), StoreError> {
        let newest = i32::try_from(newest).unwrap_or(i32::MAX);
        sqlx::query!("SELECT auth.exchange_count($1, $2)", id.uuid(), newest)
            .fetch_one(self.conn())
            .await?;
        Ok(())
    }
}
