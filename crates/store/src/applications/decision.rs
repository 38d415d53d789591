//! The decision on an application, with all it rests on.

use domain::applications::{Effect, Outcome};
use domain::document::Document;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ApplicationId, ChildId, DecisionId, OfficerId};
use kernel::journal::{Entry, Subject};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::application::{Application, entry_of};
use crate::error::StoreError;
use crate::seal::SealedAt;
use crate::work::{Change, Pen, Work};

/// What a decision rests on.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Grounds {
    /// The facts.
    pub facts: Map<String, Value>,
    /// What the rulebook says of them: rules, citations, whether they are verified, and what is missing.
    pub weighed: Value,
    /// The reasons in the officers' words, the proposer's first.
    pub reasons: Vec<String>,
    /// The letter, in the words in which it was told; none for a decision from before letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<Document>,
}

impl std::fmt::Debug for Grounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Grounds")
    }
}

/// A decision.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its id, which the statuses it opened or ended bear.
    pub id: DecisionId,
    /// Its number (文号); none for a decision from before letters.
    pub number: Option<String>,
    /// What it says.
    pub outcome: Outcome,
    /// The legal day.
    pub on: Date,
    /// The rulebook's version.
    pub rulebook: String,
    /// What it rests on.
    pub grounds: Grounds,
    /// When it was entered in the national system; none while it was not.
    pub entered_on: Option<Date>,
}

pub(crate) const fn cell(id: DecisionId) -> SealedAt {
    SealedAt {
        table: "applications_decision",
        column: "grounds",
        row: id.uuid(),
    }
}

/// The decisions on an application, the latest first.
///
/// # Errors
/// When the database does not answer, or what they rest on does not open.
pub async fn decisions(work: &mut Work, id: ApplicationId) -> Result<Vec<Decision>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT d.id, d.number, d.outcome, d.decided_on AS "decided_on: jiff_sqlx::Date", d.rulebook, d.grounds::bytea AS "grounds!",
                  e.on_day AS "entered_on?: jiff_sqlx::Date"
           FROM applications_decision d LEFT JOIN applications_entered e ON e.decision_id = d.id
           WHERE d.application_id = $1 ORDER BY d.at DESC, d.id DESC"#,
        id.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    let corrupt = |column| StoreError::Corrupt {
        table: "applications_decision",
        column,
    };
    rows.into_iter()
        .map(|row| {
            let id = DecisionId::from_uuid(row.id);
            let plain = sealer.open(cell(id), &row.grounds)?;
            Ok(Decision {
                id,
                number: row.number,
                outcome: Outcome::from_code(&row.outcome).ok_or_else(|| corrupt("outcome"))?,
                on: row.decided_on.to_jiff(),
                rulebook: row.rulebook,
                grounds: serde_json::from_slice(&plain).map_err(|_| corrupt("grounds"))?,
                entered_on: row.entered_on.map(|on| on.to_jiff()),
            })
        })
        .collect()
}

/// How many decisions the officer's unit will have taken in a year with the next one, which is on this application; the
/// sealed ones are counted by themselves. Nobody else counts until the work ends.
///
/// # Errors
/// [`StoreError::NotFound`] where another unit decides; otherwise when the database does not answer.
pub async fn next_letter(
    work: &mut Work,
    application: ApplicationId,
    year: i16,
) -> Result<i64, StoreError> {
    let next = sqlx::query_scalar!(
        "SELECT auth.next_letter($1, $2)",
        application.uuid(),
        i32::from(year)
    )
    .fetch_one(work.conn())
    .await?;
    next.filter(|next| *next > 0).ok_or(StoreError::NotFound)
}

/// A decision taken. The statuses it opens or ends are written before, and are told here by which decision.
#[derive(Debug)]
pub struct DecisionTaken<'a> {
    /// The application as it was.
    pub application: &'a Application,
    /// The decision.
    pub decision: &'a Decision,
    /// Who verified and who proposed.
    pub hands: (OfficerId, OfficerId),
    /// The child, and what became of its statuses.
    pub effects: Option<(ChildId, &'a [Effect])>,
}

impl DecisionTaken<'_> {
    async fn mark(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let Some((child, effects)) = self.effects else {
            return Ok(());
        };
        for effect in effects {
            let (span, category, from) = match effect {
                Effect::Ends { held, .. } => (Some(held.span.uuid()), held.category, held.from),
                Effect::Opens { category, from } => (None, *category, *from),
            };
            sqlx::query!(
                "UPDATE registry_span SET decision_id = $1
                 WHERE child_id = $2 AND category = $3 AND from_day = $4 AND ($5::uuid IS NULL OR id = $5)",
                self.decision.id.uuid(),
                child.uuid(),
                category.code(),
                from.to_sqlx() as _,
                span,
            )
            .execute(&mut *pen.conn)
            .await?;
        }
        Ok(())
    }
}

impl Change for DecisionTaken<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let decision = self.decision;
        let grounds = serde_json::to_vec(&decision.grounds)?;
        sqlx::query!(
            "INSERT INTO applications_decision (id, application_id, outcome, decided_on, rulebook, grounds, verifier_id, proposer_id, decider_id, at, number)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            decision.id.uuid(),
            self.application.id.uuid(),
            decision.outcome.code(),
            decision.on.to_sqlx() as _,
            decision.rulebook,
            pen.sealer.seal(cell(decision.id), &grounds),
            self.hands.0.uuid(),
            self.hands.1.uuid(),
            pen.officer.uuid(),
            pen.now.to_sqlx() as _,
            decision.number,
        )
        .execute(&mut *pen.conn)
        .await?;
        self.mark(pen).await
    }

    fn entries(&self) -> Vec<Entry> {
        let Decision {
            id,
            number,
            outcome,
            rulebook,
            ..
        } = self.decision;
        let after =
            json!({ "decision": id, "number": number, "outcome": outcome, "rulebook": rulebook });
        let entry = entry_of("applications.decided", self.application).after(after);
        let of_child = self.effects.map(|(child, _)| {
            Entry::new(
                "applications.decided_on_child",
                Subject::new("child", child.uuid()),
            )
            .at(self.application.household)
            .sealed(self.application.is_sealed())
            .after(json!({ "decision": id, "outcome": outcome }))
        });
        [entry].into_iter().chain(of_child).collect()
    }
}
