//! What is written for the installation that shares an application, in the transaction of the step itself.

use domain::applications::{Act, Afar, Stage};
use domain::exchange::{Decided, Enclosed, Forwarded, Peer, PeerError, Status, VALID_DAYS, pack};
use envelope::{EnvelopeError, Kind, LARGEST, Public};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kernel::clock::legal_day;
use kernel::ids::{ApplicationId, PackageId};
use store::applications::{
    Application, application, decisions, paper_content, papers, stated, steps, unit_division,
    unit_name,
};
use store::exchange::{Packed, Renewed, Shared, outgoing, own_keys_at_work, peer_of, shared};
use store::work::Work;

use super::carry::allowed;
use super::error::ExchangeError;
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
            let said = Said {
                number: shared.told + 1,
                act,
                stage: to,
                on: work.store().clock().today(),
                reason,
            };
            report(work, application, &shared, afar, &said).await
        }
        // It was not forwarded yet: nobody else knows of it.
        None => Ok(()),
    }
}

async fn forward(work: &mut Work, application: &Application) -> Result<(), ApplicationError> {
    let (peer, content) = forwarded(work, application).await?;
    let (id, package, expires) = sealed(work, Kind::Application, &keys(&peer), &content).await?;
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

/// What another installation is told of an application that it decides, and which one.
async fn forwarded(
    work: &mut Work,
    application: &Application,
) -> Result<(Peer, Vec<u8>), ApplicationError> {
    let peer = peer_of(work, application.household).await?;
    let peer = peer.ok_or(PeerError::Unpinned)?;
    let (enclosed, scans) = enclosed(work, application.id).await?;
    let town = application.case.accepting;
    let forwarded = Forwarded {
        case: application.id,
        number: application.number.clone(),
        category: application.matter.category(),
        stated: stated(work, application.id).await?,
        town: unit_division(work, town).await?,
        town_name: unit_name(work, town).await?,
        forwarded_on: work.store().clock().today(),
        papers: enclosed,
    };
    Ok((peer, pack(&forwarded, &scans)))
}

const fn keys(peer: &Peer) -> Public {
    Public {
        sign: peer.sign,
        open: peer.open,
    }
}

/// Writes a package anew that ran out before its receipt came: the application as it stands, or the last step of this side,
/// which says all that those before it said.
///
/// # Errors
/// [`ExchangeError::NoSuch`] beyond reach, [`ExchangeError::Received`] once its receipt is there,
/// [`ExchangeError::StillGood`] before its time is over, [`PeerError::Unpinned`] where its receiver was revoked.
pub async fn renew(work: &mut Work, id: PackageId) -> Result<PackageId, ExchangeError> {
    allowed(work).await?;
    let old = outgoing(work, Some(id)).await?.pop();
    let old = old.ok_or(ExchangeError::NoSuch)?;
    if old.received_at.is_some() {
        return Err(ExchangeError::Received);
    }
    if old.expires_at > work.now() {
        return Err(ExchangeError::StillGood);
    }
    let application = application(work, old.application).await?;
    let application = application.ok_or(ExchangeError::NoSuch)?;
    let (kind, to, content) = match old.kind == Kind::Application.code() {
        true => {
            let (peer, content) = forwarded(work, &application).await?;
            (Kind::Application, keys(&peer), content)
        }
        false => {
            let (to, content) = last_report(work, &application).await?;
            (Kind::Status, to, content)
        }
    };
    let (id, package, expires) = sealed(work, kind, &to, &content).await?;
    let renewed = Renewed {
        before: old.id,
        id,
        application: &application,
        package: &package,
        expires,
    };
    work.apply(&renewed).await?;
    Ok(id)
}

/// The last step of this side as it was reported, to be reported again.
async fn last_report(
    work: &mut Work,
    application: &Application,
) -> Result<(Public, Vec<u8>), ExchangeError> {
    let shared = shared(work, application.id).await?;
    let steps = steps(work, application.id).await?;
    let own = steps.into_iter().rev().find(|step| !step.afar);
    let (Some(shared), Some(step), Some(afar)) = (shared, own, application.case.afar) else {
        return Err(ExchangeError::NoSuch);
    };
    let said = Said {
        number: shared.told,
        act: step.act,
        stage: step.to,
        on: legal_day(step.at),
        reason: step.reason.as_deref(),
    };
    let content = status(work, application, &shared, afar, &said).await?;
    Ok((shared.keys, content))
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

/// A step, as it is reported.
struct Said<'a> {
    /// The number of the report.
    number: u32,
    act: Act,
    stage: Stage,
    on: Date,
    /// The officer's words.
    reason: Option<&'a str>,
}

async fn report(
    work: &mut Work,
    application: &Application,
    shared: &Shared,
    afar: Afar,
    said: &Said<'_>,
) -> Result<(), ApplicationError> {
    let content = status(work, application, shared, afar, said).await?;
    let (id, package, expires) = sealed(work, Kind::Status, &shared.keys, &content).await?;
    let packed = Packed {
        id,
        application,
        peer: shared.peer,
        far_unit: None,
        told: Some(said.number),
        package: &package,
        expires,
    };
    Ok(work.apply(&packed).await?)
}

/// A report, packed. Of reasons it holds the applicant's alone.
async fn status(
    work: &mut Work,
    application: &Application,
    shared: &Shared,
    afar: Afar,
    said: &Said<'_>,
) -> Result<Vec<u8>, ApplicationError> {
    let decision = match afar {
        Afar::Accepting => decisions(work, application.id).await?.into_iter().next(),
        Afar::Deciding => None,
    };
    let words = matches!(said.act, Act::Object | Act::Withdraw).then_some(said.reason);
    let status = Status {
        case: shared.case,
        number: said.number,
        act: said.act,
        stage: said.stage,
        on: said.on,
        reason: words.flatten().map(str::to_owned),
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
    Ok(pack(&status, &[]))
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
