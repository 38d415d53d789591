//! `GET /api/organisation/officers` and `…/tally`

use std::collections::HashMap;

use kernel::ids::{OfficerId, UnitId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::accounts::{
    AccountRow, AccountState, OfficerFilter, OfficerRow, accounts, officers, tally_officers,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page;
use crate::operation::{Answer, Asked, Caller, Operation, Page};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> [Operation; 2] {
    [
        Operation::get("organisation.officers", "/api/organisation/officers")
            .needs(Action::ViewOrganisation)
            .summary("List the officers within reach, with their accounts for whoever appoints")
            .handled_by(handle),
        Operation::get(
            "organisation.officers_tally",
            "/api/organisation/officers/tally",
        )
        .needs(Action::ManageAccounts)
        .summary("Count the officers within reach and their accounts")
        .handled_by(tally),
    ]
}

/// Which officers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfficersAsked {
    unit: Option<Uuid>,
    /// Those whose name, unit or login holds this text.
    text: Option<String>,
    /// Those whose account is in this state: `none`, `active` or `locked`.
    account: Option<String>,
    cursor: Option<String>,
    limit: Option<u16>,
}

/// An officer.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfficerView {
    id: Uuid,
    name: String,
    unit: Uuid,
    account: Option<AccountView>,
}

/// An account, without its secrets.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountView {
    login: String,
    locked: bool,
    second_factor: bool,
}

async fn handle(
    caller: Caller,
    Asked(asked): Asked<OfficersAsked>,
) -> Result<Answer<Page<OfficerView>>, Problem> {
    let mut work = caller.work().await?;
    let after = page::after(asked.cursor.as_deref())?.map(OfficerId::from_uuid);
    let filter = OfficerFilter {
        unit: asked.unit.map(UnitId::from_uuid),
        text: asked.text.filter(|text| !text.contains('\0')),
        account: asked.account.as_deref().map(state).transpose()?,
    };
    let found = officers(&mut work, &filter, after).await?;
    let found = page::of(found, asked.limit, |row| row.id.uuid(), |row| row)?;
    let ids: Vec<OfficerId> = found.items.iter().map(|row| row.id).collect();
    let rows = accounts(&mut work, &ids).await?;
    let mut known: HashMap<OfficerId, AccountRow> =
        rows.into_iter().map(|row| (row.officer, row)).collect();
    let items = found.items.into_iter();
    Ok(Answer(Page {
        items: items.map(|row| view(row, &mut known)).collect(),
        next: found.next,
    }))
}

/// How many officers and accounts there are.
#[derive(Serialize, ToSchema)]
pub(crate) struct OfficersTally {
    officers: i64,
    /// With an account in use.
    active: i64,
    /// With an account that is locked.
    locked: i64,
}

async fn tally(caller: Caller) -> Result<Answer<OfficersTally>, Problem> {
    let mut work = caller.work().await?;
    let found = tally_officers(&mut work).await?;
    work.commit().await?;
    Ok(Answer(OfficersTally {
        officers: found.officers,
        active: found.active,
        locked: found.locked,
    }))
}

fn state(code: &str) -> Result<AccountState, Problem> {
    match code {
        "none" => Ok(AccountState::None),
        "active" => Ok(AccountState::Active),
        "locked" => Ok(AccountState::Locked),
        _ => Err(Kind::BadRequest.into()),
    }
}

fn view(row: OfficerRow, known: &mut HashMap<OfficerId, AccountRow>) -> OfficerView {
    OfficerView {
        id: row.id.uuid(),
        name: row.name,
        unit: row.unit.uuid(),
        account: known.remove(&row.id).map(|account| AccountView {
            login: account.login,
            locked: account.locked,
            second_factor: account.second_factor,
        }),
    }
}
