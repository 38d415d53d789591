//! `/api/exchange/card` and `/api/exchange/peers`: who this installation is, and with whom it exchanges packages.

use app::exchange::{Proposal, card, confirm, fingerprint, list, propose, revoke};
use domain::exchange::Card;
use jiff::Timestamp;
use kernel::division::{Division, Level};
use kernel::ids::PeerId;
use kernel::reach::Reach;
use kernel::roles::Action;
use serde::{Deserialize, Serialize};
use store::error::StoreError;
use store::exchange::PeerListed;
use store::organisation::place_names;
use store::work::Work;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::problem;
use crate::operation::{Answer, At, Caller, Created, Done, Once, Operation, Sent};
use crate::problem::{Kind, Problem};

const NONE: Timestamp = Timestamp::UNIX_EPOCH;
/// The most divisions of a reach that are named.
const MOST_PLACES: usize = 30;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get("exchange.card", "/api/exchange/card")
            .needs(Action::ViewOrganisation)
            .summary("Show this installation's card, to be handed over, and the fingerprint to be read out")
            .handled_by(show),
        Operation::get("exchange.peers", "/api/exchange/peers")
            .needs(Action::ViewOrganisation)
            .summary("List the installations that packages are exchanged with, and those proposed or revoked")
            .handled_by(all),
        Operation::post("exchange.propose_peer", "/api/exchange/peers")
            .needs(Action::ProposePeer)
            .summary("Propose another installation by its card, with the divisions it may speak for")
            .answers_problems(&[Kind::Conflict, Kind::Invalid])
            .handled_by(enter),
        Operation::post(
            "exchange.confirm_peer",
            "/api/exchange/peers/{peer}/confirmation",
        )
        .needs(Action::ConfirmPeer)
        .summary("Confirm an installation that somebody else proposed, by the fingerprint the other side read out")
        .answers_problems(&[Kind::Conflict])
        .handled_by(second),
        Operation::post(
            "exchange.revoke_peer",
            "/api/exchange/peers/{peer}/revocation",
        )
        .needs(Action::ProposePeer)
        .summary("Revoke an installation: nothing goes there and nothing is taken from there any more")
        .answers_problems(&[Kind::Conflict])
        .handled_by(end),
    ]
}

/// This installation's card.
#[derive(Serialize, ToSchema)]
struct CardView {
    /// What is handed over, as the text of a file.
    card: String,
    /// What two people read to each other.
    fingerprint: String,
    name: String,
    /// The divisions served, as half-open ranges of codes.
    serves: String,
    /// The same by name, at most 30.
    places: Vec<String>,
}

async fn show(caller: Caller) -> Result<Answer<CardView>, Problem> {
    let mut work = caller.work().await?;
    let (card, fingerprint) = card(&mut work).await.map_err(|e| problem(NONE, e))?;
    let reach = card.reach().map_err(|error| problem(NONE, error.into()))?;
    let places = places(&mut work, &reach).await?;
    work.commit().await?;
    Ok(Answer(CardView {
        card: card.text(),
        fingerprint,
        name: card.name,
        serves: card.serves,
        places,
    }))
}

/// The divisions that make up a reach, by name from the province down.
async fn places(work: &mut Work, reach: &Reach) -> Result<Vec<String>, StoreError> {
    let divisions: Vec<Division> = reach.divisions().take(MOST_PLACES).collect();
    let lines: Vec<Vec<Division>> = divisions.iter().map(line).collect();
    let names = place_names(work, &lines.concat()).await?;
    let said = |line: &Vec<Division>| {
        let parts: Vec<String> = line.iter().map(|place| names.of(*place)).collect();
        parts.join(" ")
    };
    Ok(lines.iter().map(said).collect())
}

/// A division and what it lies in, from the province down; a village's town is named with it.
fn line(division: &Division) -> Vec<Division> {
    let above = |place: &Division| place.parent().filter(|above| *above != Division::COUNTRY);
    let line = std::iter::successors(Some(*division), above);
    let said = line.filter(|place| place == division || place.level() != Level::Town);
    let mut said: Vec<Division> = said.collect();
    said.reverse();
    said
}

/// Another installation.
#[derive(Serialize, ToSchema)]
struct PeerView {
    id: Uuid,
    name: String,
    /// Where it listens; none where packages go as files alone.
    address: Option<String>,
    fingerprint: String,
    /// The divisions it may speak for, as half-open ranges of codes.
    serves: String,
    /// The same by name, at most 30.
    places: Vec<String>,
    /// `proposed confirmed revoked`.
    state: &'static str,
    proposed_by: Uuid,
    /// Their name, where they are within reach.
    proposer: Option<String>,
    proposed_at: Timestamp,
}

impl PeerView {
    fn of(listed: PeerListed, places: Vec<String>) -> Self {
        let peer = listed.peer;
        Self {
            places,
            proposer: listed.proposer,
            proposed_at: listed.proposed_at,
            id: peer.id.uuid(),
            fingerprint: fingerprint(&peer),
            serves: peer.serves.to_string(),
            state: match (peer.revoked, peer.confirmed_by) {
                (true, _) => "revoked",
                (false, Some(_)) => "confirmed",
                (false, None) => "proposed",
            },
            name: peer.name,
            address: peer.address,
            proposed_by: peer.proposed_by.uuid(),
        }
    }
}

/// All of them.
#[derive(Serialize, ToSchema)]
struct PeersView {
    items: Vec<PeerView>,
}

async fn all(caller: Caller) -> Result<Answer<PeersView>, Problem> {
    let mut work = caller.work().await?;
    let found = list(&mut work).await.map_err(|e| problem(NONE, e))?;
    let mut items = Vec::with_capacity(found.len());
    for listed in found {
        let places = places(&mut work, &listed.peer.serves).await?;
        items.push(PeerView::of(listed, places));
    }
    Ok(Answer(PeersView { items }))
}

/// An installation to be proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PeerEntry {
    /// Its card, as the text that was handed over.
    #[schema(max_length = 10000)]
    card: String,
    /// The divisions it may speak for, if fewer than its card says, as half-open ranges of codes.
    #[schema(max_length = 10000)]
    serves: Option<String>,
    /// Where it listens: `https://…`; without one packages are carried as files.
    #[schema(max_length = 200)]
    address: Option<String>,
}

async fn enter(
    caller: Caller,
    once: Once,
    Sent(sent): Sent<PeerEntry>,
) -> Result<Created, Problem> {
    let card = Card::read(&sent.card).map_err(|error| problem(NONE, error.into()))?;
    let serves = sent.serves.map(|text| text.parse()).transpose();
    let serves = serves.map_err(|_| Problem::from(Kind::Invalid).with("field", "serves"))?;
    let proposal = Proposal {
        card,
        serves,
        address: sent.address,
    };
    let work = caller.work().await?;
    once.create(work, async |work| {
        let peer = propose(work, &proposal).await;
        let id = peer.map_err(|error| problem(NONE, error))?.uuid();
        Ok(Created { id, version: 1 })
    })
    .await
}

/// The second person's word.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    /// The fingerprint, as the other side read it out.
    #[schema(max_length = 100)]
    fingerprint: String,
}

async fn second(
    caller: Caller,
    At(id): At<PeerId>,
    Sent(sent): Sent<Confirmation>,
) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let done = confirm(&mut work, id, &sent.fingerprint).await;
    done.map_err(|error| problem(NONE, error))?;
    work.commit().await?;
    Ok(Done)
}

async fn end(caller: Caller, At(id): At<PeerId>) -> Result<Done, Problem> {
    let mut work = caller.work().await?;
    let done = revoke(&mut work, id).await;
    done.map_err(|error| problem(NONE, error))?;
    work.commit().await?;
    Ok(Done)
}
