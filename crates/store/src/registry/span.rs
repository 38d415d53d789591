//! A child's statuses over time, opened and closed by an officer.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::ids::{ChildId, SpanId};
use serde_json::json;

use crate::error::StoreError;
use crate::registry::amend::name_officer;
use crate::registry::file::ChildFile;
use crate::registry::guardian::{entry_of, only_one};
use crate::work::{Change, Pen, Work};
use kernel::journal::Entry;

/// A status from one day to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its id.
    pub id: SpanId,
    /// The class.
    pub category: Category,
    /// The first day.
    pub from: Date,
    /// The first day on which it no longer holds.
    pub to: Option<Date>,
}

impl Span {
    /// Whether it has not ended by this day; an end that is yet to come is none so far.
    #[must_use]
    pub fn lasts(&self, day: Date) -> bool {
        self.to.is_none_or(|to| to > day)
    }

    /// Whether two statuses of one group hold on the same day.
    #[must_use]
    pub fn clashes(&self, other: &Self) -> bool {
        let apart = self.to.is_some_and(|to| to <= other.from)
            || other.to.is_some_and(|to| to <= self.from);
        let sealed = self.category.is_sealed() == other.category.is_sealed();
        self.category.group() == other.category.group() && sealed && !apart
    }
}

/// A child's statuses as far as the officer may see, the latest first.
///
/// # Errors
/// When the database does not answer.
pub async fn spans(work: &mut Work, child: ChildId) -> Result<Vec<Span>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, category, from_day, to_day FROM registry_span WHERE child_id = $1 ORDER BY from_day DESC, id DESC",
        child.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Span {
                id: SpanId::from_uuid(row.id),
                category: row.category.parse().map_err(|_| StoreError::Corrupt {
                    table: "registry_span",
                    column: "category",
                })?,
                from: row.from_day.to_jiff(),
                to: row.to_day.map(|day| day.to_jiff()),
            })
        })
        .collect()
}

/// A status entered.
#[derive(Debug)]
pub struct SpanEntered<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The status.
    pub span: Span,
}

impl Change for SpanEntered<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let (child, span) = (self.file.child, &self.span);
        if span.category.is_sealed() {
            name_officer(pen, child).await?;
        }
        sqlx::query!(
            "INSERT INTO registry_span (id, child_id, category, from_day, to_day, known, end_known)
             VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $5::date IS NOT NULL THEN $6::timestamptz END)",
            span.id.uuid(),
            child.uuid(),
            span.category.code(),
            span.from.to_sqlx() as _,
            span.to.map(|day| day.to_sqlx()) as _,
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let Span {
            category, from, to, ..
        } = self.span;
        let after = json!({ "status": category.code(), "from": from, "to": to });
        let entry = entry_of("registry.status_entered", self.file).after(after);
        vec![entry.sealed(self.file.sealed || category.is_sealed())]
    }
}

/// A status ended.
#[derive(Debug)]
pub struct SpanEnded<'a> {
    /// The child's file.
    pub file: &'a ChildFile,
    /// The status as it was.
    pub span: Span,
    /// The first day on which it no longer holds.
    pub to: Date,
}

impl Change for SpanEnded<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "UPDATE registry_span SET to_day = $3, end_known = $4 WHERE id = $1 AND child_id = $2 AND to_day IS NOT DISTINCT FROM $5 AND from_day <= $3",
            self.span.id.uuid(),
            self.file.child.uuid(),
            self.to.to_sqlx() as _,
            pen.now.to_sqlx() as _,
            self.span.to.map(|day| day.to_sqlx()) as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        only_one(done.rows_affected())
    }

    fn entries(&self) -> Vec<Entry> {
        let category = self.span.category;
        let entry = entry_of("registry.status_ended", self.file)
            .before(
                json!({ "status": category.code(), "from": self.span.from, "to": self.span.to }),
            )
            .after(json!({ "to": self.to }));
        vec![entry.sealed(self.file.sealed || category.is_sealed())]
    }
}
