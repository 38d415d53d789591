//! Submitting: what is filled in becomes an application in the town's inbox, on the clock.

use domain::applications::{
    Afar, CODE_DAYS, Leg, Matter, Path, Stated, Station, days_after, deadline, filed_from_home,
    path, path_afar,
};
use domain::organisation::UnitKind;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::category::Category;
use store::accounts::TicketCode;
use store::applications::Units;
use store::applications::public::{
    Proof, PublicStore, Submission, Window, peer_for, submit as submit_case, windows,
};

use super::super::error::{ApplicationError, Obstacle};
use super::super::grounds::weigh;
use super::super::terms::{acceptance, calendar, term};
use super::case::{form_of, known};
use super::error::{PublicError, PublicObstacle};
use super::form::Form;
use super::patience::{Visit, visit};

/// An application that was submitted, now or by an earlier request.
#[derive(Debug)]
pub struct Submitted {
    /// Its number.
    pub number: String,
    /// Until when its code holds.
    pub until: Timestamp,
}

/// Submits the case of this code and phone; asked again, it answers the same.
///
/// # Errors
/// [`PublicError::NoSuchCase`], [`PublicError::Wait`]; [`PublicError::Misfit`] for the first thing that is missing;
/// [`PublicError::Application`] where the class is not taken in at that town.
pub async fn submit(
    store: &PublicStore,
    address: &str,
    code: &TicketCode,
    number: &str,
) -> Result<Submitted, PublicError> {
    let (case, proof) = known(store, address, code, number).await?;
    if let Some(number) = case.number {
        let until = case.until;
        return Ok(Submitted { number, until });
    }
    visit(store, address, Visit::Submits).await?;
    let form = form_of(&case)?.ok_or(PublicObstacle::Submitted)?;
    form.keepable()?;
    let now = store.clock().now();
    let today = store.clock().today();
    let (stated, end) = form.stated(today)?;
    let category = class(&form, &stated, today)?;
    let (path, units, afar) = way(store, &form, category, &stated, today).await?;
    let household = stated.child.household;
    let term =
        term(path, category, household, Leg::Accept, today).map_err(ApplicationError::from)?;
    let until = days_after(now, CODE_DAYS);
    let submission = Submission {
        category,
        path,
        units,
        afar,
        stated: &stated,
        clock: &deadline(Leg::Accept, &term, today, calendar()),
        then: &Proof::by_id_end(store, code, &end),
        until,
    };
    match submit_case(store, &proof, &submission).await? {
        Some(number) => Ok(Submitted { number, until }),
        None => Err(PublicObstacle::Submitted.into()),
    }
}

/// The class applied for, if it is filed from home and the facts can be weighed for it. Whether it holds, the offices find.
fn class(form: &Form, stated: &Stated, today: Date) -> Result<Category, PublicError> {
    let category = form.category.ok_or(PublicError::Misfit("category"))?;
    if !filed_from_home(category, stated.applicant.capacity) {
        return Err(PublicError::Misfit("category"));
    }
    weigh(Matter::Recognition(category), stated, today)?;
    Ok(category)
}

/// The way it goes from the town that was chosen, through which units, and whether those of the household are another
/// installation's.
async fn way(
    store: &PublicStore,
    form: &Form,
    category: Category,
    stated: &Stated,
    today: Date,
) -> Result<(Path, Units, Option<Afar>), PublicError> {
    let all = windows(store).await?;
    let chosen = |window: &&Window| Some(window.id) == form.town && window.kind == UnitKind::Town;
    let accepting = all.iter().find(chosen).ok_or(PublicError::Misfit("town"))?;
    let household = stated.child.household;
    let serving = |kind| {
        let serves = |window: &&Window| window.kind == kind && window.serves.contains(household);
        all.iter().rev().find(serves)
    };
    let station = Station {
        kind: accepting.kind,
        division: accepting.division,
    };
    let accepted = acceptance(category, household, today);
    let Some(county) = serving(UnitKind::CountyBureau) else {
        let not_served = || ApplicationError::from(Obstacle::NotServed);
        peer_for(store, household).await?.ok_or_else(not_served)?;
        let found = path_afar(category, accepted, &station, household);
        let found = found.map_err(ApplicationError::from)?;
        let units = Units {
            accepting: accepting.id,
            verifying: accepting.id,
            deciding: accepting.id,
        };
        let afar = Some(Afar::Deciding);
        return Ok((found.ok_or_else(not_served)?, units, afar));
    };
    let town = serving(UnitKind::Town).ok_or(ApplicationError::from(Obstacle::NoTown))?;
    let found = path(category, accepted, &station, household, &county.serves)
        .map_err(ApplicationError::from)?;
    let units = Units {
        accepting: accepting.id,
        verifying: town.id,
        deciding: county.id,
    };
    Ok((found, units, None))
}
