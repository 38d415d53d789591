//! The search keys and the order of names: derived from what is on file, and written with it.
//!
//! **Invariant.** When a work ends, every name has the keys of [`name_keys`], with its person's divisions and seal, and
//! every person the order of its name.

use domain::registry::{name_keys, name_order};
use kernel::division::Division;
use kernel::ids::ChildId;
use kernel::journal::Entry;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::register::{Prepared, Registration};
use crate::work::{Change, Pen};

/// Keys written by one statement.
const BATCH: usize = 20_000;

/// A key of a name, with what the index holds beside it.
struct NameKey {
    key: String,
    child: ChildId,
    household: Division,
    sealed: bool,
}

impl NameKey {
    fn of(registration: &Registration) -> impl Iterator<Item = Self> + use<> {
        let (child, household) = (registration.child, registration.facts.household);
        let sealed = registration.is_sealed();
        let keys = name_keys(&registration.facts.name).into_iter();
        keys.map(move |key| Self {
            key,
            child,
            household,
            sealed,
        })
    }
}

/// The search keys of the children of a whole ledger. In the index's own order, neighbours land on the same page: a third
/// quicker than chunk by chunk.
#[derive(Default)]
pub struct Names(Vec<NameKey>);

impl Names {
    /// Adds the keys of children that were registered by [`crate::registry::RegisteredUnfiled`].
    pub fn add(&mut self, registered: &[Prepared]) {
        let from = self.0.len();
        let keys = registered.iter().flat_map(|p| NameKey::of(&p.registration));
        self.0.extend(keys);
        self.0[from..].sort_unstable_by(|a, b| a.key.cmp(&b.key));
    }

    /// All of them in the index's order.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        // The parts are sorted, which this kind of sorting makes use of.
        self.0.sort_by(|a, b| a.key.cmp(&b.key));
        self
    }
}

/// The names of a whole ledger filed at once, after [`crate::registry::RegisteredUnfiled`] and in the same work.
///
/// The journal tells of the children; their search keys say nothing more.
pub struct NamesFiled<'a>(pub &'a Names);

impl Change for NamesFiled<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        insert_keys(pen.conn, &self.0.0).await
    }

    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

/// Files the names of these children.
pub(crate) async fn file_names(
    conn: &mut PgConnection,
    registered: &[Registration],
) -> Result<(), StoreError> {
    let keys: Vec<NameKey> = registered.iter().flat_map(NameKey::of).collect();
    insert_keys(conn, &keys).await
}

async fn insert_keys(conn: &mut PgConnection, keys: &[NameKey]) -> Result<(), StoreError> {
    for batch in keys.chunks(BATCH) {
        let texts: Vec<&str> = batch.iter().map(|k| k.key.as_str()).collect();
        let persons: Vec<Uuid> = batch.iter().map(|k| k.child.uuid()).collect();
        let households: Vec<i64> = batch.iter().map(|k| k.household.code()).collect();
        let sealed: Vec<bool> = batch.iter().map(|k| k.sealed).collect();
        sqlx::query!(
            "INSERT INTO registry_name_key (key, person_id, household_division, sealed)
             SELECT UNNEST($1::text[]), UNNEST($2::uuid[]), UNNEST($3::int8[]), UNNEST($4::bool[])",
            &texts as _,
            &persons,
            &households,
            &sealed,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The keys follow the person as it stands.
pub(crate) async fn rewrite_name_keys(
    pen: &mut Pen<'_>,
    id: Uuid,
    before: &str,
    name: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM registry_name_key WHERE key = ANY ($1) AND person_id = $2",
        &name_keys(before),
        id
    )
    .execute(&mut *pen.conn)
    .await?;
    sqlx::query!(
        "UPDATE registry_person SET name_order = $2 WHERE id = $1 AND name_order <> $2",
        id,
        name_order(name),
    )
    .execute(&mut *pen.conn)
    .await?;
    sqlx::query!(
        "INSERT INTO registry_name_key (key, person_id, household_division, residence_division, sealed)
         SELECT key, p.id, p.household_division, p.residence_division, p.sealed
         FROM registry_person p, UNNEST($1::text[]) AS key WHERE p.id = $2",
        &name_keys(name),
        id,
    )
    .execute(&mut *pen.conn)
    .await?;
    Ok(())
}

/// Says the order of the names that were on file before there was one, as the schema's owner, a batch at a time.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn order_names(owner: &PgPool) -> Result<(), StoreError> {
    loop {
        let names = sqlx::query!(
            "SELECT id, name FROM registry_person WHERE name_order = '' ORDER BY id LIMIT $1",
            BATCH as i64
        )
        .fetch_all(owner)
        .await?;
        if names.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = names.iter().map(|row| row.id).collect();
        let orders: Vec<String> = names.iter().map(|row| name_order(&row.name)).collect();
        sqlx::query!(
            "UPDATE registry_person p SET name_order = o.name_order
             FROM UNNEST($1::uuid[], $2::text[]) AS o (id, name_order) WHERE p.id = o.id",
            &ids,
            &orders,
        )
        .execute(owner)
        .await?;
    }
}
