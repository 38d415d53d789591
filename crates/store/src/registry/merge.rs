//! Joining a doubled child's file to the one that is kept, and parting them again.
//!
//! **Invariant.** Everything that hangs on the double changes hands in one transaction, and undoing gives exactly that
//! back; the facts of both as they were lie sealed in the merge's own row.

use domain::registry::{Amendment, Particulars};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ChildId, MergeId, OfficerId};
use kernel::journal::Entry;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::amend::{update_child, update_person};
use crate::registry::edit::write_revision;
use crate::registry::file::{ChildFile, files, hold};
use crate::registry::guardian::entry_of;
use crate::registry::name_key::rewrite_name_keys;
use crate::seal::{SealedAt, Sealer};
use crate::work::{Change, Pen, Work};

/// The facts of both files as they were before, and of the kept one after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The kept file before.
    pub kept: Particulars,
    /// The doubled file before.
    pub doubled: Particulars,
    /// The kept file after.
    pub joined: Particulars,
}

/// A merge on record.
#[derive(Debug, Clone)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// The file that is kept.
    pub kept: ChildId,
    /// The file that was its double.
    pub doubled: ChildId,
    /// When it was done.
    pub done_at: Timestamp,
    /// By whom.
    pub done_by: OfficerId,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
    /// The facts as they were.
    pub snapshot: Snapshot,
}

fn cell(merge: MergeId) -> SealedAt {
    SealedAt {
        table: "registry_merge",
        column: "snapshot",
        row: merge.uuid(),
    }
}

/// The merges into a child's file, undone ones among them, the latest first.
///
/// # Errors
/// When the database does not answer, or a snapshot does not open.
pub async fn merges(work: &mut Work, child: ChildId) -> Result<Vec<Merge>, StoreError> {
    let rows = sqlx::query_as!(
        MergeRow,
        r#"SELECT id, child_id, merged_id, snapshot::bytea AS "snapshot!", done_at AS "done_at: jiff_sqlx::Timestamp", done_by,
                  undone_at AS "undone_at: jiff_sqlx::Timestamp"
           FROM registry_merge WHERE child_id = $1 ORDER BY done_at DESC, id DESC"#,
        child.uuid()
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    rows.into_iter().map(|row| row.merge(sealer)).collect()
}

struct MergeRow {
    id: Uuid,
    child_id: Uuid,
    merged_id: Uuid,
    snapshot: Vec<u8>,
    done_at: jiff_sqlx::Timestamp,
    done_by: Uuid,
    undone_at: Option<jiff_sqlx::Timestamp>,
}

impl MergeRow {
    fn merge(self, sealer: &Sealer) -> Result<Merge, StoreError> {
        let id = MergeId::from_uuid(self.id);
        Ok(Merge {
            id,
            kept: ChildId::from_uuid(self.child_id),
            doubled: ChildId::from_uuid(self.merged_id),
            done_at: self.done_at.to_jiff(),
            done_by: OfficerId::from_uuid(self.done_by),
            undone_at: self.undone_at.map(|at| at.to_jiff()),
            snapshot: serde_json::from_slice(&sealer.open(cell(id), &self.snapshot)?)?,
        })
    }
}

/// The merges that the officer may undo or undid, before `before`, the latest first, up to `size`; into one child's
/// file, if it is given.
///
/// # Errors
/// As [`merges`].
pub async fn merges_within(
    work: &mut Work,
    child: Option<ChildId>,
    before: Option<MergeId>,
    size: u16,
) -> Result<Vec<Merge>, StoreError> {
    let rows = sqlx::query_as!(
        MergeRow,
        r#"SELECT id, child_id, merged_id, snapshot::bytea AS "snapshot!", done_at AS "done_at: jiff_sqlx::Timestamp", done_by,
                  undone_at AS "undone_at: jiff_sqlx::Timestamp"
           FROM registry_merge
           WHERE ($1::uuid IS NULL OR child_id = $1) AND ($2::uuid IS NULL OR id < $2)
             AND auth.answers_for(child_id) AND auth.answers_for(merged_id)
           ORDER BY id DESC LIMIT $3"#,
        child.map(ChildId::uuid),
        before.map(MergeId::uuid),
        i64::from(size),
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    rows.into_iter().map(|row| row.merge(sealer)).collect()
}

/// Two files joined.
#[derive(Debug)]
pub struct Merged<'a> {
    /// The merge's id.
    pub id: MergeId,
    /// The file that is kept, as it was read.
    pub kept: &'a ChildFile,
    /// The file that doubles it, as it was read.
    pub doubled: &'a ChildFile,
    /// What the kept file takes over from the double, if anything.
    pub amendment: Option<&'a Amendment>,
}

impl Change for Merged<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let (kept, doubled) = (self.kept, self.doubled);
        let joined = self.amendment.map_or(&kept.facts, |a| &a.after);
        let snapshot = Snapshot {
            kept: kept.facts.clone(),
            doubled: doubled.facts.clone(),
            joined: joined.clone(),
        };
        let sealed = pen
            .sealer
            .seal(cell(self.id), &serde_json::to_vec(&snapshot)?);
        sqlx::query!(
            "SELECT auth.merge_children($1, $2, $3, $4, $5)",
            self.id.uuid(),
            kept.child.uuid(),
            doubled.child.uuid(),
            sealed,
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        update_person(pen, kept, joined).await?;
        update_child(pen, kept, joined).await?;
        let fields = self.amendment.map(changed_fields).unwrap_or_default();
        write_revision(pen, kept.child, kept.version + 1, &fields).await
    }

    fn entries(&self) -> Vec<Entry> {
        let (before, after) = match self.amendment {
            Some(a) => (a.journal_before.clone(), a.journal_after.clone()),
            None => (json!({}), json!({})),
        };
        let mut taken = after;
        taken["merged"] = json!(self.doubled.child);
        taken["merge"] = json!(self.id);
        let into = json!({ "into": self.kept.child, "merge": self.id });
        // A double that only a named officer knew takes its seal into both entries.
        let sealed = self.kept.sealed || self.doubled.sealed;
        vec![
            entry_of("registry.children_merged", self.kept)
                .before(before)
                .after(taken)
                .sealed(sealed),
            entry_of("registry.child_merged_away", self.doubled)
                .after(into)
                .sealed(sealed),
        ]
    }
}

fn changed_fields(amendment: &Amendment) -> Vec<String> {
    amendment
        .journal_after
        .as_object()
        .map(|fields| fields.keys().cloned().collect())
        .unwrap_or_default()
}

/// Two files parted again.
#[derive(Debug)]
pub struct MergeUndone<'a> {
    /// The merge.
    pub merge: &'a Merge,
    /// The kept file, as it was read.
    pub kept: &'a ChildFile,
    /// Its facts without what it had from the double.
    pub parted: &'a Particulars,
}

impl Change for MergeUndone<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let (kept, merge) = (self.kept, self.merge);
        // The kept file lets go of the resident id before the other takes it back.
        update_person(pen, kept, self.parted).await?;
        update_child(pen, kept, self.parted).await?;
        write_revision(pen, kept.child, kept.version + 1, &["merge".to_owned()]).await?;
        sqlx::query!(
            "SELECT auth.undo_merge($1, $2)",
            merge.id.uuid(),
            pen.now.to_sqlx() as _
        )
        .execute(&mut *pen.conn)
        .await?;
        let doubled = ChildFile {
            child: merge.doubled,
            version: version_of(pen, merge.doubled).await?,
            facts: merge.snapshot.doubled.clone(),
            ..self.kept.clone()
        };
        update_person(pen, &doubled, &doubled.facts).await?;
        let name = &doubled.facts.name;
        rewrite_name_keys(pen, doubled.child.uuid(), name, name).await?;
        update_child(pen, &doubled, &doubled.facts).await
    }

    fn entries(&self) -> Vec<Entry> {
        let parted = json!({ "parted": self.merge.doubled, "merge": self.merge.id });
        let from = json!({ "from": self.kept.child, "merge": self.merge.id });
        let subject = kernel::journal::Subject::new("child", self.merge.doubled.uuid());
        vec![
            entry_of("registry.merge_undone", self.kept).after(parted),
            Entry::new("registry.child_parted", subject)
                .at(self.merge.snapshot.doubled.household)
                .sealed(self.kept.sealed)
                .after(from),
        ]
    }
}

async fn version_of(pen: &mut Pen<'_>, child: ChildId) -> Result<i32, StoreError> {
    Ok(sqlx::query_scalar!(
        "SELECT version FROM registry_child WHERE id = $1",
        child.uuid()
    )
    .fetch_one(&mut *pen.conn)
    .await?)
}

/// A merge by its id, with the file that is kept as it stands, held until the work ends.
///
/// # Errors
/// [`StoreError::NotFound`] for a merge that is not there, or of files the officer does not answer for; otherwise as [`merges`].
pub async fn merge(work: &mut Work, id: MergeId) -> Result<(Merge, ChildFile), StoreError> {
    let kept = sqlx::query_scalar!(
        "SELECT child_id FROM registry_merge WHERE id = $1 AND auth.answers_for(child_id) AND auth.answers_for(merged_id)",
        id.uuid()
    )
    .fetch_one(work.conn())
    .await?;
    let kept = ChildId::from_uuid(kept);
    hold(work, &[kept]).await?;
    let found = merges(work, kept).await?.into_iter().find(|m| m.id == id);
    let file = files(work, &[kept]).await?.pop();
    found.zip(file).ok_or(StoreError::NotFound)
}
