//! Divisions: public facts, loaded by the owner.

use kernel::division::{Division, Level};
use kernel::gazetteer::{Entry, Gazetteer};
use sqlx::{PgExecutor, PgPool};

use crate::error::StoreError;

/// Enters every division of a gazetteer; one that is there already takes the new name. Answers how many there were.
///
/// # Errors
/// When the database does not answer: then none is entered.
pub async fn load_divisions(
    owner: impl PgExecutor<'_>,
    gazetteer: &Gazetteer,
) -> Result<u64, StoreError> {
    let mut entries: Vec<_> = gazetteer.iter().collect();
    // Parents first, as the foreign key asks within each statement's end anyway, and readers expect.
    entries.sort_by_key(|entry| entry.level);
    let codes: Vec<i64> = entries.iter().map(|e| e.division.code()).collect();
    let names: Vec<&str> = entries.iter().map(|e| e.name.as_ref()).collect();
    let levels: Vec<&str> = entries.iter().map(|e| e.level.code()).collect();
    let parents: Vec<Option<i64>> = entries.iter().map(|e| e.parent.map(|p| p.code())).collect();
    let done = sqlx::query!(
        "INSERT INTO organisation_division (code, name, level, parent)
         SELECT * FROM UNNEST($1::int8[], $2::text[], $3::text[], $4::int8[])
         ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, parent = excluded.parent",
        &codes,
        &names as _,
        &levels as _,
        &parents as _,
    )
    .execute(owner)
    .await?;
    Ok(done.rows_affected())
}

/// How many divisions are entered.
///
/// # Errors
/// When the database does not answer.
pub async fn count_divisions(owner: &PgPool) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM organisation_division"#)
            .fetch_one(owner)
            .await?,
    )
}

/// The entered divisions of a place: itself, everything in it, and those above it.
///
/// # Errors
/// When the database does not answer, or holds what is no division.
pub async fn divisions_of(owner: &PgPool, place: Division) -> Result<Gazetteer, StoreError> {
    let range = place.range();
    let rows = sqlx::query!(
        r#"WITH RECURSIVE above AS (
               SELECT code, parent FROM organisation_division WHERE code = $1
               UNION ALL
               SELECT d.code, d.parent FROM organisation_division d JOIN above a ON d.code = a.parent)
           SELECT code, name, level, parent FROM organisation_division
           WHERE (code >= $2 AND code < $3) OR code IN (SELECT code FROM above) ORDER BY code"#,
        place.code(),
        range.start,
        range.end,
    )
    .fetch_all(owner)
    .await?;
    rows.into_iter()
        .map(|row| {
            let division = |code| Division::new(code).map_err(|_| corrupt("code"));
            Ok(Entry {
                division: division(row.code)?,
                name: row.name.into(),
                level: Level::from_code(&row.level).ok_or_else(|| corrupt("level"))?,
                parent: row.parent.map(division).transpose()?,
            })
        })
        .collect()
}

/// What became of a file of divisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// All are entered, so many.
    All(u64),
    /// None is: this one is named as above another, and neither the file nor the database knows it.
    UnknownParent(Division),
}

/// As [`load_divisions`], for a file of which nobody knows whether it fits.
///
/// # Errors
/// When the database does not answer: then none is entered.
pub async fn enter_divisions(owner: &PgPool, gazetteer: &Gazetteer) -> Result<Entered, StoreError> {
    let unnamed: Vec<i64> = gazetteer
        .iter()
        .filter_map(|entry| entry.parent)
        .filter(|parent| gazetteer.get(*parent).is_none())
        .map(Division::code)
        .collect();
    let unknown = sqlx::query_scalar!(
        r#"SELECT u.above AS "above!" FROM UNNEST($1::int8[]) AS u (above)
           WHERE NOT EXISTS (SELECT 1 FROM organisation_division d WHERE d.code = u.above) ORDER BY 1 LIMIT 1"#,
        &unnamed
    )
    .fetch_optional(owner)
    .await?;
    match unknown {
        Some(code) => Ok(Entered::UnknownParent(
            Division::new(code).map_err(|_| corrupt("parent"))?,
        )),
        None => Ok(Entered::All(load_divisions(owner, gazetteer).await?)),
    }
}

fn corrupt(column: &'static str) -> StoreError {
    StoreError::Corrupt {
        table: "organisation_division",
        column,
    }
}
