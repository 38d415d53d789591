//! Limits that recognised children reach: noted by the round of a night, settled by an officer.

use domain::applications::LimitKind;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ChildId, DecisionId, LimitId};
use kernel::journal::{Entry, Subject};
use kernel::month::Month;
use serde_json::json;
use uuid::Uuid;

use super::decision::{Grounds, cell};
use crate::error::StoreError;
use crate::registry::seal_column;
use crate::session::SessionToken;
use crate::work::{Change, Pen, Store, Work};

const TABLE: &str = "applications_limit";

/// A child with an open status, as far as its limits turn on it.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// The child.
    pub child: ChildId,
    /// What it is.
    pub category: Category,
    /// When it was born, where that is known.
    pub birth: Option<Date>,
    /// Its household.
    pub household: Division,
    /// Whether the status is known to its named officers alone.
    pub sealed: bool,
    /// What the decision on it rests on, where there is one.
    pub grounds: Option<Grounds>,
    /// The last month of study on record, where one is and it ends.
    pub study_until: Option<Month>,
}

/// Children of the officer's divisions with an open status who were born by a day or were recognised by a decision, in
/// the order of their ids, after one.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn recognised(
    work: &mut Work,
    born_until: Date,
    after: Option<(ChildId, Category)>,
    size: i64,
) -> Result<Vec<Recognised>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT s.child_id, s.category, s.sealed OR p.sealed AS "sealed!", p.birth AS "birth: jiff_sqlx::Date", p.household_division,
                  d.id AS "decision?", d.grounds::bytea AS grounds,
                  (SELECT CASE WHEN bool_and(t.to_month IS NOT NULL) THEN max(t.to_month) END
                   FROM (SELECT DISTINCT ON (f.from_month) f.to_month FROM allowances_fact f
                         WHERE f.child_id = s.child_id AND f.kind = 'study' ORDER BY f.from_month, f.known DESC, f.id DESC) t
                  ) AS "study_until: jiff_sqlx::Date"
           FROM registry_span s JOIN registry_person p ON p.id = s.child_id LEFT JOIN applications_decision d ON d.id = s.decision_id
           WHERE s.to_day IS NULL AND p.household_division <@ (SELECT auth.reach()) AND (p.birth <= $1 OR d.id IS NOT NULL)
             AND ($2::uuid IS NULL OR (s.child_id, s.category) > ($2, $3))
           ORDER BY s.child_id, s.category LIMIT $4"#,
        born_until.to_sqlx() as _,
        after.map(|(child, _)| child.uuid()),
        after.map_or("", |(_, category)| category.code()),
        size,
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    let corrupt = |table, column| StoreError::Corrupt { table, column };
    rows.into_iter()
        .map(|row| {
            let grounds = match (row.decision, row.grounds) {
                (Some(id), Some(sealed)) => {
                    let plain = sealer.open(cell(DecisionId::from_uuid(id)), &sealed)?;
                    let grounds = serde_json::from_slice(&plain);
                    Some(grounds.map_err(|_| corrupt("applications_decision", "grounds"))?)
                }
                _ => None,
            };
            let category = row.category.parse();
            Ok(Recognised {
                child: ChildId::from_uuid(row.child_id),
                category: category.map_err(|_| corrupt("registry_span", "category"))?,
                birth: row.birth.map(|birth| birth.to_jiff()),
                household: Division::new(row.household_division)
                    .map_err(|_| corrupt("registry_person", "household_division"))?,
                sealed: row.sealed,
                grounds,
                study_until: row.study_until.map(|day| Month::of(day.to_jiff())),
            })
        })
        .collect()
}

/// A limit to note.
#[derive(Debug, Clone)]
pub struct NewLimit {
    /// Its id.
    pub id: LimitId,
    /// The child.
    pub child: ChildId,
    /// The child's household.
    pub household: Division,
    /// Whether the status is known to its named officers alone.
    pub sealed: bool,
    /// The status that it touches.
    pub category: Category,
    /// What is reached.
    pub kind: LimitKind,
    /// When: a birthday, or the first day on which a term no longer counts.
    pub on: Date,
    /// The rule's name in the rulebook.
    pub rule: String,
    /// Its source.
    pub cite: String,
    /// Whether that was compared with the official text.
    pub verified: bool,
}

/// Those of these limits that no night has noted yet.
///
/// # Errors
/// When the database does not answer.
pub async fn unnoted(
    work: &mut Work,
    mut limits: Vec<NewLimit>,
) -> Result<Vec<NewLimit>, StoreError> {
    let children: Vec<Uuid> = limits.iter().map(|limit| limit.child.uuid()).collect();
    let noted = sqlx::query!(
        r#"SELECT child_id, category, kind, on_day AS "on_day: jiff_sqlx::Date" FROM applications_limit WHERE child_id = ANY ($1)"#,
        &children
    )
    .fetch_all(work.conn())
    .await?;
    limits.retain(|limit| {
        !noted.iter().any(|row| {
            row.child_id == limit.child.uuid()
                && row.category == limit.category.code()
                && row.kind == limit.kind.code()
                && row.on_day.to_jiff() == limit.on
        })
    });
    Ok(limits)
}

/// Limits noted; no status is touched.
#[derive(Debug)]
pub struct LimitsNoted<'a>(pub &'a [NewLimit]);

impl Change for LimitsNoted<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let all = self.0;
        if all.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = all.iter().map(|limit| limit.id.uuid()).collect();
        let children: Vec<Uuid> = all.iter().map(|limit| limit.child.uuid()).collect();
        let categories: Vec<&str> = all.iter().map(|limit| limit.category.code()).collect();
        let kinds: Vec<&str> = all.iter().map(|limit| limit.kind.code()).collect();
        let days: Vec<jiff_sqlx::Date> = all.iter().map(|limit| limit.on.to_sqlx()).collect();
        let rules: Vec<&str> = all.iter().map(|limit| limit.rule.as_str()).collect();
        let cites: Vec<&str> = all.iter().map(|limit| limit.cite.as_str()).collect();
        let verified: Vec<bool> = all.iter().map(|limit| limit.verified).collect();
        sqlx::query!(
            "INSERT INTO applications_limit (id, child_id, category, kind, on_day, rule, cite, verified, noted_at)
             SELECT l.*, $9 FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::text[], $7::text[], $8::bool[]) AS l",
            &ids,
            &children,
            &categories as _,
            &kinds as _,
            &days as _,
            &rules as _,
            &cites as _,
            &verified,
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let noted = |limit: &NewLimit| {
            let child = Subject::new("child", limit.child.uuid());
            let after = json!({ "limit": limit.id, "kind": limit.kind.code(), "on": limit.on, "rule": limit.rule });
            Entry::new("applications.limit_noted", child)
                .at(limit.household)
                .sealed(limit.sealed)
                .after(after)
        };
        self.0.iter().map(noted).collect()
    }
}

/// A limit that was noted, of a status that is still open.
#[derive(Debug, Clone)]
pub struct Limit {
    /// Its id.
    pub id: LimitId,
    /// The child.
    pub child: ChildId,
    /// The child's name.
    pub name: String,
    /// The child's household.
    pub household: Division,
    /// Whether it is known to the child's named officers alone.
    pub sealed: bool,
    /// The status that it touches.
    pub category: Category,
    /// What is reached.
    pub kind: LimitKind,
    /// When.
    pub on: Date,
    /// The rule's name in the rulebook.
    pub rule: String,
    /// Its source.
    pub cite: String,
    /// Whether that was compared with the official text.
    pub verified: bool,
    /// When it was noted.
    pub noted_at: Timestamp,
    /// Whether an officer has looked.
    pub settled: bool,
}

/// The limits that wait, the first to be reached first, after one; or one of them by its id, settled or not. Those of a
/// status that has ended since are nobody's to look at.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn limits(
    work: &mut Work,
    only: Option<LimitId>,
    after: Option<(Date, LimitId)>,
    size: u16,
) -> Result<Vec<Limit>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT l.id, l.child_id, p.name, p.household_division, p.sealed OR l.sealed AS "sealed!", l.category, l.kind,
                  l.on_day AS "on_day: jiff_sqlx::Date", l.rule, l.cite, l.verified, l.noted_at AS "noted_at: jiff_sqlx::Timestamp",
                  l.settled_at IS NOT NULL AS "settled!"
           FROM applications_limit l JOIN registry_person p ON p.id = l.child_id
           WHERE CASE WHEN $1::uuid IS NULL THEN l.settled_at IS NULL ELSE l.id = $1 END
             AND EXISTS (SELECT 1 FROM registry_span s WHERE s.child_id = l.child_id AND s.category = l.category AND s.to_day IS NULL)
             AND ($2::date IS NULL OR (l.on_day, l.id) > ($2, $3))
           ORDER BY l.on_day, l.id LIMIT $4"#,
        only.map(LimitId::uuid),
        after.map(|(on, _)| on.to_sqlx()) as _,
        after.map_or(Uuid::nil(), |(_, id)| id.uuid()),
        i64::from(size),
    )
    .fetch_all(work.conn())
    .await?;
    let corrupt = |column| StoreError::Corrupt {
        table: TABLE,
        column,
    };
    rows.into_iter()
        .map(|row| {
            Ok(Limit {
                id: LimitId::from_uuid(row.id),
                child: ChildId::from_uuid(row.child_id),
                name: row.name,
                household: Division::new(row.household_division)
                    .map_err(|_| corrupt("child_id"))?,
                sealed: row.sealed,
                category: row.category.parse().map_err(|_| corrupt("category"))?,
                kind: LimitKind::from_code(&row.kind).ok_or_else(|| corrupt("kind"))?,
                on: row.on_day.to_jiff(),
                rule: row.rule,
                cite: row.cite,
                verified: row.verified,
                noted_at: row.noted_at.to_jiff(),
                settled: row.settled,
            })
        })
        .collect()
}

/// An officer looked, and says what was found.
#[derive(Debug)]
pub struct LimitSettled<'a> {
    /// The limit.
    pub limit: &'a Limit,
    /// What was found, to be sealed.
    pub note: &'a str,
}

impl Change for LimitSettled<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let id = self.limit.id.uuid();
        let done = sqlx::query!(
            "UPDATE applications_limit SET settled_at = $2, settled_by = $3, note = $4::bytea WHERE id = $1 AND settled_at IS NULL",
            id,
            pen.now.to_sqlx() as _,
            pen.officer.uuid(),
            seal_column(pen.sealer, TABLE, "note", id, Some(self.note)) as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        match done.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let limit = self.limit;
        let child = Subject::new("child", limit.child.uuid());
        let entry = Entry::new("applications.limit_settled", child)
            .at(limit.household)
            .sealed(limit.sealed)
            .after(json!({ "limit": limit.id, "kind": limit.kind.code(), "on": limit.on }))
            .sealed_changed("note");
        vec![entry]
    }
}

impl Store {
    /// Takes the round of the next mandate whose round of today nobody has made: a session under it. None where all are
    /// made or being made.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_round(&self) -> Result<Option<SessionToken>, StoreError> {
        let token = SessionToken::generate(self.entropy());
        let taken = sqlx::query_scalar!(
            r#"SELECT auth.take_round($1, $2) AS "taken!""#,
            token.hash(),
            self.clock().today().to_sqlx() as _,
        )
        .fetch_one(self.pool())
        .await?;
        Ok(taken.then_some(token))
    }
}

/// The round of this work's mandate is made for today, and its session over.
#[derive(Debug)]
pub struct RoundMade {
    /// The day whose round it is.
    pub on: Date,
}

impl Change for RoundMade {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let ended = sqlx::query_scalar!(
            r#"SELECT auth.end_round($1) AS "ended!""#,
            self.on.to_sqlx() as _
        )
        .fetch_one(&mut *pen.conn)
        .await?;
        // Another worker took it over: what this one noted is not kept twice.
        match ended {
            true => Ok(()),
            false => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}
