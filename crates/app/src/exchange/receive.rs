//! Receiving a package: over the network or from a file, by whomever it is brought.
//!
//! **Invariant.** It is taken wholly or not at all, and once: who brings it again is answered with the same receipt. What
//! is not taken is journalled under its code.

use domain::exchange::{Peer, PeerError, Receipt, Taken, VALID_DAYS, pack, unpack};
use envelope::{EnvelopeError, Head, Keys, Kind, Opened, Public};
use jiff::{SignedDuration, Timestamp};
use kernel::explain::Explain;
use kernel::ids::{ApplicationId, PackageId, PeerId};
use store::accounts::{Tried, address_key, forget, try_once};
use store::exchange::{Door, Received, own_keys, received};
use store::work::Store;

use super::error::ExchangeError;
use super::hear::hear;
use super::take::take;

/// Receives a package; answers the receipt to be brought back, which is empty where the package was itself a receipt.
///
/// # Errors
/// [`ExchangeError`]: the envelope is looked at first, then the peer, then what it says.
pub async fn receive(store: &Store, bytes: &[u8]) -> Result<Vec<u8>, ExchangeError> {
    let mut from = None;
    match opened(store, bytes, &mut from).await {
        Err(ExchangeError::Store(error)) => Err(error.into()),
        Err(error) => {
            store.not_taken(from, error.code()).await?;
            Err(error)
        }
        done => done,
    }
}

/// As [`receive`], for a package that came over the network. An address from which much came that was not taken waits.
///
/// # Errors
/// As [`receive`]; [`ExchangeError::Wait`].
pub async fn receive_at(
    store: &Store,
    address: &str,
    bytes: &[u8],
) -> Result<Vec<u8>, ExchangeError> {
    let key = address_key(store.sealer(), &format!("exchange {address}"));
    if let Tried::Not { until, .. } = try_once(store, &key, true).await? {
        return Err(ExchangeError::Wait(until));
    }
    let receipt = receive(store, bytes).await?;
    forget(store, &key).await?;
    Ok(receipt)
}

async fn opened(
    store: &Store,
    bytes: &[u8],
    from: &mut Option<PeerId>,
) -> Result<Vec<u8>, ExchangeError> {
    let head = envelope::read(bytes)?;
    let own = own_keys(store).await?;
    let mut door = store.door().await?;
    let peer = door.sender(&head.from).await?;
    *from = peer.as_ref().map(|peer| peer.id);
    let peer = peer.filter(Peer::is_pinned).ok_or(PeerError::Unpinned)?;
    let keys = Public {
        sign: peer.sign,
        open: peer.open,
    };
    match envelope::open(bytes, &own, &keys, store.clock().now()) {
        Ok(opened) if head.kind == Kind::Receipt => {
            drop(door);
            file_receipt(store, &peer, &opened).await
        }
        Ok(opened) => taken(door, &own, &peer, &opened).await,
        // What was taken in time stays taken: only its receipt was lost.
        Err(EnvelopeError::Expired) => {
            let known = door.receipt(peer.id, head.id).await?;
            known.ok_or(EnvelopeError::Expired.into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn taken(
    mut door: Door,
    own: &Keys,
    peer: &Peer,
    opened: &Opened,
) -> Result<Vec<u8>, ExchangeError> {
    let Head { kind, id, .. } = opened.head;
    if let Some(receipt) = door.receipt(peer.id, id).await? {
        return Ok(receipt);
    }
    let (application, taken) = match kind {
        Kind::Application => take(&mut door, peer, &opened.content).await?,
        Kind::Status | Kind::Receipt => hear(&mut door, peer, &opened.content).await?,
    };
    let receipt = receipt(&door, own, peer, id, taken)?;
    keep(
        &mut door,
        peer,
        &opened.head,
        (application, taken),
        &receipt,
    )
    .await?;
    door.commit().await?;
    Ok(receipt)
}

async fn keep(
    door: &mut Door,
    peer: &Peer,
    head: &Head,
    (application, taken): (ApplicationId, Taken),
    receipt: &[u8],
) -> Result<(), ExchangeError> {
    let kept = door.keep((peer.id, head.id), application, head.kind, taken, receipt);
    Ok(kept.await?)
}

fn receipt(
    door: &Door,
    own: &Keys,
    peer: &Peer,
    package: PackageId,
    taken: Taken,
) -> Result<Vec<u8>, ExchangeError> {
    let (store, now) = (door.store(), door.store().clock().now());
    let id = PackageId::generate(now, store.entropy());
    let until = now.saturating_add(SignedDuration::from_hours(24 * VALID_DAYS));
    let until = (now, until.unwrap_or(Timestamp::MAX));
    let to = Public {
        sign: peer.sign,
        open: peer.open,
    };
    let content = pack(&Receipt { package, taken }, &[]);
    let sealed = envelope::seal(
        Kind::Receipt,
        id,
        own,
        &to,
        until,
        &content,
        store.entropy(),
    );
    Ok(sealed?)
}

/// Files a receipt. One that nobody waits for any more was filed before.
async fn file_receipt(
    store: &Store,
    peer: &Peer,
    opened: &Opened,
) -> Result<Vec<u8>, ExchangeError> {
    let (receipt, _): (Receipt, _) = unpack(&opened.content)?;
    let filed = Received {
        sign: &peer.sign,
        package: receipt.package,
        taken: receipt.taken.code(),
    };
    received(store, &filed).await?;
    Ok(Vec::new())
}
