//! What a change of rates is weighed by: the children within reach of whoever asks, alike ones together, and of none who it
//! is. Nothing that is sealed is among them.

use domain::allowances::{Fact, Struck};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::money::Money;
use kernel::month::Month;
use serde::Deserialize;

use super::reading::{corrupt, place};
use super::records::{FactRecord, SpanRecord};
use crate::error::StoreError;
use crate::work::Work;

/// Which children are alike: those to whom nothing happens between two days that would tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeighingWindow {
    /// The first month that is looked at.
    pub first: Month,
    /// The last day on which a decision entitles to that month, whatever the class.
    pub settled: Date,
    /// Who is born on this day or later comes to no age that ends an allowance.
    pub grown: Date,
}

/// Children who are weighed as one.
#[derive(Debug, Clone)]
pub struct WeighedGroup {
    /// Where their household is.
    pub place: Division,
    /// From which month on their county pays here; none before the first batch.
    pub since: Option<Month>,
    /// How many they are.
    pub children: u64,
    /// What is weighed.
    pub of: WeighedAs,
}

/// What children of a group have in common.
#[derive(Debug, Clone)]
pub enum WeighedAs {
    /// Through the whole window in one class, drawing these benefits.
    Lasting {
        /// The class.
        class: Category,
        /// Benefits by their codes, with what they bring in a month.
        drawn: Vec<(String, Money)>,
    },
    /// The same day of birth, statuses and facts.
    History {
        /// The day of birth.
        born: Date,
        /// The statuses in cash classes, ascending.
        spans: Vec<SpanRecord>,
        /// The facts that only the allowances keep, as they became known.
        facts: Vec<FactRecord>,
    },
}

/// The first month that any unit within reach pays here; none before the first batch.
///
/// # Errors
/// When the database does not answer.
pub async fn weighed_since(work: &mut Work) -> Result<Option<Month>, StoreError> {
    let since = sqlx::query_scalar!(r#"SELECT auth.weighed_since() AS "since: jiff_sqlx::Date""#);
    let since = since.fetch_one(work.conn()).await?;
    Ok(since.map(|day| Month::of(day.to_jiff())))
}

/// Reads what a change of rates is weighed by, as it was known at a moment.
///
/// # Errors
/// When the database does not answer.
pub async fn read_weighed(
    work: &mut Work,
    window: &WeighingWindow,
    known_at: Timestamp,
) -> Result<Vec<WeighedGroup>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT place AS "place!", from_month AS "from_month: jiff_sqlx::Date", class, birth AS "birth: jiff_sqlx::Date", statuses, facts,
                  children AS "children!" FROM auth.weighed($1, $2, $3, $4)"#,
        window.first.first().to_sqlx() as _,
        window.settled.to_sqlx() as _,
        window.grown.to_sqlx() as _,
        known_at.to_sqlx() as _
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let facts = row.facts.as_deref();
            Ok(WeighedGroup {
                place: place(Some(row.place))?,
                since: row.from_month.map(|day| Month::of(day.to_jiff())),
                children: u64::try_from(row.children).unwrap_or_default(),
                of: match row.class {
                    Some(class) => WeighedAs::Lasting {
                        class: category(&class)?,
                        drawn: drawn(facts)?,
                    },
                    None => WeighedAs::History {
                        born: row.birth.ok_or_else(wrong_birth)?.to_jiff(),
                        spans: spans(row.statuses.as_deref())?,
                        facts: others(facts)?,
                    },
                },
            })
        })
        .collect()
}

const fn wrong_birth() -> StoreError {
    corrupt("registry_person", "birth")
}

fn category(code: &str) -> Result<Category, StoreError> {
    code.parse()
        .map_err(|_| corrupt("registry_span", "category"))
}

/// The parts of a list that the database told; none where it told nothing.
fn told<'t, T: Deserialize<'t>>(
    text: Option<&'t str>,
    of: (&'static str, &'static str),
) -> Result<Vec<T>, StoreError> {
    let read = text.map(serde_json::from_str).transpose();
    Ok(read.map_err(|_| corrupt(of.0, of.1))?.unwrap_or_default())
}

#[derive(Deserialize)]
struct Drawn {
    code: String,
    fen: i64,
}

fn drawn(text: Option<&str>) -> Result<Vec<(String, Money)>, StoreError> {
    let all: Vec<Drawn> = told(text, ("allowances_fact", "code"))?;
    let pair = |one: Drawn| (one.code, Money::from_fen(one.fen));
    Ok(all.into_iter().map(pair).collect())
}

#[derive(Deserialize)]
struct Status<'t> {
    class: &'t str,
    from: Date,
    to: Option<Date>,
    known: Option<Timestamp>,
    end_known: Option<Timestamp>,
}

fn spans(text: Option<&str>) -> Result<Vec<SpanRecord>, StoreError> {
    let all: Vec<Status<'_>> = told(text, ("registry_span", "from_day"))?;
    let span = |one: Status<'_>| {
        Ok(SpanRecord {
            class: category(one.class)?,
            from: one.from,
            to: one.to,
            known: one.known,
            end_known: one.end_known,
        })
    };
    all.into_iter().map(span).collect()
}

/// A fact with the columns of its kind.
#[derive(Deserialize)]
struct Told<'t> {
    kind: &'t str,
    /// None where it was so ever since.
    known: Option<Timestamp>,
    on: Option<Date>,
    from: Option<Date>,
    to: Option<Date>,
    code: Option<String>,
    fen: Option<i64>,
    from_place: Option<i64>,
    to_place: Option<i64>,
    of_double: bool,
}

fn others(text: Option<&str>) -> Result<Vec<FactRecord>, StoreError> {
    let all: Vec<Told<'_>> = told(text, ("allowances_fact", "known"))?;
    let record = |one: Told<'_>| {
        Ok(FactRecord {
            child: 0,
            id: 0,
            known: one.known.unwrap_or(Timestamp::MIN),
            of_double: one.of_double,
            paid_since: None,
            from_place: one.from_place.map(|code| place(Some(code))).transpose()?,
            fact: one.fact()?,
        })
    };
    all.into_iter().map(record).collect()
}

impl Told<'_> {
    fn fact(self) -> Result<Fact, StoreError> {
        let wrong = |column| corrupt("allowances_fact", column);
        let on = || self.on.ok_or_else(|| wrong("on_day"));
        let from = || self.from.map(Month::of).ok_or_else(|| wrong("from_month"));
        let to = self.to.map(Month::of);
        let code = self.code.as_deref().ok_or_else(|| wrong("code"));
        Ok(match self.kind {
            "stopped" => Fact::Stopped {
                on: on()?,
                reason: code?.into(),
            },
            "revoked" => Fact::Revoked {
                of: match code? {
                    "recognised" => Struck::Recognised,
                    "stopped" => Struck::Stopped,
                    _ => return Err(wrong("code")),
                },
                on: on()?,
            },
            "benefit" => Fact::Benefit {
                benefit: code?.into(),
                monthly: Money::from_fen(self.fen.unwrap_or_default()),
                from: from()?,
                to,
            },
            "study" => Fact::Study { from: from()?, to },
            "suspended" => Fact::Suspended { from: from()?, to },
            "moved" => Fact::Moved {
                place: place(self.to_place)?,
                on: on()?,
            },
            _ => return Err(wrong("kind")),
        })
    }
}
