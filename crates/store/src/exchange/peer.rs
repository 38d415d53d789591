//! Peers: other installations, pinned by two persons.

use domain::exchange::Peer;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use kernel::division::Division;
use kernel::ids::{OfficerId, PeerId};
use kernel::journal::{Entry, Subject};
use serde_json::json;
use uuid::Uuid;

use crate::error::StoreError;
use crate::work::{Change, Pen, Work};

/// A row of peers.
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) address: Option<String>,
    pub(super) sign: Vec<u8>,
    pub(super) open: Vec<u8>,
    pub(super) serves: String,
    pub(super) proposed_by: Uuid,
    pub(super) confirmed_by: Option<Uuid>,
    pub(super) revoked: bool,
}

impl Row {
    pub(super) fn peer(self) -> Result<Peer, StoreError> {
        let corrupt = |column| StoreError::Corrupt {
            table: "exchange_peer",
            column,
        };
        Ok(Peer {
            id: PeerId::from_uuid(self.id),
            name: self.name,
            address: self.address,
            sign: self.sign.try_into().map_err(|_| corrupt("sign"))?,
            open: self.open.try_into().map_err(|_| corrupt("open"))?,
            serves: self.serves.parse().map_err(|_| corrupt("serves"))?,
            proposed_by: OfficerId::from_uuid(self.proposed_by),
            confirmed_by: self.confirmed_by.map(OfficerId::from_uuid),
            revoked: self.revoked,
        })
    }
}

/// A peer in the list.
#[derive(Debug, Clone)]
pub struct PeerListed {
    /// The peer.
    pub peer: Peer,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// By whom, where they are within reach.
    pub proposer: Option<String>,
}

/// All peers, those that were revoked last.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn peers(work: &mut Work) -> Result<Vec<PeerListed>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, name, address, sign::bytea AS "sign!", open::bytea AS "open!", serves::text AS "serves!", proposed_by, confirmed_by,
                  revoked_at IS NOT NULL AS "revoked!", proposed_at AS "proposed_at: jiff_sqlx::Timestamp",
                  (SELECT o.name FROM organisation_officer o WHERE o.id = proposed_by) AS proposer
           FROM exchange_peer ORDER BY revoked_at IS NOT NULL, name, id"#
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let (proposed_at, proposer) = (row.proposed_at.to_jiff(), row.proposer);
            let row = Row {
                id: row.id,
                name: row.name,
                address: row.address,
                sign: row.sign,
                open: row.open,
                serves: row.serves,
                proposed_by: row.proposed_by,
                confirmed_by: row.confirmed_by,
                revoked: row.revoked,
            };
            let peer = row.peer()?;
            Ok(PeerListed {
                peer,
                proposed_at,
                proposer,
            })
        })
        .collect()
}

/// The pinned peer that speaks for a household, if there is one.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn peer_of(work: &mut Work, household: Division) -> Result<Option<Peer>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT id, name, address, sign::bytea AS "sign!", open::bytea AS "open!", serves::text AS "serves!", proposed_by, confirmed_by,
                  revoked_at IS NOT NULL AS "revoked!"
           FROM exchange_peer WHERE serves @> $1::int8 AND confirmed_at IS NOT NULL AND revoked_at IS NULL"#,
        household.code()
    )
    .fetch_optional(work.conn())
    .await?;
    row.map(Row::peer).transpose()
}

/// Enters a peer as the officer's proposal; answers the database's code: `done`, `known`, `overlap`, `not_allowed`.
///
/// # Errors
/// When the database does not answer.
pub async fn propose_peer(work: &mut Work, peer: &Peer) -> Result<String, StoreError> {
    let at = work.now();
    let said = sqlx::query_scalar!(
        r#"SELECT auth.exchange_propose($1, $2, $3, $4, $5, $6::text::int8multirange, $7) AS "said!""#,
        peer.id.uuid(),
        peer.name,
        peer.address,
        &peer.sign[..],
        &peer.open[..],
        peer.serves.to_string(),
        at.to_sqlx() as _,
    )
    .fetch_one(work.conn())
    .await?;
    Ok(said)
}

/// Confirms a peer that somebody else proposed; false where that is not the officer's to do.
///
/// # Errors
/// When the database does not answer.
pub async fn confirm_peer(work: &mut Work, peer: PeerId) -> Result<bool, StoreError> {
    let at = work.now();
    let done = sqlx::query_scalar!(
        r#"SELECT auth.exchange_confirm($1, $2) AS "done!""#,
        peer.uuid(),
        at.to_sqlx() as _
    )
    .fetch_one(work.conn())
    .await?;
    Ok(done)
}

/// Revokes a peer; false where it is revoked already.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_peer(work: &mut Work, peer: PeerId) -> Result<bool, StoreError> {
    let at = work.now();
    let done = sqlx::query_scalar!(
        r#"SELECT auth.exchange_revoke($1, $2) AS "done!""#,
        peer.uuid(),
        at.to_sqlx() as _
    )
    .fetch_one(work.conn())
    .await?;
    Ok(done)
}

/// What was done with a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerDeed {
    /// Proposed.
    Proposed,
    /// Confirmed.
    Confirmed,
    /// Revoked.
    Revoked,
}

/// That something was done with a peer, for the journal.
#[derive(Debug)]
pub struct PeerChanged<'a> {
    /// The peer.
    pub peer: &'a Peer,
    /// What.
    pub deed: PeerDeed,
    /// The fingerprint of its keys.
    pub fingerprint: &'a str,
}

impl Change for PeerChanged<'_> {
    async fn write(&self, _: &mut Pen<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn entries(&self) -> Vec<Entry> {
        let action = match self.deed {
            PeerDeed::Proposed => "exchange.peer_proposed",
            PeerDeed::Confirmed => "exchange.peer_confirmed",
            PeerDeed::Revoked => "exchange.peer_revoked",
        };
        let subject = Subject::new("exchange_peer", self.peer.id.uuid());
        let after = json!({
            "name": self.peer.name, "fingerprint": self.fingerprint, "serves": self.peer.serves.to_string(), "address": self.peer.address,
        });
        vec![Entry::new(action, subject).after(after)]
    }
}
