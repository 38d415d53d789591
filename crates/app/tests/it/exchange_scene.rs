//! A town in another province that accepted an application, and the household's own installation.

use app::applications::{Linking, link, note_paper};
use app::exchange::{ExchangeError, Proposal, card, confirm, propose, receive};
use domain::applications::Act;
use domain::exchange::Card;
use kernel::ids::{ApplicationId, ChildId, PeerId};
use store::applications::{ListedUpTo, PaperState};
use testkit::Office;

use crate::applications_scene::{Bureau, version};

/// From 枣庄 to a place of that shape in 江苏.
const AWAY: i64 = -50_000_000_000;

pub(crate) const SCAN: &[u8] =
    b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n";

pub(crate) struct Two {
    /// Where the grandmother works, and applies.
    pub(crate) away: Bureau,
    /// Where the household is.
    pub(crate) home: Bureau,
}

impl Two {
    /// Both, not yet known to each other.
    pub(crate) async fn strangers() -> Self {
        let home = Bureau::open().await;
        let away = Bureau::in_office(Office::found_beside().await).await;
        away.office.move_by(AWAY).await;
        Self { away, home }
    }

    /// Both, each pinned at the other.
    pub(crate) async fn open() -> Self {
        let two = Self::strangers().await;
        pinned(&two.away, &two.home).await;
        pinned(&two.home, &two.away).await;
        two
    }

    pub(crate) async fn close(self) {
        self.away.office.close().await;
        self.home.office.close().await;
    }

    /// An application of the grandmother, accepted at the town away, with a paper and its scan.
    pub(crate) async fn accepted(&self) -> ApplicationId {
        let away = &self.away;
        let id = away.drafted(away.jinghe).await;
        let mut work = away.window(away.jinghe).await;
        let code = "household_register";
        let noted = note_paper(&mut work, id, code, PaperState::Checked, Some(SCAN)).await;
        noted.unwrap();
        work.commit().await.unwrap();
        for act in [Act::Submit, Act::Accept] {
            away.take(away.window(away.jinghe).await, id, act)
                .await
                .unwrap();
        }
        id
    }

    /// The same, forwarded.
    pub(crate) async fn forwarded(&self) -> ApplicationId {
        let id = self.accepted().await;
        let work = self.away.window(self.away.jinghe).await;
        self.away.take(work, id, Act::Forward).await.unwrap();
        id
    }

    /// The application as the household's installation has it.
    pub(crate) async fn there(&self) -> ApplicationId {
        let mut work = self.home.window(self.home.jinghe).await;
        let filter = store::applications::InboxFilter::default();
        let list = store::applications::inbox(&mut work, &filter, ListedUpTo::start(), 9);
        list.await.unwrap()[0].id
    }

    /// The household's town links and verifies, the county's officer proposes.
    pub(crate) async fn proposed(&self, there: ApplicationId) -> ChildId {
        let home = &self.home;
        let mut work = home.window(home.jinghe).await;
        let at = version(&mut work, there).await;
        let child = link(&mut work, there, at, Linking::New).await.unwrap();
        work.commit().await.unwrap();
        let work = home.window(home.jinghe).await;
        home.take(work, there, Act::Verify).await.unwrap();
        home.take(home.officer().await, there, Act::Propose)
            .await
            .unwrap();
        child
    }
}

/// The card of a bureau's installation.
pub(crate) async fn card_of(bureau: &Bureau) -> (Card, String) {
    let mut work = bureau.officer().await;
    let shown = card(&mut work).await.unwrap();
    work.commit().await.unwrap();
    shown
}

/// Proposes `other` at `here`.
pub(crate) async fn proposed_peer(here: &Bureau, other: &Bureau) -> Result<PeerId, ExchangeError> {
    let proposal = Proposal {
        card: card_of(other).await.0,
        serves: None,
        address: None,
    };
    let mut work = here.officer().await;
    let peer = propose(&mut work, &proposal).await?;
    work.commit().await.unwrap();
    Ok(peer)
}

/// Two persons at `here` pin `other`.
pub(crate) async fn pinned(here: &Bureau, other: &Bureau) -> PeerId {
    let peer = proposed_peer(here, other).await.unwrap();
    let (_, fingerprint) = card_of(other).await;
    let mut work = here.approver().await;
    confirm(&mut work, peer, &fingerprint).await.unwrap();
    work.commit().await.unwrap();
    peer
}

/// Carries everything that waits, and the receipts back; answers how many packages there were.
pub(crate) async fn carried(from: &Bureau, to: &Bureau) -> usize {
    let waiting = from.office.packages_waiting().await;
    for package in &waiting {
        let receipt = receive(&to.office.store, package).await.unwrap();
        let none = receive(&from.office.store, &receipt).await.unwrap();
        assert!(none.is_empty());
    }
    assert!(from.office.packages_waiting().await.is_empty());
    waiting.len()
}
