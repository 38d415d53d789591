//! 季度确认: children who draw an allowance, and which of them somebody confirmed in a quarter.
//!
//! **Invariant.** What is confirmed of a child is confirmed of its file as it is: one that is joined to it asks anew.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ChildId, ConfirmationId};
use kernel::journal::{Entry, Subject};
use kernel::month::Quarter;
use serde_json::json;
use uuid::Uuid;

use super::reading::corrupt;
use crate::error::StoreError;
use crate::registry::seal_column;
use crate::work::{Change, Pen, Work};

const TABLE: &str = "allowances_confirmation";

/// A child who draws an allowance and is to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The child.
    pub child: ChildId,
    /// Its name.
    pub name: String,
    /// Its household.
    pub household: Division,
    /// The classes it draws under, as far as the officer may know.
    pub classes: Vec<Category>,
    /// Whether that is known to its named officers alone.
    pub sealed: bool,
    /// When it was confirmed for the quarter, and by whom, where that is told.
    pub confirmed: Option<(Timestamp, Option<String>)>,
}

/// Which of those who draw are asked for.
#[derive(Debug, Clone, Copy)]
pub struct DrawingFilter<'a> {
    /// The quarter.
    pub quarter: Quarter,
    /// The day as of which they draw.
    pub on: Date,
    /// Those that are confirmed, or those that are not; both without it.
    pub confirmed: Option<bool>,
    /// These alone; everybody without any.
    pub only: Option<&'a [ChildId]>,
}

/// Children the unit answers for who draw an allowance since before the quarter, village by village, after one.
/// Whoever was recognised within the quarter was looked at then.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn drawing(
    work: &mut Work,
    filter: &DrawingFilter<'_>,
    after: Option<(Division, ChildId)>,
    size: u16,
) -> Result<Vec<Drawing>, StoreError> {
    let only: Option<Vec<Uuid>> = filter
        .only
        .map(|only| only.iter().map(|child| child.uuid()).collect());
    let rows = sqlx::query!(
        r#"SELECT a.child_id AS "child_id!", a.name AS "name!", a.place AS "place!", array_agg(a.category ORDER BY a.category) AS "classes!",
                  bool_and(a.sealed OR a.of_sealed) AS "sealed!", c.confirmed_at AS "confirmed_at?: jiff_sqlx::Timestamp", o.name AS "by?"
           FROM allowances_answered a
           LEFT JOIN allowances_confirmed c ON c.child_id = a.child_id AND c.quarter = $1
           LEFT JOIN organisation_officer o ON o.id = c.confirmed_by
           WHERE a.from_day < $1 AND (a.to_day IS NULL OR a.to_day > $2) AND (a.stopped_on IS NULL OR a.stopped_on > $2)
             AND ($3::bool IS NULL OR (c.id IS NOT NULL) = $3) AND ($4::uuid[] IS NULL OR a.child_id = ANY ($4))
             AND ($5::bigint IS NULL OR (a.place, a.child_id) > ($5, $6))
           GROUP BY a.child_id, a.name, a.place, c.confirmed_at, o.name ORDER BY a.place, a.child_id LIMIT $7"#,
        filter.quarter.first().to_sqlx() as _,
        filter.on.to_sqlx() as _,
        filter.confirmed,
        only as _,
        after.map(|(household, _)| household.code()),
        after.map_or(Uuid::nil(), |(_, child)| child.uuid()),
        i64::from(size),
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let classes: Result<Vec<Category>, _> =
                row.classes.iter().map(|class| class.parse()).collect();
            Ok(Drawing {
                child: ChildId::from_uuid(row.child_id),
                name: row.name,
                household: Division::new(row.place)
                    .map_err(|_| corrupt("registry_person", "household_division"))?,
                classes: classes.map_err(|_| corrupt("registry_span", "category"))?,
                sealed: row.sealed,
                confirmed: row.confirmed_at.map(|at| (at.to_jiff(), row.by)),
            })
        })
        .collect()
}

/// How many draw an allowance since before the quarter, and how many of them are confirmed.
///
/// # Errors
/// When the database does not answer.
pub async fn drawing_counts(
    work: &mut Work,
    quarter: Quarter,
    on: Date,
) -> Result<(i64, i64), StoreError> {
    let row = sqlx::query!(
        r#"SELECT count(DISTINCT a.child_id) AS "all!", count(DISTINCT c.child_id) AS "confirmed!"
           FROM allowances_answered a LEFT JOIN allowances_confirmed c ON c.child_id = a.child_id AND c.quarter = $1
           WHERE a.from_day < $1 AND (a.to_day IS NULL OR a.to_day > $2) AND (a.stopped_on IS NULL OR a.stopped_on > $2)"#,
        quarter.first().to_sqlx() as _,
        on.to_sqlx() as _,
    )
    .fetch_one(work.conn())
    .await?;
    Ok((row.all, row.confirmed))
}

/// How many children of a batch, as far as the officer sees them, are not confirmed for the quarter of its month.
///
/// # Errors
/// When the database does not answer.
pub async fn unconfirmed_in(
    work: &mut Work,
    batch: kernel::ids::BatchId,
    quarter: Quarter,
) -> Result<i64, StoreError> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(DISTINCT a.child_id) AS "count!"
           FROM allowances_batch b JOIN allowances_line l ON l.pay_month = b.pay_month AND l.batch_id = b.id
           JOIN allowances_answered a ON a.child_id = l.child_id AND a.from_day < $2 AND (a.to_day IS NULL OR a.to_day > b.pay_month)
           LEFT JOIN allowances_confirmed c ON c.child_id = a.child_id AND c.quarter = $2
           WHERE b.id = $1 AND c.id IS NULL"#,
        batch.uuid(),
        quarter.first().to_sqlx() as _,
    )
    .fetch_one(work.conn())
    .await?;
    Ok(count)
}

/// Children confirmed for a quarter by the officer at work.
#[derive(Debug)]
pub struct QuarterConfirmed<'a> {
    /// The children, each with the id of its confirmation.
    pub children: &'a [(ConfirmationId, &'a Drawing)],
    /// The quarter.
    pub quarter: Quarter,
    /// What was found, to be sealed.
    pub note: Option<&'a str>,
}

impl Change for QuarterConfirmed<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = self.children.iter().map(|(id, _)| id.uuid()).collect();
        let children: Vec<Uuid> = self
            .children
            .iter()
            .map(|(_, one)| one.child.uuid())
            .collect();
        let note = |id: &Uuid| seal_column(pen.sealer, TABLE, "note", *id, self.note);
        let notes: Vec<Option<Vec<u8>>> = ids.iter().map(note).collect();
        let done = sqlx::query!(
            "INSERT INTO allowances_confirmation (id, child_id, quarter, note, confirmed_by, confirmed_at)
             SELECT n.id, n.child_id, $4, n.note, $5, $6 FROM UNNEST($1::uuid[], $2::uuid[], $3::bytea[]) AS n (id, child_id, note)
             ON CONFLICT (child_id, quarter, merge_id) DO NOTHING",
            &ids,
            &children,
            &notes as _,
            self.quarter.first().to_sqlx() as _,
            pen.officer.uuid(),
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        match usize::try_from(done.rows_affected()) {
            Ok(rows) if rows == ids.len() => Ok(()),
            // Somebody else confirmed one of them meanwhile.
            _ => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let confirmed = |(id, one): &(ConfirmationId, &Drawing)| {
            let after = json!({ "confirmation": id, "quarter": self.quarter });
            let entry = Entry::new(
                "allowances.quarter_confirmed",
                Subject::new("child", one.child.uuid()),
            )
            .at(one.household)
            .sealed(one.sealed)
            .after(after);
            match self.note {
                Some(_) => entry.sealed_changed("note"),
                None => entry,
            }
        };
        self.children.iter().map(confirmed).collect()
    }
}
