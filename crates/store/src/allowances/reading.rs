//! What a run reads: children in the order of their ids, and beside them their statuses, facts and levels, all on one
//! snapshot.

use domain::allowances::{Fact, Payee, Struck};
use futures_util::TryStreamExt;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ChildId, UnitId};
use kernel::money::Money;
use sqlx::PgConnection;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::connecting::Connecting;
use super::records::{
    FactRecord, Keyed, LevelRecord, Payable, SeriesEnd, Sorted, SpanRecord, SumRecord,
};
use super::rows::{Row, Rows};
use crate::error::StoreError;
use crate::work::Work;

/// Children handed over at a time.
const CHUNK: usize = 4096;
/// Chunks that wait for the replay at most.
const WAITING: usize = 4;

/// What a run goes by. Dropping it ends its connections.
pub struct Reading {
    /// The statuses in cash classes.
    pub spans: Sorted<SpanRecord>,
    /// The facts that only the allowances keep.
    pub facts: Sorted<FactRecord>,
    /// What is committed.
    pub levels: Sorted<LevelRecord>,
    /// The series that levels are of.
    pub series: Vec<SeriesEnd>,
    people: Receiver<Vec<Payable>>,
    streaming: JoinSet<Result<(), StoreError>>,
}

impl Reading {
    /// The next children, in the order of their ids; `None` behind the last.
    ///
    /// # Errors
    /// When the database broke off.
    pub async fn people(&mut self) -> Result<Option<Vec<Payable>>, StoreError> {
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
        table: "allowances_payable",
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
    let connecting = work.connecting();
    let (sender, people) = channel(WAITING);
    let mut streaming = JoinSet::new();
    let begun = (connecting.clone(), snapshot.clone());
    streaming.spawn(async move { stream_people(&begun.0, &begun.1, sealed, &sender).await });
    // Beside the children, who wait for all of it: statuses on one connection, facts and levels on another.
    let mut beside = JoinSet::new();
    let begun = (connecting.clone(), snapshot.clone());
    beside.spawn(async move {
        let spans = statuses(&begun.0, &begun.1, sealed).await?;
        Ok::<_, StoreError>(Beside::Statuses(sorted(spans).await?))
    });
    beside.spawn(async move {
        let (facts, levels, series) = committed(&connecting, &snapshot, sealed).await?;
        let read = (sorted(facts).await?, sorted(levels).await?, series);
        Ok(Beside::Committed(Box::new(read)))
    });
    let (mut statuses, mut committed) = (None, None);
    while let Some(part) = beside.join_next().await {
        match part.map_err(|_| cut_off())?? {
            Beside::Statuses(read) => statuses = Some(read),
            Beside::Committed(read) => committed = Some(*read),
        }
    }
    let (facts, levels, series) = committed.ok_or_else(cut_off)?;
    Ok(Reading {
        spans: statuses.ok_or_else(cut_off)?,
        facts,
        levels,
        series,
        people,
        streaming,
    })
}

/// What is read beside the children, each part sorted while the others are still read.
enum Beside {
    Statuses(Sorted<SpanRecord>),
    Committed(Box<(Sorted<FactRecord>, Sorted<LevelRecord>, Vec<SeriesEnd>)>),
}

async fn sorted<T: Keyed + Send + 'static>(records: Vec<T>) -> Result<Sorted<T>, StoreError> {
    let sorting = tokio::task::spawn_blocking(move || Sorted::new(records));
    sorting.await.map_err(|_| cut_off())
}

/// Hands every row of a query to `each`.
pub(super) async fn each_row(
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
    sender: &Sender<Vec<Payable>>,
) -> Result<(), StoreError> {
    let mut conn = connecting.reading(snapshot).await?;
    let copy = format!(
        "COPY (SELECT child_id, birth, place FROM allowances_payable WHERE sealed = {sealed} ORDER BY child_id) TO STDOUT (FORMAT binary)"
    );
    let mut stream = conn.copy_out_raw(&copy).await?;
    let (mut rows, mut chunk) = (Rows::default(), Vec::with_capacity(CHUNK));
    while let Some(piece) = stream.try_next().await? {
        rows.take(&piece, &mut |row| {
            chunk.push(Payable {
                child: ChildId::from_uuid(Uuid::from_u128(row.uuid(0)?)),
                born: row.day(1)?,
                place: place(row.long(2)?)?,
            });
            Ok(())
        })?;
        if chunk.len() >= CHUNK {
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
            if sender.send(full).await.is_err() {
                return Ok(());
            }
        }
    }
    // Whoever no longer listens has given the run up.
    let _ = sender.send(chunk).await;
    Ok(())
}

async fn statuses(
    connecting: &Connecting,
    snapshot: &str,
    sealed: bool,
) -> Result<Vec<SpanRecord>, StoreError> {
    let mut conn = connecting.reading(snapshot).await?;
    let query = format!(
        "SELECT child_id, category, from_day, to_day, known, end_known FROM allowances_payable_span WHERE sealed = {sealed}"
    );
    let mut spans = Vec::new();
    each_row(&mut conn, &query, |row| {
        spans.push(span(row)?);
        Ok(())
    })
    .await?;
    Ok(spans)
}

pub(super) fn span(row: &Row<'_>) -> Result<SpanRecord, StoreError> {
    let class: Option<Category> = row.text(1)?.and_then(|code| code.parse().ok());
    Ok(SpanRecord {
        child: row.uuid(0)?,
        class: class.ok_or_else(|| corrupt("registry_span", "category"))?,
        from: row
            .day(2)?
            .ok_or_else(|| corrupt("registry_span", "from_day"))?,
        to: row.day(3)?,
        known: row.moment(4)?,
        end_known: row.moment(5)?,
    })
}

async fn committed(
    connecting: &Connecting,
    snapshot: &str,
    sealed: bool,
) -> Result<(Vec<FactRecord>, Vec<LevelRecord>, Vec<SeriesEnd>), StoreError> {
    let mut conn = connecting.reading(snapshot).await?;
    let mut facts = Vec::new();
    let query = format!(
        "SELECT child_id, id, kind, known, on_day, from_month, to_month, code, monthly_fen, from_place, to_place
         FROM allowances_payable_fact WHERE sealed = {sealed}"
    );
    each_row(&mut conn, &query, |row| {
        facts.push(fact(row)?);
        Ok(())
    })
    .await?;
    let (mut levels, mut series) = (Vec::new(), Vec::<SeriesEnd>::new());
    let query = format!(
        "SELECT child_id, paid_as, unit_id, sealed, last_month, payee, pay_month, from_month, level_fen FROM allowances_payable_level
         WHERE payable = {sealed} OR unit_id = auth.paying_unit() AND sealed = {sealed}"
    );
    each_row(&mut conn, &query, |row| {
        let month = |column| {
            let month = row.month(column)?;
            month.ok_or_else(|| corrupt("allowances_level", "from_month"))
        };
        let of = SeriesEnd {
            unit: UnitId::from_uuid(Uuid::from_u128(row.uuid(2)?)),
            sealed: row.flag(3)?,
            last: month(4)?,
        };
        let found = series.iter().position(|known| *known == of);
        let index = found.unwrap_or_else(|| {
            series.push(of);
            series.len() - 1
        });
        levels.push(LevelRecord::new(
            (row.uuid(0)?, row.uuid(1)?),
            u16::try_from(index).map_err(|_| corrupt("allowances_level", "unit_id"))?,
            payee(row.small(5)?)?,
            (month(6)?, month(7)?),
            row.long(8)?.unwrap_or_default(),
        ));
        Ok(())
    })
    .await?;
    Ok((facts, levels, series))
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

pub(super) fn fact(row: &Row<'_>) -> Result<FactRecord, StoreError> {
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
