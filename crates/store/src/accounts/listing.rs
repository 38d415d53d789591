//! The organisation as an officer sees it: units, officers, appointments and accounts.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{AppointmentId, OfficerId, UnitId};
use kernel::roles::Role;

use super::keeping::role_of;
use crate::error::StoreError;
use crate::work::Work;

/// Rows of one page at most.
const PAGE: i64 = 500;

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    /// Its id.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// What it is, by its code.
    pub kind: String,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// The division it is named after.
    pub division: i64,
}

/// Units whose id comes after this one, in the order of their ids.
///
/// # Errors
/// When the database does not answer.
pub async fn units(work: &mut Work, after: Option<UnitId>) -> Result<Vec<UnitRow>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, name, kind, parent, division FROM organisation_unit
         WHERE ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2",
        after.map(UnitId::uuid),
        PAGE
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| UnitRow {
            id: UnitId::from_uuid(row.id),
            name: row.name,
            kind: row.kind,
            parent: row.parent.map(UnitId::from_uuid),
            division: row.division,
        })
        .collect())
}

/// An officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerRow {
    /// The id.
    pub id: OfficerId,
    /// The name.
    pub name: String,
    /// The unit.
    pub unit: UnitId,
}

/// Which officers are wanted.
#[derive(Debug, Clone, Default)]
pub struct OfficerFilter {
    /// Those of this unit.
    pub unit: Option<UnitId>,
    /// Those whose name, unit or login holds this text.
    pub text: Option<String>,
    /// Those whose account is in this state.
    pub account: Option<AccountState>,
}

/// The state an officer's account is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// There is none.
    None,
    /// In use.
    Active,
    /// Locked by whoever keeps the accounts.
    Locked,
}

/// Officers within reach whose id comes after this one.
///
/// # Errors
/// When the database does not answer.
pub async fn officers(
    work: &mut Work,
    filter: &OfficerFilter,
    after: Option<OfficerId>,
) -> Result<Vec<OfficerRow>, StoreError> {
    let state = filter.account.map(|state| match state {
        AccountState::None => "none",
        AccountState::Active => "active",
        AccountState::Locked => "locked",
    });
    // The accounts are looked at only where somebody asks for them.
    let rows = sqlx::query!(
        r#"SELECT o.id, o.name, o.unit_id FROM organisation_officer o
           LEFT JOIN organisation_unit u ON u.id = o.unit_id
           LEFT JOIN (SELECT * FROM auth.accounts() WHERE $4::text IS NOT NULL OR $5::text IS NOT NULL) a ON a.officer_id = o.id
           WHERE ($1::uuid IS NULL OR o.unit_id = $1) AND ($2::uuid IS NULL OR o.id > $2)
             AND ($4::text IS NULL OR strpos(lower(o.name), lower($4)) > 0 OR strpos(lower(u.name), lower($4)) > 0
                  OR strpos(a.login, lower($4)) > 0)
             AND ($5::text IS NULL OR $5 = CASE WHEN a.locked THEN 'locked' WHEN a.login IS NOT NULL THEN 'active' ELSE 'none' END)
           ORDER BY o.id LIMIT $3"#,
        filter.unit.map(UnitId::uuid),
        after.map(OfficerId::uuid),
        PAGE,
        filter.text,
        state,
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| OfficerRow {
            id: OfficerId::from_uuid(row.id),
            name: row.name,
            unit: UnitId::from_uuid(row.unit_id),
        })
        .collect())
}

/// How many officers there are, and how many of them have an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficerTally {
    /// All of them.
    pub officers: i64,
    /// Those whose account is in use.
    pub active: i64,
    /// Those whose account is locked.
    pub locked: i64,
}

/// Counts the officers within reach; accounts only for whoever keeps them.
///
/// # Errors
/// When the database does not answer.
pub async fn tally_officers(work: &mut Work) -> Result<OfficerTally, StoreError> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "officers!", count(*) FILTER (WHERE NOT a.locked) AS "active!",
                  count(*) FILTER (WHERE a.locked) AS "locked!"
           FROM organisation_officer o LEFT JOIN auth.accounts() a ON a.officer_id = o.id"#
    )
    .fetch_one(work.conn())
    .await?;
    Ok(OfficerTally {
        officers: row.officers,
        active: row.active,
        locked: row.locked,
    })
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentRow {
    /// Its id.
    pub id: AppointmentId,
    /// Who.
    pub officer: OfficerId,
    /// The officer's name, unless the officer's own unit is beyond reach.
    pub name: Option<String>,
    /// Where.
    pub unit: UnitId,
    /// As what.
    pub role: Role,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Option<Date>,
    /// The appointment it deputises for.
    pub deputy_for: Option<AppointmentId>,
}

/// Which appointments are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct AppointmentFilter {
    /// Those of this officer.
    pub officer: Option<OfficerId>,
    /// Those in this unit.
    pub unit: Option<UnitId>,
    /// Those in force on this day.
    pub on: Option<Date>,
}

/// Appointments within reach whose id comes after this one.
///
/// # Errors
/// When the database does not answer.
pub async fn appointments(
    work: &mut Work,
    filter: AppointmentFilter,
    after: Option<AppointmentId>,
) -> Result<Vec<AppointmentRow>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT a.id, a.officer_id, o.name AS "name?", a.unit_id, a.role, a.from_day AS "from_day: jiff_sqlx::Date",
                  a.to_day AS "to_day: jiff_sqlx::Date", a.deputy_for
           FROM organisation_appointment a LEFT JOIN organisation_officer o ON o.id = a.officer_id
           WHERE ($1::uuid IS NULL OR a.officer_id = $1) AND ($2::uuid IS NULL OR a.unit_id = $2)
             AND ($3::date IS NULL OR a.from_day <= $3 AND (a.to_day IS NULL OR a.to_day >= $3))
             AND ($4::uuid IS NULL OR a.id > $4)
           ORDER BY a.id LIMIT $5"#,
        filter.officer.map(OfficerId::uuid),
        filter.unit.map(UnitId::uuid),
        filter.on.map(|day| day.to_sqlx()) as _,
        after.map(AppointmentId::uuid),
        PAGE
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(AppointmentRow {
                id: AppointmentId::from_uuid(row.id),
                officer: OfficerId::from_uuid(row.officer_id),
                name: row.name,
                unit: UnitId::from_uuid(row.unit_id),
                role: role_of(&row.role)?,
                from: row.from_day.to_jiff(),
                to: row.to_day.map(|day| day.to_jiff()),
                deputy_for: row.deputy_for.map(AppointmentId::from_uuid),
            })
        })
        .collect()
}

/// An account, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Whose.
    pub officer: OfficerId,
    /// The login name.
    pub login: String,
    /// Whether it is locked by whoever keeps the accounts.
    pub locked: bool,
    /// Whether it has a second factor.
    pub second_factor: bool,
}

/// The accounts of these officers: one's own and, for whoever appoints, those within reach.
///
/// # Errors
/// When the database does not answer.
pub async fn accounts(
    work: &mut Work,
    officers: &[OfficerId],
) -> Result<Vec<AccountRow>, StoreError> {
    let officers: Vec<_> = officers.iter().map(|officer| officer.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT officer_id AS "officer!", login AS "login!", locked AS "locked!", second_factor AS "second_factor!"
           FROM auth.accounts_of($1)"#,
        &officers
    )
    .fetch_all(work.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AccountRow {
            officer: OfficerId::from_uuid(row.officer),
            login: row.login,
            locked: row.locked,
            second_factor: row.second_factor,
        })
        .collect())
}

/// Whether an officer has an account.
///
/// # Errors
/// When the database does not answer.
pub async fn has_account(work: &mut Work, officer: OfficerId) -> Result<bool, StoreError> {
    let has = sqlx::query_scalar!(r#"SELECT auth.has_account($1) AS "has!""#, officer.uuid())
        .fetch_one(work.conn())
        .await?;
    Ok(has)
}
