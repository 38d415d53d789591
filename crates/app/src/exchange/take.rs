//! Taking in an application that another installation accepted.

use domain::applications::{Leg, Path, Station, deadline, path};
use domain::exchange::{ContentError, Forwarded, Peer, PeerError, Taken, unpack};
use domain::organisation::UnitKind;
use domain::registry::holds_number;
use kernel::ids::ApplicationId;
use store::applications::{PaperState, Units};
use store::exchange::{Door, TakenIn, TakenPaper};

use super::error::ExchangeError;
use crate::applications::{Obstacle, acceptance, calendar, read, readable, term};
use crate::registry::kept_paper;

/// The most papers a checklist has.
const MOST_PAPERS: usize = 60;

/// Takes an application in, as forwarded to the household's town; one that is here already stays as it is.
pub(super) async fn take(
    door: &mut Door,
    peer: &Peer,
    content: &[u8],
) -> Result<(ApplicationId, Taken), ExchangeError> {
    let (forwarded, enclosed): (Forwarded, _) = unpack(content)?;
    peer.speaks_for(forwarded.town)?;
    if let Some(known) = door.shared_case(&peer.sign, forwarded.case).await? {
        return Ok((known.id, Taken::Older));
    }
    let (path, units) = way(door, &forwarded).await?;
    words(&forwarded)?;
    let papers = papers(&forwarded, enclosed).await?;
    let (today, category) = (door.store().clock().today(), forwarded.category);
    let household = forwarded.stated.child.household;
    let term = term(path, category, household, Leg::Verify, today)?;
    let taken = TakenIn {
        id: ApplicationId::generate(door.store().clock().now(), door.store().entropy()),
        peer: peer.id,
        forwarded: &forwarded,
        stated: &forwarded.stated,
        path,
        units,
        clock: &deadline(Leg::Verify, &term, today, calendar()),
        papers: &papers,
    };
    door.take(&taken).await?.ok_or(PeerError::Foreign)?;
    Ok((taken.id, Taken::Applied))
}

/// The way it came, and the units of the household here.
async fn way(door: &mut Door, forwarded: &Forwarded) -> Result<(Path, Units), ExchangeError> {
    let (category, household) = (forwarded.category, forwarded.stated.child.household);
    let served = door.units_for(household).await?;
    let (town, county, serves) = served.ok_or(Obstacle::NotServed)?;
    let town = town.ok_or(Obstacle::NoTown)?;
    let station = Station {
        kind: UnitKind::Town,
        division: forwarded.town,
    };
    let accepted = acceptance(category, household, door.store().clock().today());
    let path = path(category, accepted, &station, household, &serves)?;
    let units = Units {
        accepting: town,
        verifying: town,
        deciding: county,
    };
    match path {
        Path::Provincewide | Path::Nationwide => Ok((path, units)),
        Path::WithinCounty | Path::Home | Path::Sealed => Err(PeerError::Foreign.into()),
    }
}

/// What is shown in lists is words, and the facts are facts.
fn words(forwarded: &Forwarded) -> Result<(), ExchangeError> {
    readable(&forwarded.stated)?;
    read(&forwarded.stated.facts)?;
    for (field, text) in [
        ("town_name", &forwarded.town_name),
        ("number", &forwarded.number),
    ] {
        let fits = (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if !fits {
            return Err(ExchangeError::Misfit(field));
        }
    }
    Ok(())
}

/// The papers, each scan looked at as if somebody had uploaded it here.
async fn papers(forwarded: &Forwarded, enclosed: &[u8]) -> Result<Vec<TakenPaper>, ExchangeError> {
    let scans = forwarded.scans(enclosed)?;
    if scans.len() > MOST_PAPERS {
        return Err(ContentError.into());
    }
    let mut papers: Vec<TakenPaper> = Vec::with_capacity(scans.len());
    for (paper, scan) in scans {
        let fits = (1..=60).contains(&paper.code.chars().count())
            && !paper.code.chars().any(char::is_control)
            && !holds_number(&paper.code)
            && papers.iter().all(|known| known.code != paper.code);
        if !fits {
            return Err(ContentError.into());
        }
        let scan = match scan {
            None => None,
            Some(bytes) => {
                let kept = kept_paper(bytes).await.ok_or(Obstacle::MediaType)?;
                Some((kept.media_type, kept.content))
            }
        };
        papers.push(TakenPaper {
            code: paper.code.clone(),
            state: PaperState::from_code(&paper.state).ok_or(ContentError)?,
            scan,
        });
    }
    Ok(papers)
}
