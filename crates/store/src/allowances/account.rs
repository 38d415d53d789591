//! Accounts of payees: proposed by one officer, confirmed by another, and kept when another takes their place.

use domain::allowances::{NameMatch, StatedAccount};
use domain::registry::Hidden;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::ids::{AccountId, ChildId, OfficerId, UnitId};
use kernel::journal::{Entry, Subject};
use serde_json::json;

use super::reading::corrupt;
use crate::error::StoreError;
use crate::registry::{ChildFile, entry_of, open_column as open, seal_column as seal};
use crate::work::{Change, Pen, Work};

const TABLE: &str = "allowances_account";
/// The purpose of the blind index of account numbers.
const ACCOUNT: &str = "account";

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountOf {
    /// A child's: the guardian's, for the child.
    Child(ChildId),
    /// A home's with the unit that pays it.
    Home(UnitId),
}

/// An account on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub of: AccountOf,
    /// Whose officer proposed it.
    pub unit: UnitId,
    /// What was stated, opened.
    pub stated: StatedAccount,
    /// Whose name it is in.
    pub name_match: NameMatch,
    /// Who proposed it, and when.
    pub proposed: (OfficerId, Timestamp),
    /// Who confirmed it, and when.
    pub confirmed: Option<(OfficerId, Timestamp)>,
    /// Who ended it, and when: an account that took its place was confirmed then, or it was withdrawn.
    pub ended: Option<(OfficerId, Timestamp)>,
    /// The names of all these.
    pub names: AccountNames,
}

/// Names that stand with an account; of an officer beyond reach there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountNames {
    /// The child's or the home's.
    pub payee: String,
    /// Of whoever proposed it.
    pub proposed: Option<String>,
    /// Of whoever confirmed it.
    pub confirmed: Option<String>,
    /// Of whoever ended it.
    pub ended: Option<String>,
}

impl Account {
    /// Whether money goes to it.
    #[must_use]
    pub const fn is_in_force(&self) -> bool {
        self.confirmed.is_some() && self.ended.is_none()
    }
}

/// A payee's accounts within reach, the latest first.
///
/// # Errors
/// When the database does not answer, or a number does not open.
pub async fn accounts(work: &mut Work, of: AccountOf) -> Result<Vec<Account>, StoreError> {
    found(work, None, Some(of)).await
}

/// Accounts within reach that wait for a second person, the longest waiting first.
///
/// # Errors
/// As [`accounts`].
pub async fn proposed_accounts(work: &mut Work) -> Result<Vec<Account>, StoreError> {
    let mut all = found(work, None, None).await?;
    all.reverse();
    Ok(all)
}

/// How many accounts of the work's unit wait for this officer's word, since somebody else proposed them, and since when
/// the longest does.
///
/// # Errors
/// When the database does not answer.
pub async fn accounts_due(work: &mut Work) -> Result<(i64, Option<Timestamp>), StoreError> {
    let (unit, officer) = (work.unit().uuid(), work.officer().uuid());
    let row = sqlx::query!(
        r#"SELECT count(*) AS "count!", min(proposed_at) AS "since: jiff_sqlx::Timestamp" FROM allowances_account
           WHERE num_nonnulls(confirmed_by, ended_by) = 0 AND unit_id = $1 AND proposed_by <> $2"#,
        unit,
        officer
    );
    let row = row.fetch_one(work.conn()).await?;
    Ok((row.count, row.since.map(|since| since.to_jiff())))
}

/// An account within reach.
///
/// # Errors
/// As [`accounts`].
pub async fn account(work: &mut Work, id: AccountId) -> Result<Option<Account>, StoreError> {
    Ok(found(work, Some(id), None).await?.pop())
}

/// One, those of a payee, or without either those that wait.
async fn found(
    work: &mut Work,
    id: Option<AccountId>,
    of: Option<AccountOf>,
) -> Result<Vec<Account>, StoreError> {
    let (child, home) = match of {
        Some(AccountOf::Child(child)) => (Some(child.uuid()), None),
        Some(AccountOf::Home(home)) => (None, Some(home.uuid())),
        None => (None, None),
    };
    let rows = sqlx::query!(
        r#"SELECT a.id, a.child_id, a.home_id, a.unit_id, a.holder, a.bank, a.number::bytea AS "number!", a.name_match, a.reason::bytea AS reason,
                  a.proposed_by, a.proposed_at, a.confirmed_by, a.confirmed_at, a.ended_by, a.ended_at,
                  coalesce(p.name, h.name) AS "payee!", proposer.name AS "proposer?", confirmer.name AS "confirmer?", ender.name AS "ender?"
           FROM allowances_account a
           LEFT JOIN registry_person p ON p.id = a.child_id LEFT JOIN organisation_unit h ON h.id = a.home_id
           LEFT JOIN organisation_officer proposer ON proposer.id = a.proposed_by
           LEFT JOIN organisation_officer confirmer ON confirmer.id = a.confirmed_by
           LEFT JOIN organisation_officer ender ON ender.id = a.ended_by
           WHERE CASE WHEN $1::uuid IS NOT NULL THEN a.id = $1 WHEN $2::uuid IS NOT NULL THEN a.child_id = $2 WHEN $3::uuid IS NOT NULL THEN a.home_id = $3
                      ELSE num_nonnulls(a.confirmed_by, a.ended_by) = 0 END
           ORDER BY a.proposed_at DESC, a.id DESC"#,
        id.map(AccountId::uuid),
        child,
        home
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    rows.into_iter()
        .map(|row| {
            let number = open(sealer, TABLE, "number", row.id, Some(&row.number))?;
            Ok(Account {
                id: AccountId::from_uuid(row.id),
                of: AccountOf::found(row.child_id, row.home_id)?,
                unit: UnitId::from_uuid(row.unit_id),
                stated: StatedAccount {
                    holder: row.holder,
                    bank: row.bank,
                    number: number.ok_or_else(|| corrupt(TABLE, "number"))?,
                    reason: open(sealer, TABLE, "reason", row.id, row.reason.as_deref())?,
                },
                name_match: NameMatch::from_code(&row.name_match)
                    .ok_or_else(|| corrupt(TABLE, "name_match"))?,
                proposed: (
                    OfficerId::from_uuid(row.proposed_by),
                    row.proposed_at.to_jiff(),
                ),
                confirmed: hand(row.confirmed_by, row.confirmed_at),
                ended: hand(row.ended_by, row.ended_at),
                names: AccountNames {
                    payee: row.payee,
                    proposed: row.proposer,
                    confirmed: row.confirmer,
                    ended: row.ender,
                },
            })
        })
        .collect()
}

/// Whose hand it went through, and when.
fn hand(
    officer: Option<uuid::Uuid>,
    at: Option<jiff_sqlx::Timestamp>,
) -> Option<(OfficerId, Timestamp)> {
    let found = officer.zip(at);
    found.map(|(officer, at)| (OfficerId::from_uuid(officer), at.to_jiff()))
}

impl AccountOf {
    fn found(child: Option<uuid::Uuid>, home: Option<uuid::Uuid>) -> Result<Self, StoreError> {
        match (child, home) {
            (Some(child), _) => Ok(Self::Child(ChildId::from_uuid(child))),
            (None, Some(home)) => Ok(Self::Home(UnitId::from_uuid(home))),
            (None, None) => Err(corrupt(TABLE, "child_id")),
        }
    }
}

/// The name of a home; `None` where the unit is none.
///
/// # Errors
/// When the database does not answer.
pub async fn home_name(work: &mut Work, home: UnitId) -> Result<Option<String>, StoreError> {
    let name = sqlx::query_scalar!(
        "SELECT name FROM organisation_unit WHERE id = $1 AND kind = 'home'",
        home.uuid()
    );
    Ok(name.fetch_optional(work.conn()).await?)
}

/// Whose an account is, with what the journal needs of it.
#[derive(Debug, Clone, Copy)]
pub enum AccountSubject<'a> {
    /// A child within reach.
    Child(&'a ChildFile),
    /// A home.
    Home(UnitId),
}

impl AccountSubject<'_> {
    /// Whose it is.
    #[must_use]
    pub const fn of(&self) -> AccountOf {
        match self {
            Self::Child(file) => AccountOf::Child(file.child),
            Self::Home(home) => AccountOf::Home(*home),
        }
    }

    fn entry(&self, action: &'static str) -> Entry {
        match self {
            Self::Child(file) => entry_of(action, file),
            Self::Home(home) => Entry::new(action, Subject::new("unit", home.uuid())),
        }
    }
}

/// An account proposed for a payee, by the unit that pays.
#[derive(Debug)]
pub struct AccountProposed<'a> {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub subject: AccountSubject<'a>,
    /// The unit that pays.
    pub unit: UnitId,
    /// What is stated.
    pub stated: &'a StatedAccount,
    /// Whose name it is in.
    pub name_match: NameMatch,
}

impl Change for AccountProposed<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let (child, home) = match self.subject.of() {
            AccountOf::Child(child) => (Some(child.uuid()), None),
            AccountOf::Home(home) => (None, Some(home.uuid())),
        };
        let id = self.id.uuid();
        let sealed = |column, secret: Option<&Hidden>| {
            seal(pen.sealer, TABLE, column, id, secret.map(Hidden::reveal))
        };
        let index = pen.sealer.blind_index(ACCOUNT, self.stated.number.reveal());
        sqlx::query!(
            "INSERT INTO allowances_account (id, child_id, home_id, unit_id, holder, bank, number, number_index, name_match, reason, proposed_by, proposed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7::bytea, $8::bytea, $9, $10::bytea, $11, $12)",
            id,
            child,
            home,
            self.unit.uuid(),
            self.stated.holder,
            self.stated.bank,
            sealed("number", Some(&self.stated.number)) as _,
            &index[..] as _,
            self.name_match.code(),
            sealed("reason", self.stated.reason.as_ref()) as _,
            pen.officer.uuid(),
            pen.now.to_sqlx() as _,
        )
        .execute(&mut *pen.conn)
        .await?;
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let after =
            json!({ "account": self.id, "bank": self.stated.bank, "name_match": self.name_match });
        let entry = self
            .subject
            .entry("allowances.account_proposed")
            .after(after);
        vec![entry.sealed_changed("number")]
    }
}

/// What becomes of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStep {
    /// Confirmed: from now on the payee's money goes to it, and no more to the one before.
    Confirmed,
    /// Ended, or withdrawn before it was confirmed.
    Ended,
}

/// An account confirmed or ended.
#[derive(Debug)]
pub struct AccountDecided<'a> {
    /// The account as it was.
    pub account: &'a Account,
    /// Whose it is.
    pub subject: AccountSubject<'a>,
    /// What becomes of it.
    pub step: AccountStep,
}

impl Change for AccountDecided<'_> {
    async fn write(&self, pen: &mut Pen<'_>) -> Result<(), StoreError> {
        let (id, now) = (self.account.id.uuid(), pen.now.to_sqlx());
        let done = match self.step {
            AccountStep::Confirmed => {
                sqlx::query!(
                    "UPDATE allowances_account o SET ended_by = $2, ended_at = $3 FROM allowances_account n
                     WHERE n.id = $1 AND o.id <> $1 AND o.confirmed_at IS NOT NULL AND o.ended_at IS NULL
                       AND (o.child_id = n.child_id OR o.home_id = n.home_id AND o.unit_id = n.unit_id)",
                    id,
                    pen.officer.uuid(),
                    now as _,
                )
                .execute(&mut *pen.conn)
                .await?;
                sqlx::query!(
                    "UPDATE allowances_account SET confirmed_by = $2, confirmed_at = $3 WHERE id = $1 AND num_nonnulls(confirmed_at, ended_at) = 0",
                    id,
                    pen.officer.uuid(),
                    now as _,
                )
                .execute(&mut *pen.conn)
                .await?
            }
            AccountStep::Ended => {
                sqlx::query!(
                    "UPDATE allowances_account SET ended_by = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL",
                    id,
                    pen.officer.uuid(),
                    now as _,
                )
                .execute(&mut *pen.conn)
                .await?
            }
        };
        match done.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let action = match self.step {
            AccountStep::Confirmed => "allowances.account_confirmed",
            AccountStep::Ended => "allowances.account_ended",
        };
        let after = json!({ "account": self.account.id });
        vec![self.subject.entry(action).after(after)]
    }
}
