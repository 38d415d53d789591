//! Divisions: public facts, loaded by the owner, read by every session.

use std::collections::{BTreeSet, HashMap};

use kernel::division::{Division, Level};
use kernel::gazetteer::{Entry, Gazetteer};
use sqlx::{PgExecutor, PgPool};

use crate::error::StoreError;
use crate::work::Work;

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
pub async fn divisions_of(
    from: impl PgExecutor<'_>,
    place: Division,
) -> Result<Gazetteer, StoreError> {
    let range = place.range();
    let rows = sqlx::query_as!(
        DivisionRow,
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
    .fetch_all(from)
    .await?;
    rows.into_iter().map(DivisionRow::entry).collect()
}

/// As [`divisions_of`], over the work's own connection: work that waits for a second one while it holds its own waits
/// for ever once everybody does.
///
/// # Errors
/// As [`divisions_of`].
pub async fn divisions_around(work: &mut Work, place: Division) -> Result<Gazetteer, StoreError> {
    divisions_of(work.conn(), place).await
}

/// Which divisions are wanted.
#[derive(Debug, Clone, Default)]
pub struct DivisionFilter {
    /// Those right below this one.
    pub below: Option<Division>,
    /// Those whose name holds this text, anywhere in [`DivisionFilter::below`].
    pub text: Option<String>,
}

/// The divisions wanted after `after`, in the order of their codes, up to `size`. Without a filter, the uppermost.
///
/// # Errors
/// When the database does not answer, or holds what is no division.
pub async fn divisions(
    work: &mut Work,
    filter: &DivisionFilter,
    after: Option<Division>,
    size: u16,
) -> Result<Vec<Entry>, StoreError> {
    let range = filter.below.map(Division::range);
    let rows = sqlx::query_as!(
        DivisionRow,
        r#"SELECT code, name, level, parent FROM organisation_division
           WHERE CASE WHEN $1::text IS NULL THEN parent IS NOT DISTINCT FROM $2::int8
                      ELSE strpos(name, $1) > 0 AND ($2 IS NULL OR code > $2 AND code < $3) END
             AND ($4::int8 IS NULL OR code > $4)
           ORDER BY code LIMIT $5"#,
        filter.text,
        filter.below.map(Division::code),
        range.map(|range| range.end),
        after.map(Division::code),
        i64::from(size),
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(DivisionRow::entry).collect()
}

/// A division and those above it, the uppermost first.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none; otherwise as [`divisions`].
pub async fn division_path(work: &mut Work, division: Division) -> Result<Vec<Entry>, StoreError> {
    let rows = sqlx::query_as!(
        DivisionRow,
        r#"WITH RECURSIVE above AS (
               SELECT code, name, level, parent, 0 AS steps FROM organisation_division WHERE code = $1
               UNION ALL
               SELECT d.code, d.name, d.level, d.parent, a.steps + 1 FROM organisation_division d JOIN above a ON d.code = a.parent)
           SELECT code AS "code!", name AS "name!", level AS "level!", parent FROM above ORDER BY steps DESC"#,
        division.code(),
    )
    .fetch_all(work.conn())
    .await?;
    match rows.is_empty() {
        true => Err(StoreError::NotFound),
        false => rows.into_iter().map(DivisionRow::entry).collect(),
    }
}

/// The names of some places in few words, as tables have them.
#[derive(Debug, Clone, Default)]
pub struct PlaceNames(HashMap<i64, String>);

impl PlaceNames {
    /// Town and village, or the one name of whatever is no part of a town; the code of a place that is not entered.
    #[must_use]
    pub fn of(&self, place: Division) -> String {
        let own = self.0.get(&place.code());
        let town = place.town().filter(|town| *town != place);
        match (own, town.and_then(|town| self.0.get(&town.code()))) {
            (Some(own), Some(town)) => format!("{town} {own}"),
            (Some(own), None) => own.clone(),
            (None, _) => place.code().to_string(),
        }
    }
}

/// The names of these places, and of the towns they lie in.
///
/// # Errors
/// When the database does not answer.
pub async fn place_names(work: &mut Work, places: &[Division]) -> Result<PlaceNames, StoreError> {
    let codes: BTreeSet<i64> = places
        .iter()
        .flat_map(|place| [Some(*place), place.town()])
        .flatten()
        .map(Division::code)
        .collect();
    let rows = sqlx::query!(
        "SELECT code, name FROM organisation_division WHERE code = ANY ($1)",
        &codes.into_iter().collect::<Vec<_>>()
    )
    .fetch_all(work.conn())
    .await?;
    let names = rows.into_iter().map(|row| (row.code, row.name));
    Ok(PlaceNames(names.collect()))
}

/// Whether a place is entered.
///
/// # Errors
/// When the database does not answer.
pub async fn is_entered(work: &mut Work, place: Division) -> Result<bool, StoreError> {
    let names = place_names(work, &[place]).await?;
    Ok(names.0.contains_key(&place.code()))
}

struct DivisionRow {
    code: i64,
    name: String,
    level: String,
    parent: Option<i64>,
}

impl DivisionRow {
    fn entry(self) -> Result<Entry, StoreError> {
        let division = |code| Division::new(code).map_err(|_| corrupt("code"));
        Ok(Entry {
            division: division(self.code)?,
            name: self.name.into(),
            level: Level::from_code(&self.level).ok_or_else(|| corrupt("level"))?,
            parent: self.parent.map(division).transpose()?,
        })
    }
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
