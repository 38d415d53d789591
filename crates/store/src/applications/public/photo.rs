//! Photographs of papers, of a case that is not submitted yet.

use jiff_sqlx::ToSqlx;
use kernel::ids::PaperId;

use super::pages::PublicStore;
use super::proof::Proof;
use crate::error::StoreError;
use crate::seal::SealedAt;

/// A photograph without its pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Of which paper.
    pub paper: String,
    /// Its media type.
    pub media_type: String,
}

pub(super) const fn cell(id: PaperId) -> SealedAt {
    SealedAt {
        table: "auth.ticket_photo",
        column: "content",
        row: id.uuid(),
    }
}

/// The photographs of a case, in the order of their papers.
///
/// # Errors
/// When the database does not answer.
pub async fn photos(store: &PublicStore, proof: &Proof) -> Result<Vec<Photo>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT code AS "code!", media_type AS "media_type!" FROM auth.public_photos($1, $2, false, $3)"#,
        proof.code,
        proof.known,
        store.clock().now().to_sqlx() as _,
    )
    .fetch_all(store.pool())
    .await?;
    let photo = |(paper, media_type)| Photo { paper, media_type };
    Ok(rows
        .into_iter()
        .map(|row| photo((row.code, row.media_type)))
        .collect())
}

/// Keeps a photograph in place of an earlier one of the same paper; false where the case has no more room, none where
/// there is no such case to be filled in.
///
/// # Errors
/// When the database does not answer.
pub async fn keep_photo(
    store: &PublicStore,
    proof: &Proof,
    paper: &str,
    media_type: &str,
    pixels: &[u8],
) -> Result<Option<bool>, StoreError> {
    let now = store.clock().now();
    let id = PaperId::generate(now, store.entropy());
    Ok(sqlx::query_scalar!(
        "SELECT auth.public_keep_photo($1, $2, $3, $4, $5, $6, $7) AS kept",
        proof.code,
        proof.known,
        id.uuid(),
        paper,
        media_type,
        store.sealer().seal(cell(id), pixels),
        now.to_sqlx() as _,
    )
    .fetch_one(store.pool())
    .await?)
}

/// Takes the photograph of a paper out again.
///
/// # Errors
/// When the database does not answer.
pub async fn drop_photo(
    store: &PublicStore,
    proof: &Proof,
    paper: &str,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT auth.public_drop_photo($1, $2, $3, $4) AS "found!""#,
        proof.code,
        proof.known,
        paper,
        store.clock().now().to_sqlx() as _,
    )
    .fetch_one(store.pool())
    .await?)
}
