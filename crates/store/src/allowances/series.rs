//! Where a unit's series of batches stands, and the hold on all months.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::month::Month;

use crate::error::StoreError;
use crate::work::Work;

/// The series of the work's unit, before a batch of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesState {
    /// From which month on this installation pays; none before the first batch.
    pub from: Option<Month>,
    /// The last pay month, and the digest of all that was committed by then.
    pub last: Option<(Month, u64)>,
    /// How many lines other batches of the month have.
    pub lines_of_month: i32,
    /// Whether there are sealed children whom this officer does not know.
    pub hidden: bool,
}

/// Waits until no other run of whatever month is under way, and keeps others out until the work ends.
///
/// # Errors
/// When the database does not answer.
pub async fn hold_months(work: &mut Work) -> Result<(), StoreError> {
    sqlx::query!("SELECT auth.hold_months()")
        .fetch_one(work.conn())
        .await?;
    Ok(())
}

/// Whether a month was prepared by what was known later than this moment.
///
/// # Errors
/// When the database does not answer.
pub async fn is_known_later(work: &mut Work, moment: Timestamp) -> Result<bool, StoreError> {
    let later = sqlx::query_scalar!(
        r#"SELECT auth.is_known_later($1) AS "later!""#,
        moment.to_sqlx() as _
    );
    Ok(later.fetch_one(work.conn()).await?)
}

/// Removes what dead runs left, and answers its names. The work holds the months.
///
/// # Errors
/// When the database does not answer.
pub async fn clear_stages(work: &mut Work) -> Result<Vec<String>, StoreError> {
    let names = sqlx::query_scalar!(r#"SELECT n AS "name!" FROM auth.clear_stages() n"#)
        .fetch_all(work.conn())
        .await?;
    Ok(names)
}

/// Where the series of the work's unit stands; `None` where it prepares no batches.
///
/// # Errors
/// When the database does not answer.
pub async fn series_state(
    work: &mut Work,
    month: Month,
    sealed: bool,
) -> Result<Option<SeriesState>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT from_month AS "from_month?", last_month AS "last_month?", last_digest AS "last_digest?",
                  lines_of_month AS "lines_of_month!", hidden AS "hidden!"
           FROM auth.series_state($1, $2)"#,
        month.first().to_sqlx() as _,
        sealed
    )
    .fetch_optional(work.conn())
    .await?;
    Ok(row.map(|row| {
        let of = |day: Option<jiff_sqlx::Date>| day.map(|day| Month::of(day.to_jiff()));
        SeriesState {
            from: of(row.from_month),
            last: of(row.last_month).zip(row.last_digest.map(i64::cast_unsigned)),
            lines_of_month: i32::try_from(row.lines_of_month).unwrap_or(i32::MAX),
            hidden: row.hidden,
        }
    }))
}
