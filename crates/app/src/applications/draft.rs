//! Beginning an application at an officer's own window.

use domain::applications::{
    Acceptance, Afar, Applicant, Matter, Path, PathError, Stated, Station, path, path_afar,
};
use domain::registry::{EditError, Particulars, edit, holds_number};
use jiff::civil::Date;
use kernel::division::Division;
use kernel::ids::{ApplicationId, ChildId, UnitId};
use kernel::journal::Subject;
use kernel::roles::Action;
use serde_json::{Map, Value};
use store::applications::{Drafted, Units, next_number, station, units_for};
use store::exchange::peer_of;
use store::registry::files;
use store::work::Work;

use super::error::{ApplicationError, Obstacle, allowed};
use super::grounds::read_for;
use super::terms::acceptance;

/// Whose application it is.
#[derive(Debug, Clone)]
pub enum ForChild {
    /// A child on file: what is on file is then what it states of the child.
    OnFile(ChildId),
    /// A child as stated: name, household and further fields, as of a registration.
    Stated {
        /// Its name.
        name: String,
        /// Its household.
        household: Division,
        /// Further fields.
        fields: Map<String, Value>,
    },
}

/// An application to begin.
#[derive(Clone)]
pub struct NewApplication {
    /// What is applied for.
    pub matter: Matter,
    /// The child.
    pub child: ForChild,
    /// Who applies.
    pub applicant: Applicant,
    /// The facts as the rulebook reads them.
    pub facts: Map<String, Value>,
}

/// Begins an application as a draft of the officer's unit.
///
/// # Errors
/// [`ApplicationError::Path`] where it is not taken in here; [`Obstacle::NotServed`], [`Obstacle::NoTown`];
/// [`Obstacle::NoFile`] for a change or an end of a class, which begins from the child's file.
pub async fn draft(
    work: &mut Work,
    new: &NewApplication,
) -> Result<ApplicationId, ApplicationError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::HandleApplication, unit).await?;
    let today = work.store().clock().today();
    let (child, facts) = match &new.child {
        ForChild::OnFile(child) => {
            let file = files(work, &[*child]).await?.pop();
            (Some(*child), file.ok_or(ApplicationError::NotFound)?.facts)
        }
        ForChild::Stated { .. } if !matches!(new.matter, Matter::Recognition(_)) => {
            return Err(Obstacle::NoFile.into());
        }
        ForChild::Stated {
            name,
            household,
            fields,
        } => {
            let bare = Particulars::of(name, *household);
            let stated = edit(&bare, fields, today)?;
            (None, stated.map_or(bare, |stated| stated.after))
        }
    };
    let stated = Stated {
        child: facts,
        applicant: new.applicant.clone(),
        facts: new.facts.clone(),
    };
    readable(&stated)?;
    read_for(new.matter, &stated.facts)?;
    let (path, units, afar) = way(work, new.matter, &stated, today).await?;
    let sealed = new.matter.category().is_sealed();
    let number = next_number(work, today.year(), sealed).await?;
    let drafted = Drafted {
        id: ApplicationId::generate(work.now(), work.store().entropy()),
        number: &number,
        matter: new.matter,
        path,
        units,
        afar,
        child,
        stated: &stated,
    };
    work.apply(&drafted).await.map_err(open_already)?;
    Ok(drafted.id)
}

/// The child has another one, which the database alone may know of.
pub(super) fn open_already(error: store::error::StoreError) -> ApplicationError {
    match error.is_collision() {
        true => Obstacle::OpenAlready.into(),
        false => error.into(),
    }
}

/// The way it goes, through which units, and whether some of them are another installation's.
async fn way(
    work: &mut Work,
    matter: Matter,
    stated: &Stated,
    today: Date,
) -> Result<(Path, Units, Option<Afar>), ApplicationError> {
    let (category, household) = (matter.category(), stated.child.household);
    let station = station(work).await?;
    let served = units_for(work, household).await?;
    let accepted = match category.group() {
        kernel::category::Group::Care => return Err(PathError::NotApplied.into()),
        kernel::category::Group::Cash => acceptance(category, household, today),
    };
    let Some((town, county, serves)) = served else {
        return afar(work, matter, accepted, &station, household).await;
    };
    let path = path(category, accepted, &station, household, &serves)?;
    let accepting = work.unit();
    let verifying: UnitId = match path {
        Path::WithinCounty | Path::Provincewide | Path::Nationwide => {
            town.ok_or(Obstacle::NoTown)?
        }
        Path::Home | Path::Sealed => county,
    };
    let units = Units {
        accepting,
        verifying,
        deciding: county,
    };
    Ok((path, units, None))
}

/// The way to a household that a peer of this installation serves; the accepting town stands in for its units.
async fn afar(
    work: &mut Work,
    matter: Matter,
    accepted: Acceptance,
    station: &Station,
    household: Division,
) -> Result<(Path, Units, Option<Afar>), ApplicationError> {
    // What changes or ends is on file there.
    let Matter::Recognition(category) = matter else {
        return Err(Obstacle::NotServed.into());
    };
    peer_of(work, household).await?.ok_or(Obstacle::NotServed)?;
    let path = path_afar(category, accepted, station, household)?.ok_or(Obstacle::NotServed)?;
    let unit = work.unit();
    let units = Units {
        accepting: unit,
        verifying: unit,
        deciding: unit,
    };
    Ok((path, units, Some(Afar::Deciding)))
}

/// Names are kept readable, so they are words and hold no number.
pub(crate) fn readable(stated: &Stated) -> Result<(), ApplicationError> {
    let child = &stated.child.name;
    let applicant = &stated.applicant;
    let relation = applicant.relation.as_deref().unwrap_or("—");
    for (field, text) in [
        ("name", child.as_str()),
        ("applicant", applicant.name.as_str()),
        ("relation", relation),
    ] {
        let length = text.chars().count();
        if !(1..=100).contains(&length) || text.chars().any(char::is_control) {
            return Err(EditError::Misfit(field).into());
        }
        if holds_number(text) {
            return Err(EditError::HoldsNumber(field).into());
        }
    }
    Ok(())
}
