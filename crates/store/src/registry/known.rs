//! Which children are on file already.

use kernel::ids::ChildId;

use crate::error::StoreError;
use crate::work::Work;

/// A keyed digest.
pub type Blind = [u8; 32];

/// A child on file that one of the digests found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The child.
    pub child: ChildId,
    /// The digest of its resident id.
    pub resident_id: Option<Blind>,
    /// The digest of its name, birth and county, if that found it.
    pub likeness: Option<Blind>,
}

/// Children within reach that have one of these resident ids or one of these likenesses, the resident id of each with it.
///
/// # Errors
/// When the database does not answer.
pub async fn known(
    work: &mut Work,
    resident_ids: &[Blind],
    likenesses: &[Blind],
) -> Result<Vec<Known>, StoreError> {
    let ids: Vec<Vec<u8>> = resident_ids.iter().map(|b| b.to_vec()).collect();
    let likenesses: Vec<Vec<u8>> = likenesses.iter().map(|b| b.to_vec()).collect();
    let rows = sqlx::query!(
        r#"SELECT p.id, p.resident_id_index AS "resident_id: Vec<u8>", NULL::bytea AS "likeness: Vec<u8>"
           FROM registry_person p WHERE p.resident_id_index::bytea = ANY ($1::bytea[])
           UNION ALL
           SELECT c.id, (SELECT p.resident_id_index::bytea FROM registry_person p WHERE p.id = c.id), c.likeness::bytea
           FROM registry_child c WHERE c.likeness::bytea = ANY ($2::bytea[])"#,
        &ids,
        &likenesses
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let id = row.id.ok_or(StoreError::Corrupt {
                table: "registry_child",
                column: "id",
            })?;
            Ok(Known {
                child: ChildId::from_uuid(id),
                resident_id: row.resident_id.as_deref().map(blind).transpose()?,
                likeness: row.likeness.as_deref().map(blind).transpose()?,
            })
        })
        .collect()
}

/// Which of these resident ids belong to children on file beyond the officer's sight: nothing but that they exist.
///
/// # Errors
/// When the database does not answer.
pub async fn known_elsewhere(
    work: &mut Work,
    resident_ids: &[Blind],
) -> Result<Vec<Blind>, StoreError> {
    if resident_ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Vec<u8>> = resident_ids.iter().map(|b| b.to_vec()).collect();
    let found = sqlx::query_scalar!(
        r#"SELECT auth.known_elsewhere($1) AS "index!: Vec<u8>""#,
        &ids
    )
    .fetch_all(work.conn())
    .await?;
    found.iter().map(|bytes| blind(bytes)).collect()
}

/// A digest as the database keeps it.
pub(crate) fn blind(bytes: &[u8]) -> Result<Blind, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Corrupt {
        table: "registry_person",
        column: "resident_id_index",
    })
}
