//! Taking over what the other side of a shared application reports.

use domain::applications::{Afar, Running, deadline};
use domain::exchange::{ContentError, Peer, Status, Taken, unpack};
use kernel::ids::ApplicationId;
use store::exchange::{Door, Heard, SharedCase};

use super::error::ExchangeError;
use crate::applications::{calendar, term};

/// The most characters of an applicant's words.
const MOST_WORDS: usize = 1000;

/// Takes a report over. One that is older than what is known changes nothing, nor does one that does not follow from
/// where the application stands here.
pub(super) async fn hear(
    door: &mut Door,
    peer: &Peer,
    content: &[u8],
) -> Result<(ApplicationId, Taken), ExchangeError> {
    let (status, rest): (Status, _) = unpack(content)?;
    status.sound()?;
    let reason = status.reason.as_deref();
    let short = reason.is_none_or(|words| words.chars().count() <= MOST_WORDS);
    if !rest.is_empty() || !short {
        return Err(ContentError.into());
    }
    let shared = door.shared_case(&peer.sign, status.case).await?;
    let shared = shared.ok_or(ExchangeError::UnknownCase)?;
    if status.number <= shared.heard {
        return Ok((shared.id, Taken::Older));
    }
    door.count(shared.id, status.number).await?;
    let taken = match shared.case.hears(status.stage) {
        None => Taken::Unfitting,
        Some(running) => take_over(door, peer, &status, &shared, running).await?,
    };
    Ok((shared.id, taken))
}

async fn take_over(
    door: &mut Door,
    peer: &Peer,
    status: &Status,
    shared: &SharedCase,
    running: Running,
) -> Result<Taken, ExchangeError> {
    let clock = match running {
        Running::Starts(leg) => {
            let began = status.on.min(door.store().clock().today());
            let term = term(shared.path, shared.category, shared.household, leg, began)?;
            Some(deadline(leg, &term, began, calendar()))
        }
        Running::Continues => shared.case.clock.clone(),
        Running::Stops => None,
    };
    let decision = match shared.case.afar {
        Some(Afar::Deciding) => status.decision.as_ref(),
        Some(Afar::Accepting) | None => None,
    };
    let heard = Heard {
        sign: &peer.sign,
        shared,
        act: status.act,
        to: status.stage,
        clock: clock.as_ref(),
        reason: status.reason.as_deref(),
        decision,
    };
    Ok(match door.hear(&heard).await? {
        true => Taken::Applied,
        false => Taken::Unfitting,
    })
}
