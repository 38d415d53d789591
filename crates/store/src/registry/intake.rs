//! What earlier ledgers said of children, to tell a changed row from a repeated one.

use std::collections::HashMap;

use domain::registry::{Particulars, said_so_far};
use jiff::civil::Date;
use kernel::ids::{ChildId, LedgerId};
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::known::{Blind, blind};
use crate::seal::SealedAt;
use crate::work::Work;

/// One row that an earlier ledger had of a child.
#[derive(Debug, Clone)]
pub struct RowRead {
    /// Its ledger.
    pub ledger: LedgerId,
    /// The day of its ledger.
    pub as_of: Date,
    /// Its digest.
    pub digest: Blind,
    /// The name it gave the child.
    pub name: String,
    /// With the latest row of a child, and only there: what its ledgers last said of each field.
    pub facts: Option<Particulars>,
}

/// The rows earlier ledgers had of these children, the latest first.
///
/// # Errors
/// When the database does not answer or a sealed row does not open.
pub async fn rows_read(
    work: &mut Work,
    children: &[ChildId],
) -> Result<HashMap<ChildId, Vec<RowRead>>, StoreError> {
    if children.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = children.iter().map(|c| c.uuid()).collect();
    let rows = sqlx::query!(
        // Child by child: the planner has not counted the ledger that is coming in, and would look through all of it.
        r#"SELECT r.id, r.ledger_id, r.child_id, r.as_of, r.digest::bytea AS "digest!", r.content::bytea AS "content!"
           FROM UNNEST($1::uuid[]) AS c (id)
           CROSS JOIN LATERAL (SELECT * FROM registry_ledger_row r WHERE r.child_id = c.id OFFSET 0) r
           ORDER BY r.child_id, r.as_of DESC, r.id DESC"#,
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    let mut read: HashMap<ChildId, Vec<RowRead>> = HashMap::new();
    for row in rows {
        let earlier = read.entry(ChildId::from_uuid(row.child_id)).or_default();
        let at = SealedAt {
            table: "registry_ledger_row",
            column: "content",
            row: row.id,
        };
        let said: Particulars = serde_json::from_slice(&sealer.open(at, &row.content)?)?;
        let name = said.name.clone();
        let facts = match earlier.first_mut() {
            None => Some(said),
            Some(latest) => {
                latest.facts = latest.facts.take().map(|newer| said_so_far(newer, &said));
                None
            }
        };
        earlier.push(RowRead {
            ledger: LedgerId::from_uuid(row.ledger_id),
            as_of: row.as_of.to_jiff(),
            digest: blind(&row.digest)?,
            name,
            facts,
        });
    }
    Ok(read)
}
