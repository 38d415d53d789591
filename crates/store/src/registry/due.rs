//! Days that fall due on children's files: an age that ends a status, a grant that ends.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::ChildId;

use crate::error::StoreError;
use crate::work::Work;

/// The most rows a question answers: whoever has more has to narrow, not to scroll.
pub const MOST_DUE: i64 = 500;

/// A child with a status that its age ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growing {
    /// The child.
    pub child: ChildId,
    /// Its name.
    pub name: String,
    /// Its household division.
    pub household: Division,
    /// Day of birth.
    pub birth: Date,
    /// The status.
    pub category: Category,
}

/// A grant that ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingGrant {
    /// The child.
    pub child: ChildId,
    /// Its name.
    pub name: String,
    /// Its household division.
    pub household: Division,
    /// The last day.
    pub until: Date,
}

fn division(code: i64) -> Result<Division, StoreError> {
    Division::new(code).map_err(|_| StoreError::Corrupt {
        table: "registry_person",
        column: "household_division",
    })
}

/// The children within reach who hold one of these statuses and were born on its day or earlier, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn growing(
    work: &mut Work,
    born_until: &[(Category, Date)],
    on: Date,
) -> Result<Vec<Growing>, StoreError> {
    let categories: Vec<&str> = born_until.iter().map(|(class, _)| class.code()).collect();
    let days: Vec<_> = born_until.iter().map(|(_, day)| day.to_sqlx()).collect();
    let Some(latest) = born_until.iter().map(|(_, day)| *day).max() else {
        return Ok(Vec::new());
    };
    let rows = sqlx::query!(
        r#"SELECT p.id, p.name, p.household_division, p.birth AS "birth!: jiff_sqlx::Date", s.category
           FROM registry_person p
           JOIN registry_span s ON s.child_id = p.id AND s.from_day <= $4 AND (s.to_day IS NULL OR s.to_day > $4)
           JOIN UNNEST($1::text[], $2::date[]) AS l (category, born_until) ON l.category = s.category AND p.birth <= l.born_until
           WHERE coalesce(p.birth, date '9999-12-31') <= $3
           ORDER BY coalesce(p.birth, date '9999-12-31'), p.id LIMIT $5"#,
        &categories as _,
        &days as _,
        latest.to_sqlx() as _,
        on.to_sqlx() as _,
        MOST_DUE,
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Growing {
                child: ChildId::from_uuid(row.id),
                name: row.name,
                household: division(row.household_division)?,
                birth: row.birth.to_jiff(),
                category: row.category.parse().map_err(|_| StoreError::Corrupt {
                    table: "registry_span",
                    column: "category",
                })?,
            })
        })
        .collect()
}

/// The grants within reach whose last day lies between two days, the first to end first.
///
/// # Errors
/// When the database does not answer.
pub async fn ending_grants(
    work: &mut Work,
    (first, last): (Date, Date),
) -> Result<Vec<EndingGrant>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT p.id, p.name, p.household_division, g.until_day AS "until: jiff_sqlx::Date"
           FROM registry_grant g JOIN registry_person p ON p.id = g.child_id
           WHERE g.until_day BETWEEN $1 AND $2 ORDER BY g.until_day, g.id LIMIT $3"#,
        first.to_sqlx() as _,
        last.to_sqlx() as _,
        MOST_DUE,
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(EndingGrant {
                child: ChildId::from_uuid(row.id),
                name: row.name,
                household: division(row.household_division)?,
                until: row.until.to_jiff(),
            })
        })
        .collect()
}

/// How many work items wait within reach, counted up to [`MOST_DUE`], and since when the oldest does.
///
/// # Errors
/// When the database does not answer.
pub async fn waiting_items(work: &mut Work) -> Result<(i64, Option<Timestamp>), StoreError> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "count!", min(w.opened_at) AS "since: jiff_sqlx::Timestamp"
           FROM (SELECT i.opened_at FROM registry_work_item i WHERE i.cleared_at IS NULL ORDER BY i.id LIMIT $1) w"#,
        MOST_DUE,
    )
    .fetch_one(work.conn())
    .await?;
    Ok((row.count, row.since.map(|at| at.to_jiff())))
}
