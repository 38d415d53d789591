//! What is written for the installation that shares an application, in the transaction of the step itself.

use domain::applications::{Act, Afar, Stage};
use domain::exchange::{Decided, Enclosed, Forwarded, PeerError, Status, VALID_DAYS, pack};
use envelope::{EnvelopeError, Kind, LARGEST, Public};
use jiff::{SignedDuration, Timestamp};
use kernel::ids::{ApplicationId, PackageId};
use store::applications::{
    Application, decisions, paper_content, papers, stated, station, unit_name,
};
use store::exchange::{Packed, Shared, own_keys_at_work, peer_of, shared};
use store::work::Work;

use crate::applications::ApplicationError;

/// Forwards an application that another installation decides, or reports a step of one that is shared; nothing for any
/// other. `application` is as it was before the step.
pub(crate) async fn exchanged(
    work: &mut Work,
    application: &Application,
    act: Act,
    to: Stage,
    reason: Option<&str>,
) -> Result<(), ApplicationError> {
    let Some(afar) = application.case.afar else {
        return Ok(());
    };
    if act == Act::Forward {
        return forward(work, application).await;
    }
    match shared(work, application.id).await? {
        Some(shared) => {
            let words = matches!(act, Act::Object | Act::Withdraw).then_some(reason);
            report(work, application, &shared, (afar, act, to), words.flatten()).await
        }
        // It was not forwarded yet: nobody else knows of it.
        None => Ok(()),
    }
}

async fn forward(work: &mut Work, application: &Application) -> Result<(), ApplicationError> {
    let peer = peer_of(work, application.household).await?;
    let peer = peer.ok_or(PeerError::Unpinned)?;
    let (enclosed, scans) = enclosed(work, application.id).await?;
    let forwarded = Forwarded {
        case: application.id,
        number: application.number.clone(),
        category: application.matter.category(),
        stated: stated(work, application.id).await?,
        town: station(work).await?.division,
        town_name: unit_name(work, application.case.accepting).await?,
        forwarded_on: work.store().clock().today(),
        papers: enclosed,
    };
    let keys = Public {
        sign: peer.sign,
        open: peer.open,
    };
    let content = pack(&forwarded, &scans);
    let (id, package, expires) = sealed(work, Kind::Application, &keys, &content).await?;
    let packed = Packed {
        id,
        application,
        peer: peer.id,
        far_unit: Some(&peer.name),
        told: None,
        package: &package,
        expires,
    };
    Ok(work.apply(&packed).await?)
}

/// The papers of an application with their scans. Scans that cannot go into a package together are not even read.
async fn enclosed(
    work: &mut Work,
    id: ApplicationId,
) -> Result<(Vec<Enclosed>, Vec<Vec<u8>>), ApplicationError> {
    let (mut enclosed, mut scans, mut bytes) = (Vec::new(), Vec::new(), 0);
    for paper in papers(work, id).await? {
        let scan = match paper.media_type {
            Some(_) => Some(paper_content(work, id, paper.id).await?.1),
            None => None,
        };
        enclosed.push(Enclosed {
            code: paper.code,
            state: paper.state.code().into(),
            bytes: scan.as_ref().map(Vec::len),
        });
        bytes += scan.as_ref().map_or(0, Vec::len);
        if bytes > LARGEST {
            return Err(EnvelopeError::TooLarge.into());
        }
        scans.extend(scan);
    }
    Ok((enclosed, scans))
}

async fn report(
    work: &mut Work,
    application: &Application,
    shared: &Shared,
    (afar, act, stage): (Afar, Act, Stage),
    reason: Option<&str>,
) -> Result<(), ApplicationError> {
    let decision = match afar {
        Afar::Accepting => decisions(work, application.id).await?.into_iter().next(),
        Afar::Deciding => None,
    };
    let number = shared.told + 1;
    let status = Status {
        case: shared.case,
        number,
        act,
        stage,
        on: work.store().clock().today(),
        reason: reason.map(str::to_owned),
        decision: decision.map(|decision| Decided {
            id: decision.id,
            number: decision.number,
            outcome: decision.outcome,
            on: decision.on,
            rulebook: decision.rulebook,
            facts: decision.grounds.facts,
            weighed: decision.grounds.weighed,
            reasons: decision.grounds.reasons,
            letter: decision.grounds.letter,
        }),
    };
    let content = pack(&status, &[]);
    let (id, package, expires) = sealed(work, Kind::Status, &shared.keys, &content).await?;
    let packed = Packed {
        id,
        application,
        peer: shared.peer,
        far_unit: None,
        told: Some(number),
        package: &package,
        expires,
    };
    Ok(work.apply(&packed).await?)
}

/// A content as a package to these keys: its id, its bytes, and from when it is not taken any more.
async fn sealed(
    work: &mut Work,
    kind: Kind,
    to: &Public,
    content: &[u8],
) -> Result<(PackageId, Vec<u8>, Timestamp), ApplicationError> {
    let own = own_keys_at_work(work).await?;
    let (now, store) = (work.now(), work.store().clone());
    let id = PackageId::generate(now, store.entropy());
    let expires = now.saturating_add(SignedDuration::from_hours(24 * VALID_DAYS));
    let expires = expires.unwrap_or(Timestamp::MAX);
    let package = envelope::seal(kind, id, &own, to, (now, expires), content, store.entropy())?;
    Ok((id, package, expires))
}
