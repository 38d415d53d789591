//! Imported ledgers: the file sealed, and what each of its rows became.

use domain::registry::Particulars;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ChildId, LedgerId};
use kernel::journal::{Entry, Subject};
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::cells::{Preparing, RowCells};
use crate::registry::columns::purpose;
use crate::registry::known::Blind;
use crate::seal::{SealedAt, Sealer};
use crate::work::{Change, Pen, Work};

/// A ledger row as it was taken in.
#[derive(Debug, Clone)]
pub struct RowTaken {
    /// Its ledger.
    pub ledger: LedgerId,
    /// The spreadsheet's own row number.
    pub number: u32,
    /// The ledger's day.
    pub as_of: Date,
    /// Keyed digest of the row.
    pub digest: Blind,
    /// The row's facts as text, to be sealed.
    pub content: Vec<u8>,
    /// Whether the row states a sealed status: then the child's named officers alone read it.
    pub sealed: bool,
}

impl RowTaken {
    /// A row as its ledger states it.
    ///
    /// # Errors
    /// When the facts cannot be written as JSON, which valid facts always can.
    pub fn new(
        sealer: &Sealer,
        ledger: LedgerId,
        number: u32,
        as_of: Date,
        facts: &Particulars,
        category: Option<Category>,
    ) -> Result<Self, StoreError> {
        let content = serde_json::to_vec(facts)?;
        let mut stated = content.clone();
        stated.extend_from_slice(category.map_or("", Category::code).as_bytes());
        Ok(Self {
            ledger,
            number,
            as_of,
            digest: sealer.blind_index_bytes(purpose::ROW, &stated),
            content,
            sealed: category.is_some_and(Category::is_sealed),
        })
    }
}

/// Enters rows under the children they became.
pub(crate) async fn write_rows(
    pen: &mut Pen<'_>,
    rows: &[(ChildId, &RowTaken)],
) -> Result<(), StoreError> {
    let with = Preparing::of(pen);
    let cells: Vec<RowCells> = rows
        .iter()
        .map(|(_, row)| RowCells::seal(row, &with))
        .collect();
    let rows: Vec<(ChildId, &RowTaken, &RowCells)> = rows
        .iter()
        .zip(&cells)
        .map(|(&(child, row), cells)| (child, row, cells))
        .collect();
    insert_rows(pen, &rows).await
}

pub(crate) async fn insert_rows(
    pen: &mut Pen<'_>,
    rows: &[(ChildId, &RowTaken, &RowCells)],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|(_, _, cells)| cells.id).collect();
    let ledgers: Vec<Uuid> = rows.iter().map(|(_, row, _)| row.ledger.uuid()).collect();
    let numbers: Vec<i32> = rows
        .iter()
        .map(|(_, row, _)| i32::try_from(row.number).unwrap_or(i32::MAX))
        .collect();
    let children: Vec<Uuid> = rows.iter().map(|(child, _, _)| child.uuid()).collect();
    let as_of: Vec<jiff_sqlx::Date> = rows.iter().map(|(_, row, _)| row.as_of.to_sqlx()).collect();
    let digests: Vec<&[u8]> = rows
        .iter()
        .map(|(_, row, _)| row.digest.as_slice())
        .collect();
    let contents: Vec<&[u8]> = rows
        .iter()
        .map(|(_, _, cells)| cells.content.as_slice())
        .collect();
    let sealed: Vec<bool> = rows.iter().map(|(_, row, _)| row.sealed).collect();
    sqlx::query!(
        "INSERT INTO registry_ledger_row (id, ledger_id, row_number, child_id, as_of, digest, content, sealed)
         SELECT UNNEST($1::uuid[]), UNNEST($2::uuid[]), UNNEST($3::int4[]), UNNEST($4::uuid[]), UNNEST($5::date[]), UNNEST($6::bytea[]),
             UNNEST($7::bytea[]), UNNEST($8::bool[])",
        &ids,
        &ledgers,
        &numbers,
        &children,
        &as_of as _,
        &digests as _,
        &contents as _,
        &sealed,
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

/// Rows that list a child once more without saying anything the registry takes over.
pub struct ListedAgain<'a>(pub &'a [(ChildId, Division, RowTaken)]);

impl Change for ListedAgain<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let rows: Vec<(ChildId, &RowTaken)> =
            self.0.iter().map(|(child, _, row)| (*child, row)).collect();
        write_rows(pen, &rows).await
    }

    fn entries(&self) -> Vec<Entry> {
        let listed = |(child, household, row): &(ChildId, Division, RowTaken)| {
            Entry::new("registry.child_linked", Subject::new("child", child.uuid()))
                .at(*household)
                .sealed(row.sealed)
                .after(serde_json::json!({ "row": row.number }))
        };
        self.0.iter().map(listed).collect()
    }
}

/// A ledger that has been taken in whole, after its rows.
#[derive(Debug)]
pub struct LedgerTaken<'a> {
    /// Its id.
    pub id: LedgerId,
    /// The division it is of.
    pub place: Division,
    /// The day it states.
    pub as_of: Date,
    /// The file's name.
    pub file_name: &'a str,
    /// The file's bytes, to be sealed.
    pub content: &'a [u8],
    /// Data rows.
    pub rows: u32,
    /// Rows left out.
    pub left_out: u32,
}

impl Change for LedgerTaken<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let id = self.id.uuid();
        let digest = pen.sealer.blind_index_bytes(purpose::FILE, self.content);
        let content = pen.sealer.seal(
            SealedAt {
                table: "registry_ledger",
                column: "content",
                row: id,
            },
            self.content,
        );
        sqlx::query!(
            "INSERT INTO registry_ledger (id, place, as_of, file_name, digest, content, imported_at, rows, left_out, imported_by, sealed)
             VALUES ($1, $2, $3, $4, $5::bytea, $6::bytea, $7, $8, $9, $10,
                     EXISTS (SELECT 1 FROM registry_ledger_row r WHERE r.ledger_id = $1 AND r.sealed))",
            id,
            self.place.code(),
            self.as_of.to_sqlx() as _,
            self.file_name,
            digest.to_vec(),
            content,
            pen.now.to_sqlx() as _,
            i32::try_from(self.rows).unwrap_or(i32::MAX),
            i32::try_from(self.left_out).unwrap_or(i32::MAX),
            pen.officer.uuid(),
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let after = serde_json::json!({"file": self.file_name, "as_of": self.as_of, "rows": self.rows, "left_out": self.left_out});
        vec![
            Entry::new(
                "registry.ledger_imported",
                Subject::new("ledger", self.id.uuid()),
            )
            .at(self.place)
            .after(after),
        ]
    }
}

/// A ledger on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerRecord {
    /// Its id.
    pub id: LedgerId,
    /// Its data rows.
    pub rows: u32,
    /// Its rows that were left out.
    pub left_out: u32,
}

/// The ledger with exactly this content for this place and day, if it was taken in before.
///
/// # Errors
/// When the database does not answer.
pub async fn already_taken(
    work: &mut Work,
    place: Division,
    as_of: Date,
    content: &[u8],
) -> Result<Option<LedgerRecord>, StoreError> {
    let digest = work
        .store()
        .sealer()
        .blind_index_bytes(purpose::FILE, content);
    let row = sqlx::query!(
        "SELECT id, rows, left_out FROM registry_ledger WHERE digest::bytea = $1::bytea AND place = $2 AND as_of = $3 LIMIT 1",
        digest.to_vec(),
        place.code(),
        as_of.to_sqlx() as _,
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| LedgerRecord {
        id: LedgerId::from_uuid(row.id),
        rows: u32::try_from(row.rows).unwrap_or_default(),
        left_out: u32::try_from(row.left_out).unwrap_or_default(),
    }))
}

/// The name and the content of the ledger imported last for this division or one below it, as far as the officer sees it.
///
/// # Errors
/// When the database does not answer, or the content does not open.
pub async fn last_ledger(
    work: &mut Work,
    within: Division,
) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    let range = within.range();
    let row = sqlx::query!(
        r#"SELECT id, file_name, content::bytea AS "content!" FROM registry_ledger
           WHERE place >= $1 AND place < $2 ORDER BY imported_at DESC, id DESC LIMIT 1"#,
        range.start,
        range.end,
    )
    .fetch_optional(work.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let at = SealedAt {
        table: "registry_ledger",
        column: "content",
        row: row.id,
    };
    let content = work.store().sealer().open(at, &row.content)?.to_vec();
    Ok(Some((row.file_name, content)))
}
