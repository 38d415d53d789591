//! Finding a child: by characters, pinyin or initials of the name, by resident id, by file number.
//!
//! Only leakproof comparisons reach an index through row-level security, hence a table of keys and a range of texts
//! instead of LIKE.

use domain::registry::{Hidden, query_key};
use jiff::civil::Date;
use kernel::division::Division;
use kernel::ids::ChildId;
use kernel::resident_id::ResidentId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::columns::{child_index, open};
use crate::work::Work;

/// The most a search answers: a reader refines instead of scrolling.
pub const LIMIT: i64 = 20;

/// A child that a search found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The child.
    pub child: ChildId,
    /// Its name.
    pub name: String,
    /// Day of birth.
    pub birth: Option<Date>,
    /// Household division.
    pub household: Division,
    /// File number.
    pub file_number: String,
    /// The resident id with its middle hidden.
    pub masked_id: Option<String>,
}

/// Up to [`LIMIT`] children within reach, in the order of the keys they were found by.
///
/// # Errors
/// When the database does not answer, or a sealed id does not open.
pub async fn search(work: &mut Work, text: &str) -> Result<Vec<Found>, StoreError> {
    let text = text.trim();
    if let Ok(id) = ResidentId::parse(text) {
        let digest = child_index(work.store().sealer(), id.reveal());
        return by_digest(work, &digest).await;
    }
    if text.contains('-') {
        return by_file_number(work, text).await;
    }
    let key = query_key(text);
    if key.is_empty() {
        Ok(Vec::new())
    } else {
        by_key(work, &key).await
    }
}

/// A row as every search reads it.
pub(crate) struct FoundRow {
    id: Uuid,
    name: String,
    birth: Option<jiff_sqlx::Date>,
    household_division: i64,
    file_number: String,
    resident_id: Option<Vec<u8>>,
}

impl FoundRow {
    fn found(self, work: &Work) -> Result<Found, StoreError> {
        let id = open(
            work.store().sealer(),
            "registry_person",
            "resident_id",
            self.id,
            self.resident_id.as_deref(),
        )?;
        let corrupt = |column| StoreError::Corrupt {
            table: "registry_person",
            column,
        };
        Ok(Found {
            child: ChildId::from_uuid(self.id),
            name: self.name,
            birth: self.birth.map(|day| day.to_jiff()),
            household: Division::new(self.household_division)
                .map_err(|_| corrupt("household_division"))?,
            file_number: self.file_number,
            masked_id: id
                .as_ref()
                .map(masked)
                .transpose()
                .map_err(|()| corrupt("resident_id"))?,
        })
    }
}

fn masked(id: &Hidden) -> Result<String, ()> {
    ResidentId::parse(id.reveal())
        .map(|id| id.masked())
        .map_err(|_| ())
}

async fn by_key(work: &mut Work, key: &str) -> Result<Vec<Found>, StoreError> {
    let (reach, granted) = (work.reach().to_string(), work.granted().to_vec());
    let rows = rows_by_key(work.conn(), key, &reach, &granted).await?;
    rows.into_iter().map(|row| row.found(work)).collect()
}

/// What a search by name asks of the database; whose connection it is decides whether a policy stands before it.
pub(crate) async fn rows_by_key(
    conn: &mut PgConnection,
    key: &str,
    reach: &str,
    granted: &[Uuid],
) -> Result<Vec<FoundRow>, StoreError> {
    let rows = sqlx::query_file_as!(
        FoundRow,
        "queries/registry/search_by_name.sql",
        key,
        format!("{key}\u{10FFFF}"),
        reach,
        granted,
        LIMIT,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

async fn by_digest(work: &mut Work, digest: &[u8; 32]) -> Result<Vec<Found>, StoreError> {
    let rows = rows_by_digest(work.conn(), digest).await?;
    rows.into_iter().map(|row| row.found(work)).collect()
}

/// What a search by resident id asks of the database.
pub(crate) async fn rows_by_digest(
    conn: &mut PgConnection,
    digest: &[u8; 32],
) -> Result<Vec<FoundRow>, StoreError> {
    let rows = sqlx::query_as!(
        FoundRow,
        r#"SELECT p.id, p.name, p.birth, p.household_division, c.file_number, p.resident_id::bytea AS resident_id
           FROM registry_person p JOIN registry_child c ON c.id = p.id WHERE p.resident_id_index = $1::bytea"#,
        digest.to_vec(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

async fn by_file_number(work: &mut Work, number: &str) -> Result<Vec<Found>, StoreError> {
    let rows = sqlx::query_as!(
        FoundRow,
        r#"SELECT p.id, p.name, p.birth, p.household_division, c.file_number, p.resident_id::bytea AS resident_id
           FROM registry_person p JOIN registry_child c ON c.id = p.id WHERE c.file_number = $1"#,
        number,
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(|row| row.found(work)).collect()
}
