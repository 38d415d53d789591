//! `/api/exchange/packages`: packages on their way, and those that are carried as files.

use app::exchange::{carry_out, may_carry_in, packages, receive, renew};
use jiff::Timestamp;
use kernel::ids::PackageId;
use kernel::roles::Action;
use serde::Serialize;
use store::exchange::Outgoing;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{Answer, At, Caller, Download, Operation, SentFile};
use crate::problem::{Kind, Problem};

const NONE: Timestamp = Timestamp::UNIX_EPOCH;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("exchange.packages", "/api/exchange/packages")
            .needs(Action::CarryPackages)
            .summary("List the packages about applications within reach, those that wait for their receipts first")
            .handled_by(list),
        Operation::get("exchange.carry_out", "/api/exchange/packages/{package}")
            .needs(Action::CarryPackages)
            .summary("Take out a package that waits, to be carried as a file; taken out again, it is the same")
            .answers_problems(&[Kind::Conflict])
            .handled_by(take_out),
        Operation::post("exchange.renew", "/api/exchange/packages/{package}/renewal")
            .needs(Action::CarryPackages)
            .summary("Write a package anew that ran out before its receipt came; the one that ran out is gone")
            .answers_problems(&[Kind::Conflict])
            .handled_by(write_anew),
        Operation::post("exchange.carry_in", "/api/exchange/packages")
            .needs(Action::CarryPackages)
            .summary("Bring in a package that was carried as a file; answers the receipt to be carried back, empty for a receipt")
            .body_limit(envelope::LARGEST)
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(bring_in),
    ]
}

/// A package on its way out.
#[derive(Serialize, ToSchema)]
struct PackageView {
    id: Uuid,
    application: Uuid,
    /// The application's number here.
    number: String,
    /// The other installation.
    peer: String,
    /// `application` or `status`.
    kind: String,
    made_at: Timestamp,
    /// From when it is not taken any more.
    expires_at: Timestamp,
    /// Whether that is now, and no receipt came: it waits to be written anew.
    ran_out: bool,
    /// How often it was sent over the network.
    tries: i32,
    /// The code with which it was last not taken.
    trouble: Option<String>,
    /// When its receipt came.
    received_at: Option<Timestamp>,
    /// What the receipt says: `applied older unfitting`.
    taken: Option<String>,
}

impl PackageView {
    fn of(package: Outgoing, now: Timestamp) -> Self {
        Self {
            id: package.id.uuid(),
            application: package.application.uuid(),
            number: package.number,
            peer: package.peer_name,
            kind: package.kind,
            made_at: package.made_at,
            expires_at: package.expires_at,
            ran_out: package.received_at.is_none() && package.expires_at <= now,
            tries: package.tries,
            trouble: package.trouble,
            received_at: package.received_at,
            taken: package.taken,
        }
    }
}

/// Packages, at most 200.
#[derive(Serialize, ToSchema)]
struct PackagesView {
    items: Vec<PackageView>,
}

async fn list(caller: Caller) -> Result<Answer<PackagesView>, Problem> {
    let mut work = caller.work().await?;
    let found = packages(&mut work).await;
    let found = found.map_err(|error| problem(NONE, error))?;
    let now = work.now();
    let items = found
        .into_iter()
        .map(|package| PackageView::of(package, now));
    Ok(Answer(PackagesView {
        items: items.collect(),
    }))
}

async fn take_out(caller: Caller, At(id): At<PackageId>) -> Result<Download, Problem> {
    let mut work = caller.work().await?;
    let found = carry_out(&mut work, id).await;
    let bytes = found.map_err(|error| problem(NONE, error))?;
    work.commit().await?;
    Ok(file(format!("hutong-{id}.package"), bytes))
}

/// The package that stands in its place.
#[derive(Serialize, ToSchema)]
struct RenewedView {
    id: Uuid,
}

async fn write_anew(caller: Caller, At(id): At<PackageId>) -> Result<Answer<RenewedView>, Problem> {
    let mut work = caller.work().await?;
    let renewed = renew(&mut work, id).await;
    let id = renewed.map_err(|error| problem(NONE, error))?.uuid();
    work.commit().await?;
    Ok(Answer(RenewedView { id }))
}

async fn bring_in(caller: Caller, SentFile(package): SentFile) -> Result<Download, Problem> {
    let work = caller.work().await?;
    let may = may_carry_in(&work).await;
    may.map_err(|error| problem(NONE, error))?;
    drop(work);
    let receipt = receive(caller.store(), &package).await;
    let now = caller.store().clock().now();
    let receipt = receipt.map_err(|error| problem(now, error))?;
    Ok(file("hutong-receipt.package".into(), receipt))
}

fn file(name: String, bytes: Vec<u8>) -> Download {
    Download {
        media_type: "application/octet-stream".into(),
        name,
        bytes,
    }
}
