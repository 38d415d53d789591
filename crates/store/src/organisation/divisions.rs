//! Divisions: public facts, loaded by the owner.

use kernel::gazetteer::Gazetteer;
use sqlx::PgPool;

use crate::error::StoreError;

/// Enters every division of a gazetteer; one that is there already takes the new name. Answers how many there were.
///
/// # Errors
/// When the database does not answer: then none is entered.
pub async fn load_divisions(owner: &PgPool, gazetteer: &Gazetteer) -> Result<u64, StoreError> {
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
