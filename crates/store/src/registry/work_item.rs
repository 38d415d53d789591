//! Work items: what a machine cannot settle and an officer must.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::division::Division;
use kernel::ids::{ChildId, LedgerId, WorkItemId};
use kernel::journal::{Entry, Subject};
use uuid::Uuid;

use crate::error::StoreError;
use crate::seal::{SealedAt, Sealer};
use crate::work::{Change, Pen, Work};

/// Something to clear.
#[derive(Debug, Clone)]
pub struct WorkItem {
    /// Its id.
    pub id: WorkItemId,
    /// Whose it is.
    pub division: Division,
    /// The child, where one is on file.
    pub child: Option<ChildId>,
    /// The ledger it came from.
    pub ledger: Option<LedgerId>,
    /// The row of that ledger.
    pub row: Option<u32>,
    /// What is wrong, by its code.
    pub code: &'static str,
    /// The field in doubt.
    pub field: Option<String>,
    /// The cell as the office wrote it, to be sealed.
    pub raw: Option<String>,
}

/// Work items opened together.
pub struct WorkItemsOpened<'a>(pub &'a [WorkItem]);

impl Change for WorkItemsOpened<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let items = self.0;
        let ids: Vec<Uuid> = items.iter().map(|item| item.id.uuid()).collect();
        let divisions: Vec<i64> = items.iter().map(|item| item.division.code()).collect();
        let children: Vec<Option<Uuid>> = items
            .iter()
            .map(|item| item.child.map(|c| c.uuid()))
            .collect();
        let ledgers: Vec<Option<Uuid>> = items
            .iter()
            .map(|item| item.ledger.map(|l| l.uuid()))
            .collect();
        let rows: Vec<Option<i32>> = items
            .iter()
            .map(|item| item.row.and_then(|row| i32::try_from(row).ok()))
            .collect();
        let codes: Vec<&str> = items.iter().map(|item| item.code).collect();
        let fields: Vec<Option<&str>> = items.iter().map(|item| item.field.as_deref()).collect();
        let raws: Vec<Option<Vec<u8>>> = items
            .iter()
            .map(|item| {
                let at = SealedAt {
                    table: "registry_work_item",
                    column: "raw",
                    row: item.id.uuid(),
                };
                item.raw
                    .as_ref()
                    .map(|raw| pen.sealer.seal(at, raw.as_bytes()))
            })
            .collect();
        sqlx::query!(
            "INSERT INTO registry_work_item (id, division, child_id, ledger_id, row_number, code, field, raw, opened_at)
             SELECT UNNEST($1::uuid[]), UNNEST($2::int8[]), UNNEST($3::uuid[]), UNNEST($4::uuid[]), UNNEST($5::int4[]), UNNEST($6::text[]),
                 UNNEST($7::text[]), UNNEST($8::bytea[]), $9::timestamptz",
            &ids,
            &divisions,
            &children as _,
            &ledgers as _,
            &rows as _,
            &codes as _,
            &fields as _,
            &raws as _,
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let opened = |item: &WorkItem| {
            let after = serde_json::json!({ "code": item.code, "field": item.field, "row": item.row, "child": item.child });
            Entry::new(
                "registry.work_item_opened",
                Subject::new("work_item", item.id.uuid()),
            )
            .at(item.division)
            .after(after)
        };
        self.0.iter().map(opened).collect()
    }
}

/// How many work items wait within reach, by code, the most frequent first.
///
/// # Errors
/// When the database does not answer.
pub async fn open_work_items(work: &mut Work) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT code, count(*) AS "count!" FROM registry_work_item WHERE cleared_at IS NULL GROUP BY code ORDER BY 2 DESC, 1"#
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.count)).collect())
}

/// What an office wrote where a work item was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaisedCell {
    /// Whose the item is.
    pub division: Division,
    /// The child, where one is on file.
    pub child: Option<ChildId>,
    /// The cell, or the whole row.
    pub raw: String,
}

/// A work item that a list raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The work item.
    pub item: WorkItemId,
    /// What is wrong, by its code.
    pub code: String,
    /// The child on file, if there is one.
    pub child: Option<ChildId>,
    /// What the list said, if that was kept.
    pub raw: Option<String>,
    /// Whether it waits for an officer.
    pub is_waiting: bool,
}

/// The work items of a place with one of these codes that wait for an officer, or all there ever were.
///
/// # Errors
/// When the database does not answer or a sealed cell does not open.
pub async fn raised(
    work: &mut Work,
    place: Division,
    codes: &[&str],
    and_cleared: bool,
) -> Result<Vec<Raised>, StoreError> {
    let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
    let rows = sqlx::query!(
        r#"SELECT id, code, child_id, raw::bytea AS raw, cleared_at IS NULL AS "is_waiting!" FROM registry_work_item
           WHERE ($3 OR cleared_at IS NULL) AND division = $1 AND code = ANY ($2) ORDER BY id"#,
        place.code(),
        &codes,
        and_cleared,
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    rows.into_iter()
        .map(|row| {
            let raw = row.raw.map(|raw| opened(sealer, row.id, &raw));
            Ok(Raised {
                item: WorkItemId::from_uuid(row.id),
                code: row.code,
                child: row.child_id.map(ChildId::from_uuid),
                raw: raw.transpose()?,
                is_waiting: row.is_waiting,
            })
        })
        .collect()
}

/// What the office wrote wherever a work item of this code was ever opened within reach, cleared or not.
///
/// # Errors
/// When the database does not answer or a sealed cell does not open.
pub async fn cells_raised(work: &mut Work, code: &str) -> Result<Vec<RaisedCell>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, division, child_id, raw::bytea AS "raw!" FROM registry_work_item
           WHERE code = $1 AND raw IS NOT NULL ORDER BY id"#,
        code,
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    rows.into_iter()
        .map(|row| {
            let division = Division::new(row.division);
            Ok(RaisedCell {
                division: division.map_err(|_| StoreError::Corrupt {
                    table: "registry_work_item",
                    column: "division",
                })?,
                child: row.child_id.map(ChildId::from_uuid),
                raw: opened(sealer, row.id, &row.raw)?,
            })
        })
        .collect()
}

/// A cell of a child's row that waits to be cleared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WaitingCell {
    /// The child.
    pub child: ChildId,
    /// What is wrong, by its code.
    pub code: String,
    /// The field in doubt.
    pub field: String,
    /// The cell as the office wrote it.
    pub raw: String,
}

/// The cells of these children that wait to be cleared.
///
/// # Errors
/// When the database does not answer or a sealed cell does not open.
pub async fn cells_waiting(
    work: &mut Work,
    children: &[ChildId],
) -> Result<HashSet<WaitingCell>, StoreError> {
    if children.is_empty() {
        return Ok(HashSet::new());
    }
    let ids: Vec<Uuid> = children.iter().map(|child| child.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT id, child_id AS "child_id!", code, field AS "field!", raw::bytea AS "raw!" FROM registry_work_item
           WHERE child_id = ANY ($1) AND cleared_at IS NULL AND field IS NOT NULL AND raw IS NOT NULL"#,
        &ids,
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    rows.into_iter()
        .map(|row| {
            Ok(WaitingCell {
                child: ChildId::from_uuid(row.child_id),
                code: row.code,
                field: row.field,
                raw: opened(sealer, row.id, &row.raw)?,
            })
        })
        .collect()
}

/// What the office wrote, which is sealed with the item.
fn opened(sealer: &Sealer, item: Uuid, raw: &[u8]) -> Result<String, StoreError> {
    let at = SealedAt {
        table: "registry_work_item",
        column: "raw",
        row: item,
    };
    let raw = sealer.open(at, raw)?.to_vec();
    String::from_utf8(raw).map_err(|_| StoreError::Corrupt {
        table: "registry_work_item",
        column: "raw",
    })
}

/// A work item that waits to be cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingItem {
    /// Its id.
    pub id: WorkItemId,
    /// Whose it is.
    pub division: Division,
    /// The child, where one is on file.
    pub child: Option<ChildId>,
    /// Its name.
    pub child_name: Option<String>,
    /// The ledger it came from.
    pub ledger: Option<LedgerId>,
    /// The row of that ledger.
    pub row: Option<i32>,
    /// What is wrong, by its code.
    pub code: String,
    /// The field in doubt.
    pub field: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was cleared.
    pub cleared_at: Option<Timestamp>,
}

/// Which work items are wanted.
#[derive(Debug, Clone, Default)]
pub struct WorkItemFilter {
    /// Those of this code.
    pub code: Option<String>,
    /// Those of this child.
    pub child: Option<ChildId>,
    /// Those that are cleared, instead of those that wait.
    pub cleared: bool,
}

/// A work item as every query reads it.
struct WorkItemRow {
    id: Uuid,
    division: i64,
    child_id: Option<Uuid>,
    child_name: Option<String>,
    ledger_id: Option<Uuid>,
    row_number: Option<i32>,
    code: String,
    field: Option<String>,
    opened_at: jiff_sqlx::Timestamp,
    cleared_at: Option<jiff_sqlx::Timestamp>,
}

impl WorkItemRow {
    fn item(self) -> Result<WaitingItem, StoreError> {
        Ok(WaitingItem {
            id: WorkItemId::from_uuid(self.id),
            division: Division::new(self.division).map_err(|_| StoreError::Corrupt {
                table: "registry_work_item",
                column: "division",
            })?,
            child: self.child_id.map(ChildId::from_uuid),
            child_name: self.child_name,
            ledger: self.ledger_id.map(LedgerId::from_uuid),
            row: self.row_number,
            code: self.code,
            field: self.field,
            opened_at: self.opened_at.to_jiff(),
            cleared_at: self.cleared_at.map(|at| at.to_jiff()),
        })
    }
}

/// The work items within reach after `after`, the oldest first, up to `size`.
///
/// # Errors
/// When the database does not answer.
pub async fn work_items(
    work: &mut Work,
    filter: &WorkItemFilter,
    after: Option<WorkItemId>,
    size: u16,
) -> Result<Vec<WaitingItem>, StoreError> {
    let rows = sqlx::query_as!(
        WorkItemRow,
        r#"SELECT i.id, i.division, i.child_id, p.name AS "child_name?", i.ledger_id, i.row_number, i.code, i.field,
                  i.opened_at AS "opened_at: jiff_sqlx::Timestamp", i.cleared_at AS "cleared_at: jiff_sqlx::Timestamp"
           FROM registry_work_item i LEFT JOIN registry_person p ON p.id = i.child_id
           WHERE ($1::uuid IS NULL OR i.id > $1) AND (NOT $2 AND i.cleared_at IS NULL OR $2 AND i.cleared_at IS NOT NULL)
             AND ($3::text IS NULL OR i.code = $3) AND ($4::uuid IS NULL OR i.child_id = $4)
           ORDER BY i.id LIMIT $5"#,
        after.map(WorkItemId::uuid),
        filter.cleared,
        filter.code,
        filter.child.map(ChildId::uuid),
        i64::from(size),
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(WorkItemRow::item).collect()
}

/// One work item within reach, cleared or not.
///
/// # Errors
/// [`StoreError::NotFound`] for one that is not there or not within reach.
pub async fn work_item(work: &mut Work, id: WorkItemId) -> Result<WaitingItem, StoreError> {
    sqlx::query_as!(
        WorkItemRow,
        r#"SELECT i.id, i.division, i.child_id, p.name AS "child_name?", i.ledger_id, i.row_number, i.code, i.field,
                  i.opened_at AS "opened_at: jiff_sqlx::Timestamp", i.cleared_at AS "cleared_at: jiff_sqlx::Timestamp"
           FROM registry_work_item i LEFT JOIN registry_person p ON p.id = i.child_id WHERE i.id = $1"#,
        id.uuid(),
    )
    .fetch_one(work.conn())
    .await?
    .item()
}

/// What the office wrote where this work item was opened.
///
/// # Errors
/// [`StoreError::NotFound`] for one that is not there, not within reach, or of no cell; otherwise when the database does
/// not answer or the cell does not open.
pub async fn work_item_cell(work: &mut Work, id: WorkItemId) -> Result<String, StoreError> {
    let sealed = sqlx::query_scalar!(
        r#"SELECT raw::bytea AS raw FROM registry_work_item WHERE id = $1"#,
        id.uuid(),
    )
    .fetch_one(work.conn())
    .await?
    .ok_or(StoreError::NotFound)?;
    let at = SealedAt {
        table: "registry_work_item",
        column: "raw",
        row: id.uuid(),
    };
    let plain = work.store().sealer().open(at, &sealed)?.to_vec();
    String::from_utf8(plain).map_err(|_| StoreError::Corrupt {
        table: "registry_work_item",
        column: "raw",
    })
}

/// An officer was shown what the office wrote where a work item was opened.
#[derive(Debug)]
pub struct WorkItemShown<'a>(pub &'a WaitingItem);

impl Change for WorkItemShown<'_> {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let item = self.0;
        let after =
            serde_json::json!({ "code": item.code, "field": item.field, "child": item.child });
        let subject = Subject::new("work_item", item.id.uuid());
        vec![
            Entry::new("registry.work_item_shown", subject)
                .at(item.division)
                .after(after),
        ]
    }
}

/// An officer settled a work item.
#[derive(Debug)]
pub struct WorkItemCleared<'a>(pub &'a WaitingItem);

impl Change for WorkItemCleared<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let done = sqlx::query!(
            "UPDATE registry_work_item SET cleared_at = $2, cleared_by = $3 WHERE id = $1 AND cleared_at IS NULL",
            self.0.id.uuid(),
            pen.now.to_sqlx() as _,
            pen.officer.uuid(),
        )
        .execute(&mut *pen.conn)
        .await?;
        match done.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let item = self.0;
        let after =
            serde_json::json!({ "code": item.code, "field": item.field, "child": item.child });
        vec![
            Entry::new(
                "registry.work_item_cleared",
                Subject::new("work_item", item.id.uuid()),
            )
            .at(item.division)
            .after(after),
        ]
    }
}
