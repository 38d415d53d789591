//! Lists of applications within reach, the nearest due first.

use domain::applications::Stage;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ApplicationId, ChildId, UnitId};
use uuid::Uuid;

use super::application::{Application, Row};
use crate::error::StoreError;
use crate::work::Work;

/// An application in a list.
pub type Inbox = Vec<Application>;

/// Which applications are wanted; everything that is said holds together.
#[derive(Debug, Clone, Default)]
pub struct InboxFilter {
    /// This one.
    pub id: Option<ApplicationId>,
    /// Those that this unit deals with now.
    pub owner: Option<UnitId>,
    /// Those at one of these stages.
    pub stages: Option<Vec<Stage>>,
    /// Those late at a unit below this one on this day.
    pub escalated: Option<(UnitId, Date)>,
    /// Those that pass through this unit, or did.
    pub through: Option<UnitId>,
    /// Those whose due day is provisional.
    pub provisional: bool,
    /// Those with a decision of this unit that was not entered in the national system.
    pub unentered: Option<UnitId>,
    /// Those of this child.
    pub child: Option<ChildId>,
}

/// Where a page begins: after this due day and application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedUpTo {
    /// The due day; none for those on which no clock runs, which come last.
    pub due: Option<Date>,
    /// The application.
    pub id: ApplicationId,
}

impl ListedUpTo {
    /// Before everything.
    #[must_use]
    pub const fn start() -> Self {
        Self {
            due: Some(Date::MIN),
            id: ApplicationId::from_uuid(Uuid::nil()),
        }
    }

    /// After this application.
    #[must_use]
    pub fn after(application: &Application) -> Self {
        Self {
            due: application.case.clock.as_ref().map(|clock| clock.due),
            id: application.id,
        }
    }
}

/// The applications after `after`, up to `size`.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn inbox(
    work: &mut Work,
    filter: &InboxFilter,
    after: ListedUpTo,
    size: u16,
) -> Result<Inbox, StoreError> {
    let stages = filter.stages.as_ref().map(|stages| codes(stages));
    let above = filter.escalated.map(|(unit, _)| unit.uuid());
    let today = filter.escalated.map_or(Date::MIN, |(_, today)| today);
    let rows = sqlx::query_file_as!(
        Row,
        "queries/applications/list.sql",
        filter.id.map(ApplicationId::uuid),
        filter.owner.map(UnitId::uuid),
        stages.as_deref() as _,
        above,
        today.max(FIRST).to_sqlx() as _,
        filter.through.map(UnitId::uuid),
        after.due.unwrap_or(Date::MAX).max(FIRST).to_sqlx() as _,
        after.id.uuid(),
        i64::from(size),
        filter.provisional,
        filter.unentered.map(UnitId::uuid),
        filter.child.map(ChildId::uuid),
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter().map(Row::application).collect()
}

/// Before every deadline, and a date that PostgreSQL writes.
const FIRST: Date = jiff::civil::date(1, 1, 1);

fn codes(stages: &[Stage]) -> Vec<String> {
    stages.iter().map(|stage| stage.code().to_owned()).collect()
}

/// How many applications wait in an inbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboxTally {
    /// All of them.
    pub all: i64,
    /// Those whose due day has passed.
    pub late: i64,
    /// Those due by a day, late ones left out.
    pub soon: i64,
}

/// Counts what waits for a unit at these stages: late before `today`, soon until `soon`.
///
/// # Errors
/// When the database does not answer.
pub async fn tally(
    work: &mut Work,
    owner: UnitId,
    stages: &[Stage],
    (today, soon): (Date, Date),
) -> Result<InboxTally, StoreError> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "all!", count(*) FILTER (WHERE due < $3) AS "late!",
                  count(*) FILTER (WHERE due >= $3 AND due <= $4) AS "soon!"
           FROM applications_application WHERE owner_unit = $1 AND stage = ANY ($2)"#,
        owner.uuid(),
        &codes(stages),
        today.to_sqlx() as _,
        soon.to_sqlx() as _,
    )
    .fetch_one(work.conn())
    .await?;
    Ok(InboxTally {
        all: row.all,
        late: row.late,
        soon: row.soon,
    })
}

/// Applications whose running clock is provisional, at most a hundred.
///
/// # Errors
/// When the database does not answer.
pub async fn provisional(work: &mut Work) -> Result<Vec<ApplicationId>, StoreError> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM applications_application WHERE provisional ORDER BY due LIMIT 100"
    )
    .fetch_all(work.conn())
    .await?;
    Ok(ids.into_iter().map(ApplicationId::from_uuid).collect())
}
