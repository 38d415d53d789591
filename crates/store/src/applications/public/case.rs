//! A case that is filled in: begun, saved, gone on with.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::TicketId;
use zeroize::Zeroizing;

use super::pages::PublicStore;
use super::proof::Proof;
use crate::error::StoreError;
use crate::seal::SealedAt;

/// A case as whoever knows its code and phone finds it.
#[derive(Clone)]
pub struct Case {
    /// Its id, under which what is filled in is sealed.
    pub id: TicketId,
    /// What is filled in; none once it is submitted.
    pub form: Option<Zeroizing<Vec<u8>>>,
    /// The number of the application it became.
    pub number: Option<String>,
    /// Until when the code holds.
    pub until: Timestamp,
}

const fn cell(id: TicketId) -> SealedAt {
    SealedAt {
        table: "auth.ticket",
        column: "draft",
        row: id.uuid(),
    }
}

/// Begins a case that is known by this proof until a moment.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(
    store: &PublicStore,
    proof: &Proof,
    form: &[u8],
    until: Timestamp,
) -> Result<TicketId, StoreError> {
    let now = store.clock().now();
    let id = TicketId::generate(now, store.entropy());
    sqlx::query!(
        "SELECT auth.public_begin($1, $2, $3, $4, $5, $6)",
        id.uuid(),
        proof.code,
        proof.known,
        store.sealer().seal(cell(id), form),
        until.to_sqlx() as _,
        now.to_sqlx() as _,
    )
    .fetch_one(store.pool())
    .await?;
    Ok(id)
}

/// The case that is known by this proof. A wrong code and a wrong phone are the same nothing.
///
/// # Errors
/// When the database does not answer, or what is filled in does not open.
pub async fn resume(store: &PublicStore, proof: &Proof) -> Result<Option<Case>, StoreError> {
    let found = sqlx::query!(
        r#"SELECT ticket AS "ticket!", form, number, expires_at AS "expires_at!: jiff_sqlx::Timestamp"
           FROM auth.public_resume($1, $2, $3)"#,
        proof.code,
        proof.known,
        store.clock().now().to_sqlx() as _,
    )
    .fetch_optional(store.pool())
    .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let id = TicketId::from_uuid(row.ticket);
    let form = row
        .form
        .map(|sealed| store.sealer().open(cell(id), &sealed));
    Ok(Some(Case {
        id,
        form: form.transpose()?,
        number: row.number,
        until: row.expires_at.to_jiff(),
    }))
}

/// Saves what is filled in by now, which keeps the case for longer; false where it was submitted meanwhile.
///
/// # Errors
/// When the database does not answer.
pub async fn save(
    store: &PublicStore,
    proof: &Proof,
    case: TicketId,
    form: &[u8],
    until: Timestamp,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"SELECT auth.public_save($1, $2, $3, $4, $5) AS "saved!""#,
        proof.code,
        proof.known,
        store.sealer().seal(cell(case), form),
        until.to_sqlx() as _,
        store.clock().now().to_sqlx() as _,
    )
    .fetch_one(store.pool())
    .await?)
}
