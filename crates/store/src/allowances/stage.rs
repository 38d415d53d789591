//! Where a run's lines and levels lie until they become part of their month: two bare tables that carry the batch's id.
//!
//! **Invariant.** They are filled in the transaction that makes them, so their rows are frozen, and committed before their
//! keys are built; nobody reads them. What a dead run leaves is found and removed by the next.

use domain::allowances::{LineKind, Payee};
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{BatchId, ChildId};
use kernel::money::Money;
use kernel::month::Month;
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

use super::connecting::Connecting;
use super::reading::cut_off;
use super::rows::{Written, days_of};
use crate::error::StoreError;
use crate::work::Work;

/// Bytes of a piece of a COPY.
const PIECE: usize = 1 << 18;
/// What is written of a line and of a level, in the order of [`Stage::line`] and [`Stage::level`]; the rest is the same for
/// all of a batch, and the tables' to say.
const LINE: &str =
    "number, child_id, payee, for_month, kind, class, place, amount_fen, due_fen, reason";
const LEVEL: &str = "child_id, payee, from_month, level_fen";
/// Pieces that wait for the database at most.
const WAITING: usize = 8;

/// A line as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct LineRow {
    /// Whose it is.
    pub child: ChildId,
    /// To whom, or from whom.
    pub payee: Payee,
    /// The month it is for.
    pub for_month: Month,
    /// Its kind.
    pub kind: LineKind,
    /// The class entitled in that month.
    pub class: Option<Category>,
    /// Where the household is.
    pub place: Division,
    /// The difference.
    pub amount: Money,
    /// What is due for the month.
    pub due: Money,
    /// Which of the batch's reasons.
    pub reason: i32,
}

/// A piece of what is staged.
enum Piece {
    Lines(Vec<u8>),
    /// The last of the lines, and all levels.
    End(Vec<u8>, Vec<u8>),
}

/// The tables of a run being filled. Dropping it ends its connection, and with it the tables.
pub struct Stage {
    batch: BatchId,
    month: Month,
    number: i32,
    /// Days of the months that lines are for, by their distance from the pay month.
    days: Vec<i32>,
    lines: Written,
    levels: Written,
    hash: Sha256,
    sender: Sender<Piece>,
    filling: JoinSet<Result<(), StoreError>>,
    connecting: Connecting,
}

/// What was staged.
#[derive(Debug, Clone, Copy)]
pub struct Staged {
    /// The hash that an approval signs.
    pub hash: [u8; 32],
}

impl Stage {
    /// Begins the stage of a batch whose first line has this number in its month.
    #[must_use]
    pub fn open(work: &Work, batch: BatchId, month: Month, sealed: bool, first: i32) -> Self {
        let connecting = work.connecting();
        let (sender, pieces) = channel(WAITING);
        let mut filling = JoinSet::new();
        let filler = connecting.clone();
        filling.spawn(async move { fill(&filler, batch, month, sealed, pieces).await });
        Self {
            batch,
            month,
            number: first,
            days: Vec::new(),
            lines: Written::begun(),
            levels: Written::begun(),
            hash: Sha256::new(),
            sender,
            filling,
            connecting,
        }
    }

    /// Takes a line.
    pub fn line(&mut self, line: &LineRow) {
        let (child, for_month) = (*line.child.uuid().as_bytes(), self.days(line.for_month));
        let (payee, kind) = (code(line.payee as usize), code(line.kind as usize));
        let class = line.class.map(|class| code(class as usize));
        let (place, amount, due) = (line.place.code(), line.amount.fen(), line.due.fen());
        self.hash.update(self.number.to_be_bytes());
        self.hash.update(child);
        self.hash.update(payee.to_be_bytes());
        self.hash.update(for_month.to_be_bytes());
        self.hash.update(kind.to_be_bytes());
        self.hash.update(class.unwrap_or(-1).to_be_bytes());
        for number in [place, amount, due] {
            self.hash.update(number.to_be_bytes());
        }
        let row = &mut self.lines;
        row.row(10);
        row.field(self.number.to_be_bytes());
        row.field(child);
        row.field(payee.to_be_bytes());
        row.field(for_month.to_be_bytes());
        row.field(kind.to_be_bytes());
        match class {
            Some(class) => row.field(class.to_be_bytes()),
            None => row.null(),
        }
        row.field(place.to_be_bytes());
        row.field(amount.to_be_bytes());
        row.field(due.to_be_bytes());
        row.field(line.reason.to_be_bytes());
        self.number += 1;
    }

    /// Takes a level: from a month on so many fen for each month, paid as this child.
    pub fn level(&mut self, paid_as: u128, payee: Payee, from: Month, fen: i64) {
        let from = self.days(from);
        let row = &mut self.levels;
        row.row(4);
        row.field(paid_as.to_be_bytes());
        row.field(code(payee as usize).to_be_bytes());
        row.field(from.to_be_bytes());
        row.field(fen.to_be_bytes());
    }

    /// Hands on what was taken, once there is enough of it.
    ///
    /// # Errors
    /// When the database broke off.
    pub async fn flush(&mut self) -> Result<(), StoreError> {
        if self.lines.len() < PIECE {
            return Ok(());
        }
        let piece = Piece::Lines(self.lines.take());
        match self.sender.send(piece).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.fault().await),
        }
    }

    /// Brings the rest into the tables, commits them, and builds their keys on two connections.
    ///
    /// # Errors
    /// When the database broke off.
    pub async fn finish(mut self) -> Result<Staged, StoreError> {
        let (lines, levels) = (
            std::mem::take(&mut self.lines),
            std::mem::take(&mut self.levels),
        );
        let end = Piece::End(lines.ended(), levels.ended());
        if self.sender.send(end).await.is_err() {
            return Err(self.fault().await);
        }
        while let Some(filled) = self.filling.join_next().await {
            filled.map_err(|_| cut_off())??;
        }
        let mut building = JoinSet::new();
        for by_child in [true, false] {
            let (connecting, batch) = (self.connecting.clone(), self.batch);
            building.spawn(async move { key(&connecting, batch, by_child).await });
        }
        while let Some(built) = building.join_next().await {
            built.map_err(|_| cut_off())??;
        }
        Ok(Staged {
            hash: self.hash.finalize().into(),
        })
    }

    /// Why nobody takes the pieces any more.
    async fn fault(&mut self) -> StoreError {
        match self.filling.join_next().await {
            Some(Ok(Err(error))) => error,
            _ => cut_off(),
        }
    }

    fn days(&mut self, month: Month) -> i32 {
        let back = usize::try_from(self.month.since(month)).unwrap_or_default();
        while self.days.len() <= back {
            let back = i32::try_from(self.days.len()).unwrap_or(i32::MAX);
            self.days.push(days_of(self.month.plus(-back).first()));
        }
        self.days[back]
    }
}

/// The number that stands for a payee, a kind or a class: its place among them.
fn code(place: usize) -> i16 {
    i16::try_from(place).unwrap_or(-1)
}

async fn fill(
    connecting: &Connecting,
    batch: BatchId,
    month: Month,
    sealed: bool,
    mut pieces: Receiver<Piece>,
) -> Result<(), StoreError> {
    let mut conn = connecting.working().await?;
    sqlx::query!(
        "SELECT auth.open_stage($1, $2, $3)",
        batch.uuid(),
        month.first().to_sqlx() as _,
        sealed
    )
    .fetch_one(&mut conn)
    .await?;
    let name = batch.uuid().simple();
    let into = |kind, columns| {
        format!("COPY month.{kind}_{name} ({columns}) FROM STDIN (FORMAT binary, FREEZE)")
    };
    let mut copying = conn.copy_in_raw(&into("line", LINE)).await?;
    let levels = loop {
        match pieces.recv().await {
            Some(Piece::Lines(bytes)) => copying.send(bytes).await?,
            Some(Piece::End(bytes, levels)) => {
                copying.send(bytes).await?;
                copying.finish().await?;
                break levels;
            }
            // The run was given up.
            None => return Ok(copying.abort("the run was given up").await?),
        };
    };
    let mut copying = conn.copy_in_raw(&into("level", LEVEL)).await?;
    for piece in levels.chunks(PIECE) {
        copying.send(piece).await?;
    }
    copying.finish().await?;
    commit(conn).await
}

async fn key(connecting: &Connecting, batch: BatchId, by_child: bool) -> Result<(), StoreError> {
    let mut conn = connecting.working().await?;
    sqlx::query!("SELECT auth.key_stage($1, $2)", batch.uuid(), by_child)
        .fetch_one(&mut conn)
        .await?;
    commit(conn).await
}

async fn commit(mut conn: PgConnection) -> Result<(), StoreError> {
    sqlx::raw_sql("COMMIT").execute(&mut conn).await?;
    Ok(conn.close().await?)
}
