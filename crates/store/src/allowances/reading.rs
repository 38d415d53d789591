//! What a run reads: children beside their statuses in the order of their ids, their facts and levels, all on one
//! snapshot.

use domain::allowances::{Fact, Payee, Struck};
use futures_util::TryStreamExt;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ChildId, UnitId};
use kernel::money::Money;
use kernel::month::Month;
use sqlx::PgConnection;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::connecting::Connecting;
use super::records::{
    FactRecord, LevelRecord, Payable, People, SeriesEnd, Sorted, SpanRecord, SumRecord,
};
use super::rows::{Row, Rows};
use crate::error::StoreError;
use crate::work::Work;

/// Children handed over at a time.
const CHUNK: usize = 4096;
/// Chunks that wait for the replay at most: children are read while the levels still are, whom the replay waits for, but
/// so many alone that they do not keep the levels waiting. Each takes less than half a MiB.
const WAITING: usize = 48;

/// What a run goes by. Dropping it ends its connections.
pub struct Reading {
    /// The facts that only the allowances keep.
    pub facts: Sorted<FactRecord>,
    /// What is committed.
    pub levels: Sorted<LevelRecord>,
    /// The series that levels are of.
    pub series: Vec<SeriesEnd>,
    people: Receiver<People>,
    streaming: JoinSet<Result<(), StoreError>>,
}

impl Reading {
    /// The next children, in the order of their ids; `None` behind the last.
    ///
    /// # Errors
    /// When the database broke off.
    pub async fn people(&mut self) -> Result<Option<People>, StoreError> {
        if let Some(people) = self.people.recv().await {
            return Ok(Some(people));
        }
        match self.streaming.join_next().await {
            Some(Ok(ended)) => ended.map(|()| None),
            Some(Err(_)) => Err(cut_off()),
            None => Ok(None),
        }
    }
}

/// A task of a run that did not come to its end.
pub(super) fn cut_off() -> StoreError {
    StoreError::Corrupt {
        table: "allowances_payable_file",
        column: "rows",
    }
}

/// Begins to read what the work's unit pays, sealed or not, as the database stands at this moment.
///
/// # Errors
/// When the database does not answer.
pub async fn read(work: &mut Work, sealed: bool) -> Result<Reading, StoreError> {
    let snapshot = sqlx::query_scalar!(r#"SELECT pg_export_snapshot() AS "snapshot!""#)
        .fetch_one(work.conn())
        .await?;
    let (connecting, unit) = (work.connecting(), work.unit());
    let (sender, people) = channel(WAITING);
    let mut streaming = JoinSet::new();
    let begun = (connecting.clone(), snapshot.clone());
    streaming.spawn(async move { stream_people(&begun.0, &begun.1, sealed, &sender).await });
    let last = sqlx::query_scalar!(
        "SELECT max(pay_month) FROM allowances_batch WHERE unit_id = $1 AND sealed = $2",
        unit.uuid(),
        sealed
    );
    let last = last.fetch_one(work.conn()).await?;
    let own = last.map(|last| SeriesEnd {
        unit,
        sealed,
        last: Month::of(last.to_jiff()),
    });
    let (mut levels, (facts, others, series)) = tokio::try_join!(
        own_levels(&connecting, &snapshot, own),
        beside(&connecting, &snapshot, (unit, sealed), own)
    )?;
    levels.extend(others);
    let sorting = tokio::task::spawn_blocking(move || (Sorted::new(facts), Sorted::new(levels)));
    let (facts, levels) = sorting.await.map_err(|_| cut_off())?;
    Ok(Reading {
        facts,
        levels,
        series,
        people,
        streaming,
    })
}

/// Hands every row of a query to `each`.
async fn each_row(
    conn: &mut PgConnection,
    query: &str,
    mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError> + Send,
) -> Result<(), StoreError> {
    let copy = format!("COPY ({query}) TO STDOUT (FORMAT binary)");
    let mut stream = conn.copy_out_raw(&copy).await?;
    let mut rows = Rows::default();
    while let Some(piece) = stream.try_next().await? {
        rows.take(&piece, &mut each)?;
    }
    Ok(())
}

async fn stream_people(
    connecting: &Connecting,
    snapshot: &str,
    sealed: bool,
    sender: &Sender<People>,
) -> Result<(), StoreError> {
    let mut conn = connecting.reading(snapshot).await?;
    // Children and statuses lie in the order of their keys and are read side by side. The planner cannot know how many
    // children a unit pays, and would look each one's statuses up.
    let side_by_side = "SET LOCAL enable_nestloop = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_sort = off";
    sqlx::raw_sql(side_by_side).execute(&mut conn).await?;
    let copy = format!(
        "COPY (SELECT child_id, category, from_day, to_day, known, end_known, birth, place FROM allowances_payable_file
         WHERE sealed = {sealed} ORDER BY child_id) TO STDOUT (FORMAT binary)"
    );
    let mut stream = conn.copy_out_raw(&copy).await?;
    let (mut rows, mut people, mut full) = (Rows::default(), People::default(), Vec::new());
    while let Some(piece) = stream.try_next().await? {
        rows.take(&piece, &mut |row| {
            let child = ChildId::from_uuid(Uuid::from_u128(row.uuid(0)?));
            if !people.ends_with(child) {
                if people.len() >= CHUNK {
                    full.push(std::mem::take(&mut people));
                }
                people.push(Payable {
                    child,
                    born: row.day(6)?,
                    place: place(row.long(7)?)?,
                });
            }
            if row.text(1)?.is_some() {
                people.status(span(row)?);
            }
            Ok(())
        })?;
        for full in full.drain(..) {
            if sender.send(full).await.is_err() {
                return Ok(());
            }
        }
    }
    // Whoever no longer listens has given the run up.
    let _ = sender.send(people).await;
    Ok(())
}

fn span(row: &Row<'_>) -> Result<SpanRecord, StoreError> {
    let class: Option<Category> = row.text(1)?.and_then(|code| code.parse().ok());
    Ok(SpanRecord {
        class: class.ok_or_else(|| corrupt("registry_span", "category"))?,
        from: row
            .day(2)?
            .ok_or_else(|| corrupt("registry_span", "from_day"))?,
        to: row.day(3)?,
        known: row.moment(4)?,
        end_known: row.moment(5)?,
    })
}

/// The levels of the own series, which is the first of all.
async fn own_levels(
    connecting: &Connecting,
    snapshot: &str,
    own: Option<SeriesEnd>,
) -> Result<Vec<LevelRecord>, StoreError> {
    let mut levels = Vec::new();
    let Some(SeriesEnd { sealed, .. }) = own else {
        return Ok(levels);
    };
    let mut conn = connecting.reading(snapshot).await?;
    let query = format!(
        "SELECT child_id, paid_as, payee, pay_month, from_month, level_fen FROM allowances_own_level WHERE sealed = {sealed}"
    );
    each_row(&mut conn, &query, |row| {
        levels.push(level(row, 0)?);
        Ok(())
    })
    .await?;
    Ok(levels)
}

/// Facts, and the levels that other series hold of children whom the unit pays now.
async fn beside(
    connecting: &Connecting,
    snapshot: &str,
    (unit, sealed): (UnitId, bool),
    own: Option<SeriesEnd>,
) -> Result<(Vec<FactRecord>, Vec<LevelRecord>, Vec<SeriesEnd>), StoreError> {
    let mut conn = connecting.reading(snapshot).await?;
    let (mut facts, mut levels) = (Vec::new(), Vec::new());
    let mut series: Vec<SeriesEnd> = own.into_iter().collect();
    let query = format!(
        "SELECT child_id, id, kind, known, on_day, from_month, to_month, code, monthly_fen, from_place, to_place, of_double, paid_since
         FROM allowances_payable_fact WHERE sealed = {sealed}"
    );
    each_row(&mut conn, &query, |row| {
        facts.push(fact(row)?);
        Ok(())
    })
    .await?;
    let query = format!(
        "SELECT child_id, paid_as, payee, pay_month, from_month, level_fen, unit_id, sealed, last_month FROM allowances_payable_level
         WHERE payable = {sealed} AND NOT (unit_id = '{unit}' AND sealed = {sealed})",
        unit = unit.uuid()
    );
    each_row(&mut conn, &query, |row| {
        let of = SeriesEnd {
            unit: UnitId::from_uuid(Uuid::from_u128(row.uuid(6)?)),
            sealed: row.flag(7)?,
            last: month_of_level(row, 8)?,
        };
        let found = series.iter().position(|known| *known == of);
        let index = found.unwrap_or_else(|| {
            series.push(of);
            series.len() - 1
        });
        let index = u16::try_from(index).map_err(|_| corrupt("allowances_level", "unit_id"))?;
        levels.push(level(row, index)?);
        Ok(())
    })
    .await?;
    Ok((facts, levels, series))
}

fn level(row: &Row<'_>, series: u16) -> Result<LevelRecord, StoreError> {
    let child = row.uuid(0)?;
    Ok(LevelRecord::new(
        (child, row.uuid_if_any(1)?.unwrap_or(child)),
        series,
        payee(row.small(2)?)?,
        (month_of_level(row, 3)?, month_of_level(row, 4)?),
        row.long(5)?.unwrap_or_default(),
    ))
}

fn month_of_level(row: &Row<'_>, column: usize) -> Result<Month, StoreError> {
    let month = row.month(column)?;
    month.ok_or_else(|| corrupt("allowances_level", "from_month"))
}

/// What the lines of the own series add up to, child by child and month by month, on a snapshot of its own: the months are
/// held, so that nothing is committed meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn read_sums(work: &mut Work, sealed: bool) -> Result<Sorted<SumRecord>, StoreError> {
    let mut sums = Vec::new();
    let query = format!(
        "SELECT child_id, paid_as, payee, for_month, amount_fen FROM allowances_payable_sum WHERE sealed = {sealed}"
    );
    each_row(work.conn(), &query, |row| {
        sums.push(SumRecord {
            child: row.uuid(0)?,
            paid_as: row.uuid(1)?,
            payee: payee(row.small(2)?)?,
            month: row
                .month(3)?
                .ok_or_else(|| corrupt("allowances_line", "for_month"))?,
            fen: row.long(4)?.unwrap_or_default(),
        });
        Ok(())
    })
    .await?;
    Ok(Sorted::new(sums))
}

fn fact(row: &Row<'_>) -> Result<FactRecord, StoreError> {
    let wrong = |column| corrupt("allowances_fact", column);
    let on = || row.day(4)?.ok_or_else(|| wrong("on_day"));
    let from = || row.month(5)?.ok_or_else(|| wrong("from_month"));
    let code = || row.text(7)?.ok_or_else(|| wrong("code"));
    let fact = match row.text(2)?.unwrap_or_default() {
        "stopped" => Fact::Stopped {
            on: on()?,
            reason: code()?.into(),
        },
        "revoked" => Fact::Revoked {
            of: match code()? {
                "recognised" => Struck::Recognised,
                "stopped" => Struck::Stopped,
                _ => return Err(wrong("code")),
            },
            on: on()?,
        },
        "benefit" => Fact::Benefit {
            benefit: code()?.into(),
            monthly: Money::from_fen(row.long(8)?.unwrap_or_default()),
            from: from()?,
            to: row.month(6)?,
        },
        "study" => Fact::Study {
            from: from()?,
            to: row.month(6)?,
        },
        "suspended" => Fact::Suspended {
            from: from()?,
            to: row.month(6)?,
        },
        "moved" => Fact::Moved {
            place: place(row.long(10)?)?,
            on: on()?,
        },
        _ => return Err(wrong("kind")),
    };
    Ok(FactRecord {
        child: row.uuid(0)?,
        id: row.uuid(1)?,
        known: row.moment(3)?.ok_or_else(|| wrong("known"))?,
        fact,
        from_place: row.long(9)?.map(|code| place(Some(code))).transpose()?,
        of_double: row.flag(11)?,
        paid_since: row.month(12)?,
    })
}

pub(super) fn payee(code: i16) -> Result<Payee, StoreError> {
    let found = usize::try_from(code).ok().and_then(|at| Payee::ALL.get(at));
    found
        .copied()
        .ok_or_else(|| corrupt("allowances_line", "payee"))
}

pub(super) fn place(code: Option<i64>) -> Result<Division, StoreError> {
    code.and_then(|code| Division::new(code).ok())
        .ok_or_else(|| corrupt("registry_person", "household_division"))
}

pub(super) const fn corrupt(table: &'static str, column: &'static str) -> StoreError {
    StoreError::Corrupt { table, column }
}
