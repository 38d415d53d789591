//! Another installation, and the divisions for which it may speak.

use kernel::division::Division;
use kernel::explain::{Explain, Lang};
use kernel::ids::{OfficerId, PeerId};
use kernel::reach::Reach;

/// Another installation, as two persons pinned it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its id here.
    pub id: PeerId,
    /// Its name.
    pub name: String,
    /// Where it listens; none for one that is reached by files alone.
    pub address: Option<String>,
    /// Its signing key.
    pub sign: [u8; 32],
    /// Its sealing key.
    pub open: [u8; 32],
    /// The divisions for which it may speak.
    pub serves: Reach,
    /// Who proposed it.
    pub proposed_by: OfficerId,
    /// Who confirmed it; nobody yet, while it is proposed.
    pub confirmed_by: Option<OfficerId>,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// Why nothing is exchanged with an installation, or not this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// Nobody pinned these keys, a second person has yet to confirm them, or they were revoked: one answer for all.
    #[error("not a pinned peer")]
    Unpinned,
    /// It speaks for a division that was not pinned with it.
    #[error("may not speak for that division")]
    Foreign,
    /// Whoever proposed it does not confirm it.
    #[error("the same person proposed it")]
    SamePerson,
    /// What the second person read differs from the keys on file.
    #[error("another fingerprint")]
    Fingerprint,
    /// It is confirmed or revoked already.
    #[error("settled already")]
    Settled,
    /// A peer has these keys, or they are this installation's own.
    #[error("keys known already")]
    Known,
    /// Its divisions overlap with those of this installation or of another peer.
    #[error("divisions of somebody else")]
    Overlap,
}

impl Peer {
    /// Whether packages go there and come from there.
    #[must_use]
    pub const fn is_pinned(&self) -> bool {
        self.confirmed_by.is_some() && !self.revoked
    }

    /// Whether it may speak for this division.
    ///
    /// # Errors
    /// [`PeerError::Unpinned`], [`PeerError::Foreign`].
    pub fn speaks_for(&self, division: Division) -> Result<(), PeerError> {
        if !self.is_pinned() {
            return Err(PeerError::Unpinned);
        }
        match self.serves.contains(division) {
            true => Ok(()),
            false => Err(PeerError::Foreign),
        }
    }

    /// Whether `officer`, who read `fingerprint` from the other installation's own screen, may confirm it; `known` is the
    /// fingerprint of the keys on file.
    ///
    /// # Errors
    /// [`PeerError::Settled`], [`PeerError::SamePerson`], [`PeerError::Fingerprint`].
    pub fn confirmable(
        &self,
        officer: OfficerId,
        known: &str,
        fingerprint: &str,
    ) -> Result<(), PeerError> {
        if self.confirmed_by.is_some() || self.revoked {
            return Err(PeerError::Settled);
        }
        if self.proposed_by == officer {
            return Err(PeerError::SamePerson);
        }
        let bare = |text: &str| -> String {
            let digits = text.chars().filter(char::is_ascii_hexdigit);
            digits.collect::<String>().to_ascii_lowercase()
        };
        match bare(known) == bare(fingerprint) {
            true => Ok(()),
            false => Err(PeerError::Fingerprint),
        }
    }
}

impl Explain for PeerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unpinned => "exchange.unpinned",
            Self::Foreign => "exchange.foreign_division",
            Self::SamePerson => "exchange.same_person",
            Self::Fingerprint => "exchange.fingerprint",
            Self::Settled => "exchange.settled",
            Self::Known => "exchange.known",
            Self::Overlap => "exchange.overlap",
        }
    }

    fn explain(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Unpinned => (
                "对方系统未经双人登记确认或已撤销，未交换任何数据。请先由两人登记确认。",
                "The other installation is not pinned by two persons, or was revoked, and nothing was exchanged: pin it first.",
            ),
            Self::Foreign => (
                "对方系统无权代表该地区，未接收。请核对登记的地区范围。",
                "The other installation may not speak for that division, and nothing was taken: check the divisions pinned with it.",
            ),
            Self::SamePerson => (
                "该系统由您提出登记，须由另一人确认。",
                "You proposed this installation, so somebody else has to confirm it.",
            ),
            Self::Fingerprint => (
                "指纹不一致，未确认。请与对方电话逐字核对，仍不一致的请撤销登记。",
                "The fingerprint differs, and nothing was confirmed: read it to each other again, and revoke the entry if it still differs.",
            ),
            Self::Settled => (
                "该登记已确认或已撤销，请刷新后查看。",
                "This entry is confirmed or revoked already: read it again.",
            ),
            Self::Known => (
                "该交换密钥已登记，或就是本系统自己的密钥。",
                "These keys are entered already, or are this installation's own.",
            ),
            Self::Overlap => (
                "所填地区与本系统或其他已登记系统的地区重叠，请核对。",
                "These divisions overlap with this installation's own or another peer's: check them.",
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
        .into()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::clock::SeededEntropy;

    use super::*;

    fn place(code: &str) -> Division {
        Division::parse(code).unwrap()
    }

    #[test]
    fn a_peer_speaks_for_its_own_divisions_once_two_persons_pinned_it() {
        let entropy = SeededEntropy::new(1);
        let [anna, bao] = [(); 2].map(|()| OfficerId::generate(Timestamp::UNIX_EPOCH, &entropy));
        let mut peer = Peer {
            id: PeerId::generate(Timestamp::UNIX_EPOCH, &entropy),
            name: "虚构市".into(),
            address: None,
            sign: [1; 32],
            open: [2; 32],
            serves: Reach::of([place("320583")]),
            proposed_by: anna,
            confirmed_by: None,
            revoked: false,
        };
        let kunshan = place("320583100");
        assert_eq!(peer.speaks_for(kunshan), Err(PeerError::Unpinned));
        let confirm = |officer, read| peer.confirmable(officer, "00aa-11bb", read);
        assert_eq!(confirm(anna, "00aa-11bb"), Err(PeerError::SamePerson));
        assert_eq!(confirm(bao, "00aa-11bc"), Err(PeerError::Fingerprint));
        assert_eq!(confirm(bao, "00AA 11BB"), Ok(()));
        peer.confirmed_by = Some(bao);
        assert_eq!(peer.speaks_for(kunshan), Ok(()));
        assert_eq!(peer.speaks_for(place("370481")), Err(PeerError::Foreign));
        assert_eq!(peer.confirmable(bao, "0", "0"), Err(PeerError::Settled));
        peer.revoked = true;
        assert_eq!(peer.speaks_for(kunshan), Err(PeerError::Unpinned));
    }
}
