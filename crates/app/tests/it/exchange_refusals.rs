//! What is not taken from another installation, and not sent to one: each with its code, and in the journal.

use app::applications::{ApplicationError, draft, note_paper, step};
use app::exchange::{ExchangeError, confirm, propose, receive, revoke};
use domain::applications::Act;
use domain::exchange::PeerError;
use jiff::ToSpan;
use kernel::category::Category;
use kernel::explain::Explain;
use kernel::reach::Reach;
use kernel::roles::Role;
use store::applications::PaperState;
use testkit::office::{TODAY, division};

use crate::applications_scene::{Bureau, asked, family, version};
use crate::exchange_scene::{Two, card_of, carried, pinned, proposed_peer};

/// Brings a package; answers why it is not taken, and looks that nothing was changed and the journal has it.
async fn refused(at: &Bureau, package: &[u8]) -> &'static str {
    let before = at.office.applications_there().await;
    let code = receive(&at.office.store, package).await.unwrap_err().code();
    assert_eq!(at.office.applications_there().await, before);
    let journal = at.office.journalled_as("exchange.not_taken").await;
    assert!(
        journal.last().unwrap().contains(code),
        "{code}: {journal:?}"
    );
    code
}

#[tokio::test]
async fn a_package_altered_late_misdirected_or_of_a_stranger_is_not_taken() {
    let two = Two::open().await;
    two.forwarded().await;
    let package = two.away.office.packages_waiting().await.remove(0);
    let home = &two.home;
    for at in [9, 30, 120, package.len() / 2, package.len() - 1] {
        let mut altered = package.clone();
        altered[at] ^= 1;
        let code = refused(home, &altered).await;
        let of_stranger = (25..57).contains(&at);
        let expected = if of_stranger {
            "exchange.unpinned"
        } else {
            "exchange.signature"
        };
        assert_eq!(code, expected, "{at}");
    }
    assert_eq!(
        refused(home, &package[..200]).await,
        "exchange.not_a_package"
    );
    assert_eq!(
        refused(home, &vec![0; (20 << 20) + 1]).await,
        "exchange.too_large"
    );
    // It comes back to its sender.
    assert_eq!(refused(&two.away, &package).await, "exchange.unpinned");
    home.office.clock.set_day(TODAY.saturating_add(31.days()));
    assert_eq!(refused(home, &package).await, "exchange.expired");
    home.office.clock.set_day(TODAY);
    receive(&home.office.store, &package).await.unwrap();
    two.close().await;
}

#[tokio::test]
async fn a_peer_that_speaks_for_a_town_not_pinned_with_it_is_not_heard() {
    let two = Two::strangers().await;
    pinned(&two.away, &two.home).await;
    // Pinned for another county than that of the town.
    let proposal = app::exchange::Proposal {
        card: card_of(&two.away).await.0,
        serves: Some(Reach::of([division(320_406_000_000)])),
        address: None,
    };
    let mut work = two.home.officer().await;
    let peer = propose(&mut work, &proposal).await.unwrap();
    work.commit().await.unwrap();
    let (_, fingerprint) = card_of(&two.away).await;
    two.forwarded().await;
    let package = two.away.office.packages_waiting().await.remove(0);
    assert_eq!(refused(&two.home, &package).await, "exchange.unpinned");
    let mut work = two.home.approver().await;
    confirm(&mut work, peer, &fingerprint).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(
        refused(&two.home, &package).await,
        "exchange.foreign_division"
    );
    let mut work = two.home.officer().await;
    revoke(&mut work, peer).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(refused(&two.home, &package).await, "exchange.unpinned");
    // Pinned anew with the right divisions, the same package is taken.
    pinned(&two.home, &two.away).await;
    assert_eq!(carried(&two.away, &two.home).await, 1);
    two.close().await;
}

#[tokio::test]
async fn a_household_that_the_receiver_does_not_serve_is_sent_back() {
    let two = Two::open().await;
    two.forwarded().await;
    // The village went to a county that is no part of either installation.
    two.home.office.move_by(1_000_000_000).await;
    let package = two.away.office.packages_waiting().await.remove(0);
    assert_eq!(refused(&two.home, &package).await, "application.not_served");
    two.close().await;
}

#[tokio::test]
async fn two_persons_pin_a_peer_by_the_fingerprint_they_read_to_each_other() {
    let two = Two::strangers().await;
    let (here, other) = (&two.home, &two.away);
    let peer = proposed_peer(here, other).await.unwrap();
    let (_, fingerprint) = card_of(other).await;
    let (_, own) = card_of(here).await;
    assert_ne!(own, fingerprint);
    let why = |error: Result<(), ExchangeError>| error.unwrap_err().code();
    let mut work = here.approver().await;
    assert_eq!(
        why(confirm(&mut work, peer, &own).await),
        "exchange.fingerprint"
    );
    drop(work);
    // Whoever proposed it, even in another post.
    let proposer = here.member(here.tengzhou, Role::CountyOfficer).officer;
    let post = here
        .office
        .second_post(proposer, here.tengzhou, Role::CountyApprover);
    let mut work = here.work_as(&post.await).await;
    assert_eq!(
        why(confirm(&mut work, peer, &fingerprint).await),
        "exchange.same_person"
    );
    assert!(
        !store::exchange::confirm_peer(&mut work, peer)
            .await
            .unwrap(),
        "nor does the database"
    );
    drop(work);
    let again = proposed_peer(here, other).await.unwrap_err();
    assert!(
        matches!(again, ExchangeError::Peer(PeerError::Known)),
        "{again:?}"
    );
    let myself = proposed_peer(here, here).await.unwrap_err();
    assert!(
        matches!(myself, ExchangeError::Peer(PeerError::Known)),
        "{myself:?}"
    );
    let mut work = here.approver().await;
    confirm(&mut work, peer, &fingerprint).await.unwrap();
    assert_eq!(
        why(confirm(&mut work, peer, &fingerprint).await),
        "exchange.settled"
    );
    work.commit().await.unwrap();
    let journal = here.office.journal_of(peer.uuid()).await;
    assert_eq!(journal.first().unwrap(), "exchange.peer_proposed");
    assert!(journal.contains(&"exchange.peer_confirmed".to_owned()));
    assert!(journal.contains(&"exchange.peer_not_confirmed (refused)".to_owned()));
    two.close().await;
}

#[tokio::test]
async fn nothing_goes_to_an_installation_that_nobody_pinned_and_nothing_sealed_goes_anywhere() {
    let two = Two::strangers().await;
    let away = &two.away;
    let begin = async |category| {
        let mut work = away.window(away.jinghe).await;
        draft(&mut work, &family(category))
            .await
            .map(|_| ())
            .unwrap_err()
            .code()
    };
    assert_eq!(
        begin(Category::DeFactoUnattended).await,
        "application.not_served"
    );
    let peer = pinned(away, &two.home).await;
    assert_eq!(
        begin(Category::AidsAffected).await,
        "application.county_only"
    );
    assert_eq!(begin(Category::KeyHardship).await, "application.too_far");
    let id = two.accepted().await;
    let mut work = away.officer().await;
    revoke(&mut work, peer).await.unwrap();
    work.commit().await.unwrap();
    let mut work = away.window(away.jinghe).await;
    let at = version(&mut work, id).await;
    let forwarded = step(&mut work, id, &asked(Act::Forward, at)).await;
    assert!(
        matches!(forwarded, Err(ApplicationError::Peer(PeerError::Unpinned))),
        "{forwarded:?}"
    );
    drop(work);
    assert!(away.office.packages_waiting().await.is_empty());
    two.close().await;
}

#[tokio::test]
async fn papers_that_do_not_go_into_a_package_leave_the_application_where_it_is() {
    let two = Two::open().await;
    let away = &two.away;
    let id = away.drafted(away.jinghe).await;
    let mut scan = b"%PDF-1.4\n".to_vec();
    scan.resize(11 << 20, b' ');
    scan.extend_from_slice(b"startxref\n9\n%%EOF\n");
    let mut work = away.window(away.jinghe).await;
    for code in ["household_register", "guardian_id"] {
        note_paper(&mut work, id, code, PaperState::Received, Some(&scan))
            .await
            .unwrap();
    }
    work.commit().await.unwrap();
    for act in [Act::Submit, Act::Accept] {
        away.take(away.window(away.jinghe).await, id, act)
            .await
            .unwrap();
    }
    let work = away.window(away.jinghe).await;
    let forwarded = away.take(work, id, Act::Forward).await.unwrap_err();
    assert_eq!(forwarded.code(), "exchange.too_large");
    assert!(away.office.packages_waiting().await.is_empty());
    two.close().await;
}
