//! `GET /api/applications` and `GET …/tally`: what waits for an officer, the nearest due first.

use app::applications::InboxBox;
use jiff::civil::Date;
use kernel::ids::{ApplicationId, ChildId};
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::applications::ListedUpTo;
use store::organisation::place_names;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::problem;
use super::view::ApplicationRow;
use crate::operation::{Answer, Asked, Caller, Cursor, Operation, Page, PageSize};
use crate::problem::{Kind, Problem};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("applications.list", "/api/applications")
            .needs(Action::ViewApplications)
            .summary("List applications within reach, the nearest due first")
            .answers_problems(&[Kind::Invalid, Kind::Stale])
            .handled_by(list),
        Operation::get("applications.tally", "/api/applications/tally")
            .needs(Action::ViewApplications)
            .summary("Count what waits for this post, and what of it is late or nearly so")
            .handled_by(tally),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct WantedApplications {
    /// `mine` (what this post has to do), `escalated` (late at a unit below), `ours` (through this unit),
    /// `provisional` (due by weekdays alone, beyond the last published calendar), `unentered` (decided by this unit and not
    /// entered in the national system) or `all` [default: mine].
    r#box: Option<String>,
    /// All of this child within reach, closed ones included; stands in the place of `box`.
    child: Option<Uuid>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200 [default: 50].
    limit: Option<u16>,
}

fn which(wanted: &WantedApplications) -> Result<InboxBox, Problem> {
    match (wanted.child, wanted.r#box.as_deref()) {
        (Some(child), None) => Ok(InboxBox::Of(ChildId::from_uuid(child))),
        (None, None | Some("mine")) => Ok(InboxBox::Mine),
        (None, Some("escalated")) => Ok(InboxBox::Escalated),
        (None, Some("ours")) => Ok(InboxBox::Ours),
        (None, Some("provisional")) => Ok(InboxBox::Provisional),
        (None, Some("unentered")) => Ok(InboxBox::Unentered),
        (None, Some("all")) => Ok(InboxBox::All),
        (_, Some(_)) => Err(Problem::from(Kind::Invalid).with("field", "box")),
    }
}

async fn list(
    caller: Caller,
    Asked(wanted): Asked<WantedApplications>,
) -> Result<Answer<Page<ApplicationRow>>, Problem> {
    let size = PageSize::of(wanted.limit)?;
    let which = which(&wanted)?;
    let after = wanted.cursor.as_deref();
    let after = after.map(Cursor::read::<(Option<Date>, ApplicationId)>);
    let after = after.transpose()?;
    let after = after.map_or(ListedUpTo::start(), |(due, id)| ListedUpTo { due, id });
    let mut work = caller.work().await?;
    let asked = u16::try_from(size).unwrap_or(u16::MAX);
    let found = app::applications::inbox(&mut work, which, after, asked).await;
    let found = found.map_err(problem)?;
    let places: Vec<_> = found.iter().map(|one| one.application.household).collect();
    let names = place_names(&mut work, &places).await?;
    work.commit().await?;
    let next = match found.last() {
        Some(last) if found.len() == size => {
            let up_to = ListedUpTo::after(&last.application);
            Some(Cursor::write(&(up_to.due, up_to.id)))
        }
        _ => None,
    };
    let items = found
        .into_iter()
        .map(|one| ApplicationRow::of(one, &names))
        .collect();
    Ok(Answer(Page { items, next }))
}

/// How many applications wait for this post.
#[derive(Serialize, ToSchema)]
struct WaitingTally {
    all: i64,
    /// Those whose due day has passed.
    late: i64,
    /// Those due within two working days.
    soon: i64,
}

async fn tally(caller: Caller) -> Result<Answer<WaitingTally>, Problem> {
    let mut work = caller.work().await?;
    let found = app::applications::tally(&mut work).await.map_err(problem)?;
    work.commit().await?;
    Ok(Answer(WaitingTally {
        all: found.all,
        late: found.late,
        soon: found.soon,
    }))
}
