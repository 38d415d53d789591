//! `/api/allowances/accounts`: where the money of a payee goes.

use app::allowances::AccountEntry;
use domain::registry::Hidden;
use kernel::ids::{AccountId, ChildId, UnitId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::allowances::{Account, AccountOf};
use store::work::Work;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::pay_problem::pay_problem;
use crate::operation::{Answer, Asked, At, Caller, Created, Done, Once, Operation, Page, Sent};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("allowances.accounts_waiting", "/api/allowances/accounts")
            .needs(Action::ReviewMonth)
            .summary("List the accounts that wait for a second person, or those of a home")
            .handled_by(waiting),
        Operation::get("allowances.accounts_due", "/api/allowances/accounts/due")
            .needs(Action::ApproveMonth)
            .summary("Count the accounts that wait for the caller, who did not propose them")
            .handled_by(due),
        Operation::post("allowances.propose_account", "/api/allowances/accounts")
            .needs(Action::PrepareMonth)
            .summary(
                "Propose an account for a child's guardian or a home; somebody else confirms it",
            )
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(propose),
        Operation::post(
            "allowances.confirm_account",
            "/api/allowances/accounts/{id}/confirmation",
        )
        .needs(Action::ApproveMonth)
        .summary("Confirm an account that somebody else proposed: the money goes there from now on")
        .answers_problems(&[Kind::Conflict, Kind::Reauthenticate])
        .handled_by(confirm),
        Operation::post(
            "allowances.end_account",
            "/api/allowances/accounts/{id}/end",
        )
        .needs(Action::ReviewMonth)
        .summary("End an account, or withdraw one that nobody confirmed")
        .answers_problems(&[Kind::Conflict])
        .handled_by(end),
        Operation::get(
            "allowances.accounts",
            "/api/allowances/children/{id}/accounts",
        )
        .needs(Action::ReviewMonth)
        .summary("List a child's accounts, the latest first")
        .handled_by(of_child),
    ]
}

/// An account to be proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountProposal {
    /// The child, or
    child: Option<Uuid>,
    /// the home whose account it is.
    home: Option<Uuid>,
    /// In whose name it is; left out, in the guardian's, or the home's.
    holder: Option<String>,
    /// Bank and number; left out, those on the child's file are taken over.
    bank: Option<String>,
    number: Option<String>,
    /// Why it is in another's name than guardian and child, or the home.
    reason: Option<String>,
}

/// An account as it is listed: of its number the last four digits.
#[derive(Serialize, ToSchema)]
struct PayAccountView {
    id: Uuid,
    child: Option<Uuid>,
    home: Option<Uuid>,
    /// The child's or the home's name.
    name: String,
    holder: String,
    bank: String,
    number_end: String,
    /// `guardian child home other`.
    name_match: &'static str,
    reason: Option<String>,
    proposed_at: jiff::Timestamp,
    /// Officers' names; none where they are beyond reach.
    proposed_by: Option<String>,
    confirmed_at: Option<jiff::Timestamp>,
    confirmed_by: Option<String>,
    ended_at: Option<jiff::Timestamp>,
    ended_by: Option<String>,
    in_force: bool,
    /// Whether this caller proposed it, who therefore does not confirm it.
    own: bool,
    /// What this caller may do with it now: `confirm end`.
    acts: Vec<&'static str>,
}

impl PayAccountView {
    fn of(account: Account, work: &Work) -> Self {
        let acts = app::allowances::account_acts(work, &account);
        let (child, home) = match account.of {
            AccountOf::Child(child) => (Some(child.uuid()), None),
            AccountOf::Home(home) => (None, Some(home.uuid())),
        };
        let in_force = account.is_in_force();
        let stated = account.stated;
        let number = stated.number.reveal();
        let end = number.len().saturating_sub(4);
        Self {
            id: account.id.uuid(),
            child,
            home,
            number_end: number.get(end..).unwrap_or_default().to_owned(),
            holder: stated.holder,
            bank: stated.bank,
            name_match: account.name_match.code(),
            reason: stated.reason.map(|reason| reason.reveal().to_owned()),
            name: account.names.payee,
            proposed_at: account.proposed.1,
            proposed_by: account.names.proposed,
            confirmed_at: account.confirmed.map(|(_, at)| at),
            confirmed_by: account.names.confirmed,
            ended_at: account.ended.map(|(_, at)| at),
            ended_by: account.names.ended,
            in_force,
            own: account.proposed.0 == work.officer(),
            acts: acts
                .into_iter()
                .map(app::allowances::AccountAct::code)
                .collect(),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WantedAccounts {
    /// All accounts of this home [default: those of all payees that wait].
    home: Option<Uuid>,
}

async fn waiting(
    caller: Caller,
    Asked(wanted): Asked<WantedAccounts>,
) -> Result<Answer<Page<PayAccountView>>, Problem> {
    if let Some(home) = wanted.home {
        return of(caller, AccountOf::Home(UnitId::from_uuid(home))).await;
    }
    let mut work = caller.work().await?;
    let found = app::allowances::waiting_accounts(&mut work).await;
    let found = found.map_err(pay_problem)?;
    let views: Vec<_> = found
        .into_iter()
        .map(|account| PayAccountView::of(account, &work))
        .collect();
    work.commit().await?;
    Ok(Answer(Page::whole(views)))
}

/// Accounts that wait for the caller.
#[derive(Serialize, ToSchema)]
struct AccountsDue {
    /// How many.
    count: i64,
    /// Since when the longest waits.
    since: Option<jiff::Timestamp>,
}

async fn due(caller: Caller) -> Result<Answer<AccountsDue>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::due_accounts(&mut work).await;
    let (count, since) = found.map_err(pay_problem)?;
    work.commit().await?;
    Ok(Answer(AccountsDue { count, since }))
}

async fn propose(
    caller: Caller,
    once: Once,
    Sent(sent): Sent<AccountProposal>,
) -> Result<Created, Problem> {
    let invalid = |field: &'static str| Problem::from(Kind::Invalid).with("field", field);
    let of = match (sent.child, sent.home) {
        (Some(child), None) => AccountOf::Child(ChildId::from_uuid(child)),
        (None, Some(home)) => AccountOf::Home(UnitId::from_uuid(home)),
        _ => return Err(invalid("child")),
    };
    let at = match (sent.bank, sent.number) {
        (Some(bank), Some(number)) => Some((bank, Hidden::new(number))),
        (None, None) => None,
        _ => return Err(invalid("number")),
    };
    let entry = AccountEntry {
        holder: sent.holder,
        at,
        reason: sent.reason.map(Hidden::new),
    };
    let work = caller.work().await?;
    once.create(work, async |work| {
        let id = app::allowances::propose_account(work, of, &entry).await;
        let id = id.map_err(pay_problem)?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

async fn confirm(caller: Caller, At(id): At<AccountId>) -> Result<Done, Problem> {
    let mut work = caller.proved(caller.work().await?).await?;
    let confirmed = app::allowances::confirm_account(&mut work, id).await;
    confirmed.map_err(pay_problem)?;
    work.commit().await?;
    Ok(Done)
}

async fn end(caller: Caller, At(id): At<AccountId>) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let ended = app::allowances::end_account(&mut work, id).await;
    ended.map_err(pay_problem)?;
    work.commit().await?;
    Ok(Done)
}

async fn of_child(
    caller: Caller,
    At(id): At<ChildId>,
) -> Result<Answer<Page<PayAccountView>>, Problem> {
    of(caller, AccountOf::Child(id)).await
}

async fn of(caller: Caller, of: AccountOf) -> Result<Answer<Page<PayAccountView>>, Problem> {
    let mut work = caller.work().await?;
    let found = app::allowances::accounts_of(&mut work, of).await;
    let found = found.map_err(pay_problem)?;
    let views: Vec<_> = found
        .into_iter()
        .map(|account| PayAccountView::of(account, &work))
        .collect();
    work.commit().await?;
    Ok(Answer(Page::whole(views)))
}
