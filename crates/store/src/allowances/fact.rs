//! Facts of an allowance that no other part of the file holds, recorded by an officer.

use domain::allowances::Struck;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::Division;
use kernel::ids::{AllowanceFactId, ChildId};
use kernel::journal::Entry;
use kernel::money::Money;
use kernel::month::Month;
use serde_json::json;

use super::reading::corrupt;
use crate::error::StoreError;
use crate::registry::ChildFile;
use crate::registry::entry_of;
use crate::work::{Change, Pen, Work};

/// What an officer records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowanceFact {
    /// 停发: stopped with effect of a day, for a reason.
    Stopped {
        /// The day.
        on: Date,
        /// The reason's code.
        reason: String,
    },
    /// 撤销
    Revoked {
        /// What is struck out.
        of: Struck,
        /// Its day.
        on: Date,
    },
    /// Another benefit that the child draws.
    Benefit {
        /// Its code.
        benefit: String,
        /// Its amount of a month.
        monthly: Money,
        /// The first month.
        from: Month,
        /// The last.
        to: Option<Month>,
    },
    /// 在读
    Study {
        /// The first month.
        from: Month,
        /// The last.
        to: Option<Month>,
    },
    /// 暂缓
    Suspended {
        /// The first month.
        from: Month,
        /// The last.
        to: Option<Month>,
    },
    /// The household moved on another day than the file says.
    Moved {
        /// From where.
        from: Division,
        /// To where.
        to: Division,
        /// The first day there.
        on: Date,
    },
}

impl AllowanceFact {
    /// The stable code of its kind, as stored.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Stopped { .. } => "stopped",
            Self::Revoked { .. } => "revoked",
            Self::Benefit { .. } => "benefit",
            Self::Study { .. } => "study",
            Self::Suspended { .. } => "suspended",
            Self::Moved { .. } => "moved",
        }
    }
}

/// A fact recorded for a child within reach.
#[derive(Debug)]
pub struct FactRecorded<'a> {
    /// Its id.
    pub id: AllowanceFactId,
    /// The child's file.
    pub file: &'a ChildFile,
    /// The fact.
    pub fact: &'a AllowanceFact,
}

/// A fact on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactOnRecord {
    /// Its id.
    pub id: AllowanceFactId,
    /// The fact.
    pub fact: AllowanceFact,
    /// When it became known.
    pub known: Timestamp,
    /// The name of whoever recorded it; none where the file itself says it, or the officer is beyond reach.
    pub by: Option<String>,
}

/// What is on record of a child within reach, the latest known first.
///
/// # Errors
/// When the database does not answer.
pub async fn facts_on_record(
    work: &mut Work,
    child: ChildId,
) -> Result<Vec<FactOnRecord>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT f.id, f.kind, k.known AS "known!: jiff_sqlx::Timestamp", f.on_day, f.from_month, f.to_month, f.code, f.monthly_fen, f.from_place, f.to_place, o.name AS "by?"
           FROM allowances_fact f LEFT JOIN organisation_officer o ON o.id = f.officer_id
           -- A move counts as known ever since; the file said so on its day.
           CROSS JOIN LATERAL (SELECT CASE WHEN isfinite(f.known) THEN f.known ELSE f.on_day::timestamp AT TIME ZONE 'Asia/Shanghai' END) k (known)
           WHERE f.child_id = $1 ORDER BY k.known DESC, f.id DESC"#,
        child.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let month = |day: jiff_sqlx::Date| Month::of(day.to_jiff());
    rows.into_iter()
        .map(|row| {
            let columns = Columns {
                on: row.on_day.map(|day| day.to_jiff()),
                from: row.from_month.map(month),
                to: row.to_month.map(month),
                code: row.code.as_deref(),
                monthly: row.monthly_fen.map(Money::from_fen),
                places: division(row.from_place).zip(division(row.to_place)),
            };
            Ok(FactOnRecord {
                id: AllowanceFactId::from_uuid(row.id),
                fact: columns
                    .fact(&row.kind)
                    .ok_or_else(|| corrupt("allowances_fact", "kind"))?,
                known: row.known.to_jiff(),
                by: row.by,
            })
        })
        .collect()
}

fn division(code: Option<i64>) -> Option<Division> {
    code.and_then(|code| Division::new(code).ok())
}

/// A fact in its columns.
#[derive(Default)]
struct Columns<'a> {
    on: Option<Date>,
    from: Option<Month>,
    to: Option<Month>,
    code: Option<&'a str>,
    monthly: Option<Money>,
    places: Option<(Division, Division)>,
}

impl Columns<'_> {
    /// The fact of this kind; `None` where a column of it is missing.
    fn fact(&self, kind: &str) -> Option<AllowanceFact> {
        let code = || self.code.map(str::to_owned);
        let to = self.to;
        Some(match kind {
            "stopped" => AllowanceFact::Stopped {
                on: self.on?,
                reason: code()?,
            },
            "revoked" => AllowanceFact::Revoked {
                of: match self.code? {
                    "recognised" => Struck::Recognised,
                    "stopped" => Struck::Stopped,
                    _ => return None,
                },
                on: self.on?,
            },
            "benefit" => AllowanceFact::Benefit {
                benefit: code()?,
                monthly: self.monthly?,
                from: self.from?,
                to,
            },
            "study" => AllowanceFact::Study {
                from: self.from?,
                to,
            },
            "suspended" => AllowanceFact::Suspended {
                from: self.from?,
                to,
            },
            "moved" => {
                let (from, to) = self.places?;
                let on = self.on?;
                AllowanceFact::Moved { from, to, on }
            }
            _ => return None,
        })
    }
}

impl FactRecorded<'_> {
    fn columns(&self) -> Columns<'_> {
        let none = Columns::default();
        match self.fact {
            AllowanceFact::Stopped { on, reason } => Columns {
                on: Some(*on),
                code: Some(reason),
                ..none
            },
            AllowanceFact::Revoked { of, on } => Columns {
                on: Some(*on),
                code: Some(match of {
                    Struck::Recognised => "recognised",
                    Struck::Stopped => "stopped",
                }),
                ..none
            },
            AllowanceFact::Benefit {
                benefit,
                monthly,
                from,
                to,
            } => Columns {
                from: Some(*from),
                to: *to,
                code: Some(benefit),
                monthly: Some(*monthly),
                ..none
            },
            AllowanceFact::Study { from, to } | AllowanceFact::Suspended { from, to } => Columns {
                from: Some(*from),
                to: *to,
                ..none
            },
            AllowanceFact::Moved { from, to, on } => Columns {
                on: Some(*on),
                places: Some((*from, *to)),
                ..none
            },
        }
    }
}

impl Change for FactRecorded<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let columns = self.columns();
        let first = |month: Option<Month>| month.map(|month| month.first().to_sqlx());
        sqlx::query!(
            "INSERT INTO allowances_fact (id, child_id, kind, known, on_day, from_month, to_month, code, monthly_fen, from_place, to_place, officer_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            self.id.uuid(),
            self.file.child.uuid(),
            self.fact.kind(),
            pen.now.to_sqlx() as _,
            columns.on.map(|day| day.to_sqlx()) as _,
            first(columns.from) as _,
            first(columns.to) as _,
            columns.code,
            columns.monthly.map(Money::fen),
            columns.places.map(|(from, _)| from.code()),
            columns.places.map(|(_, to)| to.code()),
            pen.officer.uuid(),
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let columns = self.columns();
        let after = json!({
            "fact": self.id,
            "kind": self.fact.kind(),
            "on": columns.on,
            "from": columns.from,
            "to": columns.to,
            "code": columns.code,
            "monthly": columns.monthly,
        });
        vec![entry_of("allowances.fact_recorded", self.file).after(after)]
    }
}
