//! The child of an application in the registry: doubles, and the file it is linked to.

use domain::applications::{Path, Route, Stated};
use jiff::ToSpan;
use kernel::ids::{ApplicationId, ChildId, GrantId};
use kernel::roles::Action;
use store::applications::{Application, Linked, open_for, stated};
use store::registry::{
    ChildFile, Grant, Granted, Registered, Registration, child_index, files, known,
    known_elsewhere, likeness,
};
use store::work::Work;

use super::amend::changeable;
use super::draft::open_already;
use super::error::{ApplicationError, Obstacle, fresh, held, seen};

/// What an application is linked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linking {
    /// A file within reach.
    File(ChildId),
    /// A new file, of what is stated.
    New,
}

/// Files that may be the child's.
#[derive(Debug)]
pub struct Alike {
    /// Those within reach.
    pub files: Vec<ChildFile>,
    /// Whether the resident id is on file beyond reach: nothing but that it is.
    pub elsewhere: bool,
}

/// Looks for the child in the registry, by its resident id and by name, birth and county.
///
/// # Errors
/// [`ApplicationError::NotFound`].
pub async fn doubles(work: &mut Work, id: ApplicationId) -> Result<Alike, ApplicationError> {
    seen(work, Action::ViewApplications, id).await?;
    let stated = stated(work, id).await?;
    alike(work, &stated).await
}

async fn alike(work: &mut Work, stated: &Stated) -> Result<Alike, ApplicationError> {
    let sealer = work.store().sealer();
    let likeness = likeness(sealer, &stated.child);
    let id = stated.child.resident_id.as_ref();
    let ids: Vec<_> = id
        .map(|id| child_index(sealer, id.reveal()))
        .into_iter()
        .collect();
    let found = known(work, &ids, &[likeness]).await?;
    let mut children: Vec<ChildId> = found.iter().map(|known| known.child).collect();
    children.sort_unstable();
    children.dedup();
    Ok(Alike {
        files: files(work, &children).await?,
        elsewhere: !known_elsewhere(work, &ids).await?.is_empty(),
    })
}

/// Links an application to its child's file. An accepting unit that does not reach the child gets a look at the file
/// that ends with the case.
///
/// # Errors
/// [`Obstacle::Fixed`], [`Obstacle::LinkedAlready`], [`Obstacle::AnotherChild`], [`Obstacle::SealedFile`],
/// [`Obstacle::OpenAlready`], [`Obstacle::IdTaken`]; [`ApplicationError::NotFound`] for a file beyond the officer's own divisions.
pub async fn link(
    work: &mut Work,
    id: ApplicationId,
    version: i32,
    linking: Linking,
) -> Result<ChildId, ApplicationError> {
    let application = held(work, Action::HandleApplication, id).await?;
    changeable(work, &application)?;
    fresh(&application, version)?;
    if application.child.is_some() {
        return Err(Obstacle::LinkedAlready.into());
    }
    // A file opened before a sealed class is granted would show to everybody.
    if application.path == Path::Sealed && linking == Linking::New {
        return Err(Obstacle::Fixed.into());
    }
    let child = match linking {
        Linking::File(child) => child,
        Linking::New => register(work, &application).await?,
    };
    let file = files(work, &[child]).await?.pop();
    let file = file.ok_or(ApplicationError::NotFound)?;
    if !work.reach().contains(file.facts.household) {
        return Err(ApplicationError::NotFound);
    }
    // Linked to it, the case would be out of sight of whoever has to tell the family.
    if file.sealed && !application.is_sealed() {
        return Err(Obstacle::SealedFile.into());
    }
    if !stated(work, id).await?.is_of(&file.facts) {
        return Err(Obstacle::AnotherChild.into());
    }
    if !application.is_sealed() && open_for(work, child, id).await?.is_some() {
        return Err(Obstacle::OpenAlready.into());
    }
    let grant = look(work, &application, &file).await?;
    let linked = Linked {
        application: &application,
        child,
        grant,
    };
    work.apply(&linked).await.map_err(open_already)?;
    Ok(child)
}

/// Opens a file of what is stated.
async fn register(work: &mut Work, application: &Application) -> Result<ChildId, ApplicationError> {
    let stated = stated(work, application.id).await?;
    if !work.reach().contains(stated.child.household) {
        return Err(ApplicationError::NotFound);
    }
    let alike = alike(work, &stated).await?;
    let id = &stated.child.resident_id;
    let taken = id.is_some() && alike.files.iter().any(|file| file.facts.resident_id == *id);
    if taken || alike.elsewhere {
        return Err(Obstacle::IdTaken.into());
    }
    let registration = Registration {
        child: ChildId::generate(work.now(), work.store().entropy()),
        facts: stated.child,
        statuses: Vec::new(),
        placement: None,
        opened_on: work.store().clock().today(),
        row: None,
    };
    let child = registration.child;
    work.apply(&Registered(&[registration])).await?;
    Ok(child)
}

/// Gives the accepting unit its look at the file, where it is another unit than the one that verifies.
async fn look(
    work: &mut Work,
    application: &Application,
    file: &ChildFile,
) -> Result<Option<GrantId>, ApplicationError> {
    let case = &application.case;
    let needs = match application.path {
        Path::WithinCounty | Path::Provincewide | Path::Nationwide => {
            case.route() == Route::Elsewhere
        }
        // A home sees its own children, the county's bureau its own county's.
        Path::Home | Path::Sealed => false,
    };
    if !needs {
        return Ok(None);
    }
    // It ends with the case; should that be forgotten, within the year.
    let today = work.store().clock().today();
    let grant = Grant {
        id: GrantId::generate(work.now(), work.store().entropy()),
        unit: case.accepting,
        purpose: format!("异地受理 {}", application.number),
        until: today.saturating_add(365.days()),
    };
    let given = Granted {
        file,
        grant: &grant,
    };
    work.apply(&given).await?;
    Ok(Some(grant.id))
}
