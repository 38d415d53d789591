//! Registering one child, and editing its file.

use domain::registry::{Amendment, Particulars, edit as decide};
use jiff::civil::Date;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::ChildId;
use kernel::journal::Subject;
use kernel::resident_id::ResidentId;
use kernel::roles::{Action, can};
use serde_json::{Map, Value};
use store::registry::{
    ChildFile, Edited, Registered, Registration, child_index, known, known_elsewhere,
    revisions_since,
};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, allowed, entered, file_to_change};
use super::circumstances::has_come;

/// An edit of a file that was read at a version.
#[derive(Debug, Clone)]
pub struct FileEdit {
    /// The version that was read.
    pub version: i32,
    /// The fields that change; null empties one. See [`domain::registry::EDITABLE_FIELDS`].
    pub fields: Map<String, Value>,
    /// The residence, where it changes: a division, or none beside the household.
    pub residence: Option<Option<Division>>,
}

/// Edits a file, and answers its new version.
///
/// # Errors
/// [`CaseError::Stale`] with what changed since the version that was read; [`CaseError::Edit`] for a field that does not
/// fit; [`Hindrance::LeavesReach`], [`Hindrance::NoSuchPlace`] and [`Hindrance::IdTaken`].
pub async fn edit(work: &mut Work, child: ChildId, edit: &FileEdit) -> Result<i32, CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    fresh(work, &file, edit.version).await?;
    let today = work.store().clock().today();
    let amendment = decide(&file.facts, &edit.fields, today)?;
    let residence = edit.residence.filter(|to| *to != file.residence);
    if amendment.is_none() && residence.is_none() {
        return Ok(file.version);
    }
    let lives_at = residence.unwrap_or(file.residence);
    if let Some(Amendment { after, .. }) = &amendment {
        stays(work, &file, after.household, lives_at)?;
        if after.household != file.facts.household {
            entered(work, after.household).await?;
        }
        if after.resident_id != file.facts.resident_id {
            id_is_free(work, child, after.resident_id.as_ref()).await?;
        }
    } else {
        stays(work, &file, file.facts.household, lives_at)?;
    }
    if let Some(Some(lives_at)) = residence {
        entered(work, lives_at).await?;
    }
    let edited = Edited {
        file: &file,
        amendment: amendment.as_ref(),
        residence,
    };
    work.apply(&edited).await?;
    Ok(file.version + 1)
}

/// The file is still the one that was read.
pub(super) async fn fresh(
    work: &mut Work,
    file: &ChildFile,
    version: i32,
) -> Result<(), CaseError> {
    if file.version == version {
        return Ok(());
    }
    let since = revisions_since(work, file.child, version).await?;
    Err(CaseError::Stale {
        read: version,
        since,
    })
}

/// Whoever edits a file still sees it afterwards, and by the same right: moving a child away is a transfer and not an
/// edit, and so is drawing one near that a placement or a grant shows for a while.
fn stays(
    work: &Work,
    file: &ChildFile,
    household: Division,
    residence: Option<Division>,
) -> Result<(), CaseError> {
    let within = |division: Division| work.reach().contains(division);
    let was_within = within(file.facts.household) || file.residence.is_some_and(within);
    let is_within = within(household) || residence.is_some_and(within);
    // A home sees its children by their placement, wherever they come from.
    match is_within == was_within && (was_within || household == file.facts.household) {
        true => Ok(()),
        false => Err(Hindrance::LeavesReach.into()),
    }
}

async fn id_is_free(
    work: &mut Work,
    child: ChildId,
    id: Option<&ResidentId>,
) -> Result<(), CaseError> {
    let Some(id) = id else { return Ok(()) };
    let digest = child_index(work.store().sealer(), id.reveal());
    let mut here = known(work, &[digest], &[]).await?;
    here.retain(|known| known.child != child);
    match here.is_empty() && known_elsewhere(work, &[digest]).await?.is_empty() {
        true => Ok(()),
        false => Err(Hindrance::IdTaken.into()),
    }
}

/// A child to register by hand.
#[derive(Debug, Clone)]
pub struct NewChild {
    /// Its name.
    pub name: String,
    /// Its household.
    pub household: Division,
    /// Further fields, as in [`FileEdit::fields`].
    pub fields: Map<String, Value>,
    /// The class it enters with, and its first day.
    pub status: Option<(Category, Date)>,
}

/// Opens a file for a child not yet known.
///
/// # Errors
/// As [`edit`]; [`Hindrance::NotYourPlace`] for a household elsewhere; [`Hindrance::SealedStatus`] for a role that enters no
/// sealed status.
pub async fn register(work: &mut Work, new: &NewChild) -> Result<ChildId, CaseError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(
        work,
        Action::RegisterChild,
        "registry.register_refused",
        unit,
    )
    .await?;
    if !work.reach().contains(new.household) {
        return Err(Hindrance::NotYourPlace.into());
    }
    entered(work, new.household).await?;
    let today = work.store().clock().today();
    let mut fields = new.fields.clone();
    fields.insert("name".into(), new.name.clone().into());
    let bare = Particulars::of("", new.household);
    let facts = decide(&bare, &fields, today)?.map_or(bare, |amendment| amendment.after);
    id_is_free(
        work,
        ChildId::from_uuid(uuid::Uuid::nil()),
        facts.resident_id.as_ref(),
    )
    .await?;
    if let Some((category, from)) = new.status {
        has_come(work, from)?;
        if category.is_sealed() && !can(work.role(), Action::SeeSealed) {
            return Err(Hindrance::SealedStatus.into());
        }
    }
    let child = ChildId::generate(work.now(), work.store().entropy());
    let registration = Registration {
        child,
        facts,
        statuses: new
            .status
            .iter()
            .map(|&(c, from)| (c, from, None))
            .collect(),
        placement: None,
        opened_on: today,
        row: None,
    };
    work.apply(&Registered(&[registration])).await?;
    Ok(child)
}
