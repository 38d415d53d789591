//! An officer's own edit of a child's file, and which versions of it changed what.

use domain::registry::{Amendment, Particulars};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::division::Division;
use kernel::ids::{ChildId, OfficerId};
use kernel::journal::{Entry, Subject};
use serde_json::{Map, Value};

use crate::error::StoreError;
use crate::registry::amend::{update_child, update_person};
use crate::registry::file::ChildFile;
use crate::registry::name_key::rewrite_name_keys;
use crate::work::{Change, Pen, Work};

/// An officer changed facts of a file, or where the child lives.
#[derive(Debug)]
pub struct Edited<'a> {
    /// The file as it was read; its version must still be the file's.
    pub file: &'a ChildFile,
    /// The facts that change, if any.
    pub amendment: Option<&'a Amendment>,
    /// The residence, where it changes: a division, or none beside the household.
    pub residence: Option<Option<Division>>,
}

impl Edited<'_> {
    fn after(&self) -> &Particulars {
        self.amendment
            .map_or(&self.file.facts, |amendment| &amendment.after)
    }

    fn fields(&self) -> Vec<String> {
        let changed = |amendment: &Amendment| match &amendment.journal_after {
            Value::Object(fields) => fields.keys().cloned().collect(),
            _ => Vec::new(),
        };
        let mut fields = self.amendment.map(changed).unwrap_or_default();
        if self.residence.is_some() {
            fields.push("residence".into());
        }
        fields
    }
}

impl Change for Edited<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let (file, after) = (self.file, self.after());
        if let Some(residence) = self.residence {
            sqlx::query!(
                "UPDATE registry_person SET residence_division = $2 WHERE id = $1",
                file.child.uuid(),
                residence.map(Division::code),
            )
            .execute(&mut *pen.conn)
            .await?;
        }
        update_person(pen, file, after).await?;
        if self.residence.is_some() {
            rewrite_name_keys(pen, file.child.uuid(), &after.name, &after.name).await?;
        }
        update_child(pen, file, after).await?;
        write_revision(pen, file.child, file.version + 1, &self.fields()).await
    }

    fn entries(&self) -> Vec<Entry> {
        let (mut before, mut after) = match self.amendment {
            Some(amendment) => (
                amendment.journal_before.clone(),
                amendment.journal_after.clone(),
            ),
            None => (Value::Object(Map::new()), Value::Object(Map::new())),
        };
        if let Some(residence) = self.residence {
            before["residence"] = self.file.residence.map(Division::code).into();
            after["residence"] = residence.map(Division::code).into();
        }
        vec![
            Entry::new(
                "registry.child_edited",
                Subject::new("child", self.file.child.uuid()),
            )
            .at(self.after().household)
            .sealed(self.file.sealed)
            .before(before)
            .after(after),
        ]
    }
}

/// Notes which fields a version of a file changed.
pub(crate) async fn write_revision(
    pen: &mut Pen<'_>,
    child: ChildId,
    version: i32,
    fields: &[String],
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO registry_revision (child_id, version, at, officer_id, fields) VALUES ($1, $2, $3, $4, $5)",
        child.uuid(),
        version,
        pen.now.to_sqlx() as _,
        pen.officer.uuid(),
        fields,
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

/// A change of a file since somebody read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The version it made.
    pub version: i32,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub officer: OfficerId,
    /// The fields it changed, by name.
    pub fields: Vec<String>,
}

/// What changed in a file after a version of it, the earliest first.
///
/// # Errors
/// When the database does not answer.
pub async fn revisions_since(
    work: &mut Work,
    child: ChildId,
    version: i32,
) -> Result<Vec<Revision>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT version, at AS "at: jiff_sqlx::Timestamp", officer_id, fields FROM registry_revision
           WHERE child_id = $1 AND version > $2 ORDER BY version"#,
        child.uuid(),
        version,
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Revision {
            version: row.version,
            at: row.at.to_jiff(),
            officer: OfficerId::from_uuid(row.officer_id),
            fields: row.fields,
        })
        .collect())
}
