//! Where an application stands, for whoever knows its code and the end of its child's id.

use domain::applications::{Leg, Outcome, Stage};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::ids::DecisionId;
use uuid::Uuid;

use super::super::decision::{Grounds, cell};
use super::super::step::TABLE as STEP;
use super::pages::PublicStore;
use super::proof::Proof;
use crate::error::StoreError;
use crate::registry::open_column;

/// An application as its own applicant may know it.
#[derive(Debug, Clone)]
pub struct Tracked {
    /// Its number.
    pub number: String,
    /// What is applied for.
    pub category: Category,
    /// Where it stands.
    pub stage: Stage,
    /// The running leg, with its last day in time and whether that is provisional.
    pub due: Option<(Leg, Date, bool)>,
    /// The names of the units that take it in, verify it and decide on it.
    pub units: [String; 3],
    /// When it was submitted.
    pub opened_at: Timestamp,
    /// Until when the code holds.
    pub until: Timestamp,
    /// Which papers are asked for, in the officer's words.
    pub notice: Option<String>,
    /// The latest decision: what it says, its day and what it rests on.
    pub decision: Option<(Outcome, Date, Grounds)>,
}

const fn corrupt(column: &'static str) -> StoreError {
    StoreError::Corrupt {
        table: "applications_application",
        column,
    }
}

/// The application that is known by this proof. Whatever is wrong with it, it is the same nothing.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn track(store: &PublicStore, proof: &Proof) -> Result<Option<Tracked>, StoreError> {
    let found = sqlx::query!(
        r#"SELECT number AS "number!", category AS "category!", stage AS "stage!", leg, due AS "due: jiff_sqlx::Date", provisional,
                  accepting AS "accepting!", verifying AS "verifying!", deciding AS "deciding!",
                  opened_at AS "opened_at!: jiff_sqlx::Timestamp", expires_at AS "expires_at!: jiff_sqlx::Timestamp",
                  notice, notice_reason, decision, outcome, decided_on AS "decided_on: jiff_sqlx::Date", grounds
           FROM auth.public_track($1, $2, $3)"#,
        proof.code,
        proof.known,
        store.clock().now().to_sqlx() as _,
    )
    .fetch_optional(store.pool())
    .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let due = match (row.leg, row.due) {
        (Some(leg), Some(due)) => {
            let leg = Leg::from_code(&leg).ok_or(corrupt("leg"))?;
            Some((leg, due.to_jiff(), row.provisional.unwrap_or_default()))
        }
        _ => None,
    };
    let decision = match (row.decision, row.outcome, row.decided_on, row.grounds) {
        (Some(id), Some(outcome), Some(on), Some(grounds)) => {
            let outcome = Outcome::from_code(&outcome).ok_or(corrupt("decided"))?;
            Some((outcome, on.to_jiff(), grounds_of(store, id, &grounds)?))
        }
        _ => None,
    };
    Ok(Some(Tracked {
        number: row.number,
        category: row.category.parse().map_err(|_| corrupt("category"))?,
        stage: Stage::from_code(&row.stage).ok_or(corrupt("stage"))?,
        due,
        units: [row.accepting, row.verifying, row.deciding],
        opened_at: row.opened_at.to_jiff(),
        until: row.expires_at.to_jiff(),
        notice: notice(store, row.notice, row.notice_reason.as_deref())?,
        decision,
    }))
}

fn notice(
    store: &PublicStore,
    step: Option<Uuid>,
    reason: Option<&[u8]>,
) -> Result<Option<String>, StoreError> {
    let Some(step) = step else { return Ok(None) };
    let reason = open_column(store.sealer(), STEP, "reason", step, reason)?;
    Ok(reason.map(|reason| reason.reveal().to_owned()))
}

fn grounds_of(store: &PublicStore, id: Uuid, sealed: &[u8]) -> Result<Grounds, StoreError> {
    let plain = store
        .sealer()
        .open(cell(DecisionId::from_uuid(id)), sealed)?;
    serde_json::from_slice(&plain).map_err(|_| StoreError::Corrupt {
        table: "applications_decision",
        column: "grounds",
    })
}
