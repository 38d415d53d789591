//! Standards: dated rates that an office proposes and publishes, and those of them that were known at a moment.

use std::fmt::Write;

use domain::allowances::{StandardDocument, StandardDraft, StandardState};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{OfficerId, StandardId, UnitId};
use kernel::journal::{Entry, Subject};
use kernel::money::Money;
use kernel::month::Month;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::reading::corrupt;
use super::scan::Scan;
use crate::error::StoreError;
use crate::work::{Change, Pen, Work};

const TABLE: &str = "allowances_standard";

/// A standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// Its id.
    pub id: StandardId,
    /// Whose officer proposed it, and the unit's name.
    pub unit: (UnitId, String),
    /// The rate and its document.
    pub draft: StandardDraft,
    /// The place's name, where it is on record.
    pub place_name: Option<String>,
    /// How far it has come.
    pub state: StandardState,
    /// Who proposed it, and when.
    pub proposed: (OfficerId, Timestamp),
    /// The proposer's name, for those who see the officer.
    pub proposer: Option<String>,
    /// Who published, refused or withdrew it, and when.
    pub decided: Option<(OfficerId, Timestamp)>,
    /// That officer's name, for those who see the officer.
    pub decider: Option<String>,
    /// Whether the publisher compared amount and document.
    pub verified: bool,
    /// Why it was refused.
    pub reason: Option<String>,
    /// The scan of its document.
    pub scan: Option<Scan>,
}

/// All standards: those that wait first, then by class and place, the latest first month first.
///
/// # Errors
/// When the database does not answer.
pub async fn standards(work: &mut Work) -> Result<Vec<Standard>, StoreError> {
    found(work, None, None).await
}

/// One of them.
///
/// # Errors
/// When the database does not answer.
pub async fn standard(work: &mut Work, id: StandardId) -> Result<Option<Standard>, StoreError> {
    Ok(found(work, Some(id), None).await?.pop())
}

/// The published standards that were known at a moment.
#[derive(Debug, Clone)]
pub struct StandardsKnown {
    /// The standards, in the order in which they were published.
    pub standards: Vec<Standard>,
    /// How many they are and a digest of which, as a part of a rulebook's version; none where there is none.
    pub version: Option<String>,
}

/// The published standards that were known at a moment.
///
/// # Errors
/// When the database does not answer.
pub async fn standards_known(work: &mut Work, at: Timestamp) -> Result<StandardsKnown, StoreError> {
    let mut standards = found(work, None, Some(at)).await?;
    standards.sort_by_key(|standard| (standard.decided.map(|(_, at)| at), standard.id));
    let mut digest = Sha256::new();
    for standard in &standards {
        digest.update(standard.id.uuid().as_bytes());
    }
    let mut version = format!("{}.", standards.len());
    for byte in &digest.finalize()[..8] {
        // Writing to a text does not fail.
        let _ = write!(version, "{byte:02x}");
    }
    Ok(StandardsKnown {
        version: (!standards.is_empty()).then_some(version),
        standards,
    })
}

/// One, or those that were published by a moment, or without either all.
async fn found(
    work: &mut Work,
    id: Option<StandardId>,
    known_at: Option<Timestamp>,
) -> Result<Vec<Standard>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT s.id, s.unit_id, u.name AS unit_name, s.class, s.place, d.name AS "place_name?", s.monthly_fen, s.from_month, s.document_number,
                  s.document_title, s.document_day, s.state, s.proposed_by, s.proposed_at, p.name AS "proposer?", s.decided_by, s.decided_at,
                  o.name AS "decider?", coalesce(s.verified, false) AS "verified!", s.reason, c.media_type AS "media_type?", c.bytes AS "bytes?"
           FROM allowances_standard s JOIN organisation_unit u ON u.id = s.unit_id
           LEFT JOIN organisation_division d ON d.code = s.place
           LEFT JOIN allowances_standard_scan c ON c.standard_id = s.id
           LEFT JOIN organisation_officer p ON p.id = s.proposed_by LEFT JOIN organisation_officer o ON o.id = s.decided_by
           WHERE ($1::uuid IS NULL OR s.id = $1) AND ($2::timestamptz IS NULL OR s.state = 'published' AND s.decided_at <= $2)
           ORDER BY s.state <> 'proposed', s.class, s.place, s.from_month DESC, s.proposed_at DESC, s.id"#,
        id.map(StandardId::uuid),
        known_at.map(|at| at.to_sqlx()) as _
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let wrong = |column| corrupt(TABLE, column);
            let class: Result<Category, _> = row.class.parse();
            let document = StandardDocument {
                number: row.document_number,
                title: row.document_title,
                on: row.document_day.map(|day| day.to_jiff()),
            };
            let decided = row.decided_by.zip(row.decided_at);
            Ok(Standard {
                id: StandardId::from_uuid(row.id),
                unit: (UnitId::from_uuid(row.unit_id), row.unit_name),
                draft: StandardDraft {
                    class: class.map_err(|_| wrong("class"))?,
                    place: Division::new(row.place).map_err(|_| wrong("place"))?,
                    monthly: Money::from_fen(row.monthly_fen),
                    from: Month::of(row.from_month.to_jiff()),
                    document,
                },
                place_name: row.place_name,
                state: StandardState::from_code(&row.state).ok_or_else(|| wrong("state"))?,
                proposed: (
                    OfficerId::from_uuid(row.proposed_by),
                    row.proposed_at.to_jiff(),
                ),
                proposer: row.proposer,
                decided: decided.map(|(by, at)| (OfficerId::from_uuid(by), at.to_jiff())),
                decider: row.decider,
                verified: row.verified,
                reason: row.reason,
                scan: row.media_type.zip(row.bytes).map(Scan::of),
            })
        })
        .collect()
}

/// Whether a standard for the same class, place and month waits.
///
/// # Errors
/// When the database does not answer.
pub async fn standard_waits(work: &mut Work, draft: &StandardDraft) -> Result<bool, StoreError> {
    let waits = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM allowances_standard WHERE class = $1 AND place = $2 AND from_month = $3 AND state = 'proposed') AS "waits!""#,
        draft.class.code(),
        draft.place.code(),
        draft.from.first().to_sqlx() as _
    );
    Ok(waits.fetch_one(work.conn()).await?)
}

/// Where the work's unit is.
///
/// # Errors
/// When the database does not answer.
pub async fn unit_place(work: &mut Work) -> Result<Division, StoreError> {
    let unit = work.unit();
    place_of_unit(work, unit).await
}

/// Where a unit is.
///
/// # Errors
/// When the database does not answer.
pub async fn place_of_unit(work: &mut Work, unit: UnitId) -> Result<Division, StoreError> {
    let unit = unit.uuid();
    let code = sqlx::query_scalar!("SELECT division FROM organisation_unit WHERE id = $1", unit);
    let code = code.fetch_one(work.conn()).await?;
    Division::new(code).map_err(|_| corrupt("organisation_unit", "division"))
}

fn told(draft: &StandardDraft) -> serde_json::Value {
    json!({
        "class": draft.class, "place": draft.place, "monthly": draft.monthly, "from": draft.from, "document": draft.document.cite(),
    })
}

/// A standard proposed by the work's unit.
#[derive(Debug)]
pub struct StandardProposed<'a> {
    /// Its id.
    pub id: StandardId,
    /// The unit.
    pub unit: UnitId,
    /// The rate and its document.
    pub draft: &'a StandardDraft,
}

impl Change for StandardProposed<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let StandardDraft { document, .. } = self.draft;
        sqlx::query!(
            "INSERT INTO allowances_standard (id, unit_id, class, place, monthly_fen, from_month, document_number, document_title, document_day,
                 state, proposed_by, proposed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'proposed', $10, $11)",
            self.id.uuid(),
            self.unit.uuid(),
            self.draft.class.code(),
            self.draft.place.code(),
            self.draft.monthly.fen(),
            self.draft.from.first().to_sqlx() as _,
            document.number,
            document.title,
            document.on.map(|day| day.to_sqlx()) as _,
            pen.officer.uuid(),
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let subject = Subject::new("standard", self.id.uuid());
        let entry = Entry::new("allowances.standard_proposed", subject);
        vec![entry.after(told(self.draft))]
    }
}

/// What becomes of a standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// It is published; whether amount and document were compared.
    Published(bool),
    /// It is refused, for this reason.
    Refused(&'a str),
    /// It is taken back.
    Withdrawn,
}

impl Verdict<'_> {
    const fn state(self) -> StandardState {
        match self {
            Self::Published(_) => StandardState::Published,
            Self::Refused(_) => StandardState::Refused,
            Self::Withdrawn => StandardState::Withdrawn,
        }
    }
}

/// A standard published, refused or withdrawn. Whoever publishes holds the months.
#[derive(Debug)]
pub struct StandardDecided<'a> {
    /// The standard as it was.
    pub standard: &'a Standard,
    /// What becomes of it.
    pub verdict: Verdict<'a>,
}

impl Change for StandardDecided<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let (verified, reason) = match self.verdict {
            Verdict::Published(verified) => (Some(verified), None),
            Verdict::Refused(reason) => (None, Some(reason)),
            Verdict::Withdrawn => (None, None),
        };
        let done = sqlx::query!(
            "UPDATE allowances_standard SET state = $2, decided_by = $3, decided_at = $4, verified = $5, reason = $6
             WHERE id = $1 AND state = 'proposed'",
            self.standard.id.uuid(),
            self.verdict.state().code(),
            pen.officer.uuid(),
            pen.now.to_sqlx() as _,
            verified,
            reason,
        )
        .execute(&mut *pen.conn)
        .await?;
        match done.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let action = match self.verdict {
            Verdict::Published(_) => "allowances.standard_published",
            Verdict::Refused(_) => "allowances.standard_refused",
            Verdict::Withdrawn => "allowances.standard_withdrawn",
        };
        let mut after = told(&self.standard.draft);
        match self.verdict {
            Verdict::Published(verified) => after["verified"] = verified.into(),
            Verdict::Refused(reason) => after["reason"] = reason.into(),
            Verdict::Withdrawn => {}
        }
        let subject = Subject::new("standard", self.standard.id.uuid());
        vec![Entry::new(action, subject).after(after)]
    }
}
