//! Joining a doubled child's file to the one that is kept, and parting them again.

use domain::registry::{Amendment, Particulars, amend, parted};
use kernel::ids::{ChildId, MergeId};
use kernel::journal::Subject;
use kernel::roles::Action;
use store::registry::{Merge, MergeUndone, Merged, Span, merges_within, spans};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, allowed, file_for, hold_for};
use super::edit::fresh;

/// Two files of one child, each at the version that was read.
#[derive(Debug, Clone, Copy)]
pub struct Doubles {
    /// The file to keep.
    pub kept: ChildId,
    /// Its version.
    pub kept_version: i32,
    /// The file that doubles it.
    pub doubled: ChildId,
    /// Its version.
    pub doubled_version: i32,
}

/// Joins the doubled file to the one that is kept, which takes over what it did not know.
///
/// # Errors
/// [`Hindrance::TwoIds`] where both hold a resident id, [`Hindrance::StatusesExclude`] where they hold classes of one group
/// at the same time, [`Hindrance::NotAnswerable`] for an officer who sees one by a placement or a grant alone;
/// [`CaseError::Stale`] where one changed since it was read.
pub async fn merge(work: &mut Work, doubles: Doubles) -> Result<MergeId, CaseError> {
    let both = [doubles.kept, doubles.doubled];
    hold_for(work, Action::MergeChildren, &both).await?;
    let kept = file_for(work, Action::MergeChildren, doubles.kept).await?;
    let doubled = file_for(work, Action::MergeChildren, doubles.doubled).await?;
    if kept.child == doubled.child {
        return Err(Hindrance::SameFile.into());
    }
    fresh(work, &kept, doubles.kept_version).await?;
    fresh(work, &doubled, doubles.doubled_version).await?;
    for file in [&kept, &doubled] {
        let within = |division| work.reach().contains(division);
        if !within(file.facts.household) && !file.residence.is_some_and(within) {
            return Err(Hindrance::NotAnswerable.into());
        }
    }
    if kept.facts.resident_id.is_some() && doubled.facts.resident_id.is_some() {
        return Err(Hindrance::TwoIds.into());
    }
    let (held, others) = (
        spans(work, kept.child).await?,
        spans(work, doubled.child).await?,
    );
    let excludes = |one: &Span, other: &Span| one.category != other.category && one.clashes(other);
    if held
        .iter()
        .any(|one| others.iter().any(|other| excludes(one, other)))
    {
        return Err(Hindrance::StatusesExclude.into());
    }
    let amendment = taken_over(&kept.facts, &doubled.facts);
    let id = MergeId::generate(work.now(), work.store().entropy());
    let merged = Merged {
        id,
        kept: &kept,
        doubled: &doubled,
        amendment: amendment.as_ref(),
    };
    work.apply(&merged).await?;
    Ok(id)
}

/// What the kept file takes over: fields it lacks. Guardians and relatives change hands as rows.
fn taken_over(kept: &Particulars, doubled: &Particulars) -> Option<Amendment> {
    let bare = |facts: &Particulars| Particulars {
        guardian_name: None,
        guardian_relation: None,
        guardian_phone: None,
        guardian_resident_id: None,
        relatives: Vec::new(),
        ..facts.clone()
    };
    amend(&bare(kept), None, &bare(doubled), true)
}

/// The merges that the officer may undo, or undid; into one child's file, if it is given.
///
/// # Errors
/// [`CaseError::NotFound`] for a role that merges none.
pub async fn merges(
    work: &mut Work,
    child: Option<ChildId>,
    before: Option<MergeId>,
    size: u16,
) -> Result<Vec<Merge>, CaseError> {
    let unit = Subject::new("unit", work.unit().uuid());
    allowed(work, Action::MergeChildren, "registry.merges_refused", unit).await?;
    Ok(merges_within(work, child, before, size).await?)
}

/// Parts two files again: rows go back, and the kept file gives up what it had from the double and holds unchanged.
///
/// # Errors
/// [`Hindrance::Ended`] for a merge that is undone already.
pub async fn undo_merge(work: &mut Work, merge: MergeId) -> Result<(), CaseError> {
    let subject = Subject::new("merge", merge.uuid());
    allowed(
        work,
        Action::MergeChildren,
        "registry.merge_refused",
        subject,
    )
    .await?;
    let (merge, kept) = store::registry::merge(work, merge).await?;
    if merge.undone_at.is_some() {
        return Err(Hindrance::Ended.into());
    }
    let snapshot = &merge.snapshot;
    let parted = parted(&kept.facts, &snapshot.kept, &snapshot.joined);
    let undone = MergeUndone {
        merge: &merge,
        kept: &kept,
        parted: &parted,
    };
    Ok(work.apply(&undone).await?)
}
