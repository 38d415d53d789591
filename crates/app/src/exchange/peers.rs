//! Pinning other installations: one person proposes, another confirms.

use domain::exchange::{Card, Peer, PeerError};
use envelope::Public;
use kernel::ids::PeerId;
use kernel::journal::Subject;
use kernel::reach::Reach;
use kernel::roles::{Action, can};
use store::exchange::{
    PeerChanged, PeerDeed, PeerListed, confirm_peer, own_keys_at_work, own_name, peers,
    propose_peer, revoke_peer, served,
};
use store::work::Work;

use super::error::ExchangeError;

/// The longest address.
const LONGEST_ADDRESS: usize = 200;

/// A peer to be proposed.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its card.
    pub card: Card,
    /// The divisions for which it may speak, if fewer than its card says.
    pub serves: Option<Reach>,
    /// Where it listens: `https://…`, or `http://…` within the offices' own network; none where packages go by file.
    pub address: Option<String>,
}

/// What may be done, or nothing is there.
async fn allowed(work: &Work, action: Action, subject: Subject) -> Result<(), ExchangeError> {
    if can(work.role(), action) {
        return Ok(());
    }
    work.refuse("exchange.refused_to_officer", subject).await?;
    Err(ExchangeError::NotFound)
}

const fn subject(peer: PeerId) -> Subject {
    Subject::new("exchange_peer", peer.uuid())
}

/// The fingerprint of a peer's keys.
#[must_use]
pub fn fingerprint(peer: &Peer) -> String {
    let keys = Public {
        sign: peer.sign,
        open: peer.open,
    };
    keys.fingerprint()
}

/// This installation's card, and the fingerprint to be read out.
///
/// # Errors
/// [`ExchangeError::NotFound`].
pub async fn card(work: &mut Work) -> Result<(Card, String), ExchangeError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ViewOrganisation, unit).await?;
    let keys = own_keys_at_work(work).await?.public();
    let card = Card {
        format: 1,
        name: own_name(work).await?,
        sign: keys.sign,
        open: keys.open,
        serves: served(work).await?.to_string(),
    };
    Ok((card, keys.fingerprint()))
}

/// All peers.
///
/// # Errors
/// [`ExchangeError::NotFound`].
pub async fn list(work: &mut Work) -> Result<Vec<PeerListed>, ExchangeError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ViewOrganisation, unit).await?;
    Ok(peers(work).await?)
}

/// Proposes a peer.
///
/// # Errors
/// [`PeerError::Known`], [`PeerError::Overlap`]; [`PeerError::Foreign`] for divisions beyond those of its card;
/// [`ExchangeError::Misfit`] for an address that is none.
pub async fn propose(work: &mut Work, proposal: &Proposal) -> Result<PeerId, ExchangeError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::ProposePeer, unit).await?;
    let card = &proposal.card;
    let keys = Public {
        sign: card.sign,
        open: card.open,
    };
    let own = own_keys_at_work(work).await?.public();
    if keys == own || keys.sign == own.sign {
        return Err(PeerError::Known.into());
    }
    if !keys.are_keys() {
        return Err(ExchangeError::Misfit("card"));
    }
    let whole = card.reach()?;
    let serves = proposal.serves.clone().unwrap_or_else(|| whole.clone());
    if serves.ranges().is_empty() || !whole.covers(&serves) {
        return Err(PeerError::Foreign.into());
    }
    let address = proposal.address.as_deref().map(str::trim);
    if address.is_some_and(|address| !is_address(address)) {
        return Err(ExchangeError::Misfit("address"));
    }
    let peer = Peer {
        id: PeerId::generate(work.now(), work.store().entropy()),
        name: card.name.clone(),
        address: address.map(|address| address.trim_end_matches('/').to_owned()),
        sign: card.sign,
        open: card.open,
        serves,
        proposed_by: work.officer(),
        confirmed_by: None,
        revoked: false,
    };
    match propose_peer(work, &peer).await?.as_str() {
        "done" => {}
        "known" => return Err(PeerError::Known.into()),
        "overlap" => return Err(PeerError::Overlap.into()),
        _ => return Err(ExchangeError::NotFound),
    }
    changed(work, &peer, PeerDeed::Proposed).await?;
    Ok(peer.id)
}

fn is_address(address: &str) -> bool {
    let host = ["https://", "http://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    let plain = |text: &str| text.chars().all(|letter| letter.is_ascii_graphic());
    address.len() <= LONGEST_ADDRESS
        && host
            .is_some_and(|host| !host.is_empty() && plain(host) && !host.contains(['@', '?', '#']))
}

/// Confirms a peer that somebody else proposed, with the fingerprint as the other side read it out.
///
/// # Errors
/// [`PeerError::SamePerson`], [`PeerError::Fingerprint`], [`PeerError::Settled`]; a refusal is journalled.
pub async fn confirm(work: &mut Work, id: PeerId, read_out: &str) -> Result<(), ExchangeError> {
    allowed(work, Action::ConfirmPeer, subject(id)).await?;
    let peer = known(work, id).await?;
    let known = fingerprint(&peer);
    if let Err(error) = peer.confirmable(work.officer(), &known, read_out) {
        work.refuse("exchange.peer_not_confirmed", subject(id))
            .await?;
        return Err(error.into());
    }
    if !confirm_peer(work, id).await? {
        return Err(PeerError::Settled.into());
    }
    changed(work, &peer, PeerDeed::Confirmed).await
}

/// Revokes a peer, or a proposal: nothing goes there and nothing is taken from there any more.
///
/// # Errors
/// [`PeerError::Settled`], [`ExchangeError::NoSuch`].
pub async fn revoke(work: &mut Work, id: PeerId) -> Result<(), ExchangeError> {
    allowed(work, Action::ProposePeer, subject(id)).await?;
    let peer = known(work, id).await?;
    if !revoke_peer(work, id).await? {
        return Err(PeerError::Settled.into());
    }
    changed(work, &peer, PeerDeed::Revoked).await
}

async fn known(work: &mut Work, id: PeerId) -> Result<Peer, ExchangeError> {
    let mut all = peers(work).await?.into_iter();
    let found = all.find(|listed| listed.peer.id == id);
    found.map(|listed| listed.peer).ok_or(ExchangeError::NoSuch)
}

async fn changed(work: &mut Work, peer: &Peer, deed: PeerDeed) -> Result<(), ExchangeError> {
    let change = PeerChanged {
        peer,
        deed,
        fingerprint: &fingerprint(peer),
    };
    Ok(work.apply(&change).await?)
}
