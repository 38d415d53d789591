//! Accounts of payees: proposed by one, confirmed by another, and the one before ended with that.

use domain::allowances::{AccountError, NameMatch, StatedAccount};
use domain::registry::Hidden;
use jiff::Timestamp;
use kernel::ids::{AccountId, ChildId, UnitId};
use kernel::journal::Subject;
use kernel::roles::{Action, can};
use store::allowances::{
    Account, AccountDecided, AccountOf, AccountProposed, AccountStep, AccountSubject, account,
    accounts, accounts_due, home_name, proposed_accounts,
};
use store::registry::{ChildFile, files};
use store::work::Work;

use super::error::{REFUSED, allowed};
use super::pay_error::PayError;

/// What is stated of an account.
#[derive(Debug, Clone)]
pub struct AccountEntry {
    /// In whose name it is; `None` is the guardian's, or the home's.
    pub holder: Option<String>,
    /// Bank and number; `None` takes over what is on the child's file.
    pub at: Option<(String, Hidden)>,
    /// Why it is in another's name.
    pub reason: Option<Hidden>,
}

/// What may be done with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountAct {
    /// Confirmed by a second person.
    Confirm,
    /// Ended, or withdrawn.
    End,
}

impl AccountAct {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::End => "end",
        }
    }
}

/// What the work's officer may do with an account now.
#[must_use]
pub fn account_acts(work: &Work, account: &Account) -> Vec<AccountAct> {
    let (role, is_open) = (work.role(), account.ended.is_none());
    let is_ours = account.unit == work.unit();
    let is_second = account.proposed.0 != work.officer();
    let confirms = can(role, Action::ApproveMonth) && is_ours && is_second;
    let ends =
        can(role, Action::ReviewMonth) && (is_ours || matches!(account.of, AccountOf::Child(_)));
    let acts = [
        (AccountAct::Confirm, confirms && account.confirmed.is_none()),
        (AccountAct::End, ends),
    ];
    let may = acts.into_iter().filter(|(_, may)| is_open && *may);
    may.map(|(act, _)| act).collect()
}

/// Proposes an account for a payee of the work's unit.
///
/// # Errors
/// [`PayError::Account`], [`PayError::NotFound`].
pub async fn propose_account(
    work: &mut Work,
    of: AccountOf,
    entry: &AccountEntry,
) -> Result<AccountId, PayError> {
    allowed(work, Action::PrepareMonth, subject(of)).await?;
    let payee = Payee::find(work, of).await?;
    let at = entry.at.clone().or_else(|| payee.on_file());
    let (bank, number) = at.ok_or(AccountError::NotOnFile)?;
    let stated = StatedAccount {
        holder: entry.holder.clone().unwrap_or_else(|| payee.holder()),
        bank,
        number,
        reason: entry.reason.clone(),
    };
    let stated = stated.tidied()?;
    let name_match = stated.matched(payee.name_match(&stated.holder))?;
    let id = AccountId::generate(work.now(), work.store().entropy());
    let proposed = AccountProposed {
        id,
        subject: payee.subject(),
        unit: work.unit(),
        stated: &stated,
        name_match,
    };
    work.apply(&proposed).await?;
    Ok(id)
}

/// Confirms an account that somebody else proposed: from now on the payee's money goes to it.
///
/// # Errors
/// [`PayError::Account`], [`PayError::NotFound`]; refusals are journalled.
pub async fn confirm_account(work: &mut Work, id: AccountId) -> Result<(), PayError> {
    let about = Subject::new("account", id.uuid());
    allowed(work, Action::ApproveMonth, about).await?;
    let found = account(work, id).await?.ok_or(PayError::NotFound)?;
    if found.confirmed.is_some() || found.ended.is_some() {
        return Err(AccountError::Decided.into());
    }
    if found.unit != work.unit() {
        return Err(PayError::NotFound);
    }
    if found.proposed.0 == work.officer() {
        work.refuse(REFUSED, about).await?;
        return Err(AccountError::SamePerson.into());
    }
    decide(work, &found, AccountStep::Confirmed).await
}

/// Ends an account, or withdraws one that nobody confirmed: no money goes to it any more.
///
/// # Errors
/// As [`confirm_account`].
pub async fn end_account(work: &mut Work, id: AccountId) -> Result<(), PayError> {
    allowed(
        work,
        Action::ReviewMonth,
        Subject::new("account", id.uuid()),
    )
    .await?;
    let found = account(work, id).await?.ok_or(PayError::NotFound)?;
    if found.ended.is_some() {
        return Err(AccountError::Decided.into());
    }
    if matches!(found.of, AccountOf::Home(_)) && found.unit != work.unit() {
        return Err(PayError::NotFound);
    }
    decide(work, &found, AccountStep::Ended).await
}

async fn decide(work: &mut Work, found: &Account, step: AccountStep) -> Result<(), PayError> {
    let payee = Payee::find(work, found.of).await?;
    let decided = AccountDecided {
        account: found,
        subject: payee.subject(),
        step,
    };
    Ok(work.apply(&decided).await?)
}

/// A payee's accounts, the latest first.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn accounts_of(work: &mut Work, of: AccountOf) -> Result<Vec<Account>, PayError> {
    allowed(work, Action::ReviewMonth, subject(of)).await?;
    Payee::find(work, of).await?;
    Ok(accounts(work, of).await?)
}

/// The accounts that wait for a second person, the longest waiting first.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn waiting_accounts(work: &mut Work) -> Result<Vec<Account>, PayError> {
    let about = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ReviewMonth, about).await?;
    Ok(proposed_accounts(work).await?)
}

/// How many accounts of the unit wait for this officer, who did not propose them, and since when the longest does.
///
/// # Errors
/// [`PayError::NotFound`].
pub async fn due_accounts(work: &mut Work) -> Result<(i64, Option<Timestamp>), PayError> {
    let about = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ApproveMonth, about).await?;
    Ok(accounts_due(work).await?)
}

const fn subject(of: AccountOf) -> Subject {
    match of {
        AccountOf::Child(child) => Subject::new("child", child.uuid()),
        AccountOf::Home(home) => Subject::new("unit", home.uuid()),
    }
}

/// Whoever the money is for.
enum Payee {
    Child(Box<ChildFile>),
    Home(UnitId, String),
}

impl Payee {
    async fn find(work: &mut Work, of: AccountOf) -> Result<Self, PayError> {
        match of {
            AccountOf::Child(child) => Ok(Self::Child(Box::new(file(work, child).await?))),
            AccountOf::Home(home) => {
                let name = home_name(work, home).await?;
                Ok(Self::Home(home, name.ok_or(PayError::NotFound)?))
            }
        }
    }

    fn subject(&self) -> AccountSubject<'_> {
        match self {
            Self::Child(file) => AccountSubject::Child(file),
            Self::Home(home, _) => AccountSubject::Home(*home),
        }
    }

    fn name_match(&self, holder: &str) -> NameMatch {
        match self {
            Self::Child(file) => {
                let guardian = file.facts.guardian_name.as_deref();
                NameMatch::of_child(holder, guardian, &file.facts.name)
            }
            Self::Home(_, name) => NameMatch::of_home(holder, name),
        }
    }

    /// In whose name the account should be: the guardian's, or the child's without one.
    fn holder(&self) -> String {
        match self {
            Self::Child(file) => {
                let guardian = file.facts.guardian_name.clone();
                guardian.unwrap_or_else(|| file.facts.name.clone())
            }
            Self::Home(_, name) => name.clone(),
        }
    }

    /// Bank and number as the child's file has them.
    fn on_file(&self) -> Option<(String, Hidden)> {
        match self {
            Self::Child(file) => file
                .facts
                .bank_name
                .clone()
                .zip(file.facts.bank_account.clone()),
            Self::Home(..) => None,
        }
    }
}

/// A child's file within reach.
pub(super) async fn file(work: &mut Work, child: ChildId) -> Result<ChildFile, PayError> {
    let found = files(work, &[child]).await?.pop();
    found.ok_or(PayError::NotFound)
}
