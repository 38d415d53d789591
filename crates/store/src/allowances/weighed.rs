//! The children that a standard is weighed for: those within reach of whoever asks, and nothing that is sealed.

use jiff::civil::Date;
use kernel::division::Division;
use kernel::month::Month;

use super::reading::{corrupt, each_row, fact, place, span};
use super::records::{FactRecord, Sorted, SpanRecord};
use crate::error::StoreError;
use crate::work::Work;

/// A child with a status in a cash class, now or once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeighedChild {
    /// Its id as a number, in the database's order.
    pub child: u128,
    /// Its day of birth.
    pub born: Date,
    /// Where its household is.
    pub place: Division,
    /// From which month on its county pays here; none before the first batch.
    pub since: Option<Month>,
}

/// What a standard is weighed by.
#[derive(Debug)]
pub struct Weighed {
    /// The children, in the order of their ids.
    pub children: Vec<WeighedChild>,
    /// Their statuses in cash classes.
    pub spans: Sorted<SpanRecord>,
    /// The facts that only the allowances keep.
    pub facts: Sorted<FactRecord>,
}

/// Reads what a standard is weighed by.
///
/// # Errors
/// When the database does not answer.
pub async fn read_weighed(work: &mut Work) -> Result<Weighed, StoreError> {
    let (mut children, mut spans, mut facts) = (Vec::new(), Vec::new(), Vec::new());
    let query =
        "SELECT child_id, birth, place, from_month FROM allowances_weighed ORDER BY child_id";
    each_row(work.conn(), query, |row| {
        let born = row.day(1)?;
        children.push(WeighedChild {
            child: row.uuid(0)?,
            born: born.ok_or_else(|| corrupt("registry_person", "birth"))?,
            place: place(row.long(2)?)?,
            since: row.month(3)?,
        });
        Ok(())
    })
    .await?;
    let query = "SELECT child_id, category, from_day, to_day, known, end_known FROM allowances_weighed_span";
    each_row(work.conn(), query, |row| {
        spans.push(span(row)?);
        Ok(())
    })
    .await?;
    let query = "SELECT child_id, id, kind, known, on_day, from_month, to_month, code, monthly_fen, from_place, to_place FROM allowances_weighed_fact";
    each_row(work.conn(), query, |row| {
        facts.push(fact(row)?);
        Ok(())
    })
    .await?;
    Ok(Weighed {
        children,
        spans: Sorted::new(spans),
        facts: Sorted::new(facts),
    })
}
