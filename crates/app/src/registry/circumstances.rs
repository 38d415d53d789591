//! What changes in a child's life and has days of its own: statuses, placements, grants.

use domain::registry::{EARLIEST_DAY, EditError, holds_number};
use jiff::civil::Date;
use kernel::category::Category;
use kernel::ids::{ChildId, GrantId, PlacementId, SpanId, UnitId};
use kernel::roles::{Action, can};
use store::registry::{
    ChildFile, Grant, GrantEnded, Granted, Placed, Placement, PlacementEnded, Span, SpanEnded,
    SpanEntered, grants, placements, spans,
};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, file_to_change, is_answered_for};

/// The years a grant may last at most, as days.
const LONGEST_GRANT: i32 = 366;

/// Opens a status.
///
/// # Errors
/// [`Hindrance::StatusClash`] while another of the group holds, [`Hindrance::SealedStatus`] for a role that enters none.
pub async fn enter_status(
    work: &mut Work,
    child: ChildId,
    category: Category,
    from: Date,
    to: Option<Date>,
) -> Result<SpanId, CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    if category.is_sealed() && !can(work.role(), Action::SeeSealed) {
        return Err(Hindrance::SealedStatus.into());
    }
    has_come(work, from)?;
    if let Some(to) = to {
        in_order(from, to)?;
    }
    let span = Span {
        id: SpanId::generate(work.now(), work.store().entropy()),
        category,
        from,
        to,
    };
    let held = spans(work, child).await?;
    if held.iter().any(|other| other.clashes(&span)) {
        return Err(Hindrance::StatusClash.into());
    }
    work.apply(&SpanEntered { file: &file, span }).await?;
    Ok(span.id)
}

/// Ends a status; `to` is the first day on which it no longer holds. An end that is yet to come may be put right.
///
/// # Errors
/// [`Hindrance::Ended`] where there is none to end.
pub async fn end_status(
    work: &mut Work,
    child: ChildId,
    span: SpanId,
    to: Date,
) -> Result<(), CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    let held = spans(work, child).await?;
    let today = work.store().clock().today();
    let mut lasting = held.into_iter().filter(|span| span.lasts(today));
    let found = lasting.find(|lasting| lasting.id == span);
    let span = found.ok_or(Hindrance::Ended)?;
    in_order(span.from, to)?;
    let ended = SpanEnded {
        file: &file,
        span,
        to,
    };
    Ok(work.apply(&ended).await?)
}

/// Places a child in a unit, which sees its file from then on.
///
/// # Errors
/// [`Hindrance::StatusClash`] while another placement is open; [`Hindrance::NotAnswerable`] as for [`grant`]: a look
/// given for a time must not be made to last by placing the child with oneself.
pub async fn place(
    work: &mut Work,
    child: ChildId,
    unit: UnitId,
    from: Date,
) -> Result<PlacementId, CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    answers_for(work, &file)?;
    has_come(work, from)?;
    let held = placements(work, child).await?;
    if held.iter().any(|p| p.to.is_none_or(|to| to > from)) {
        return Err(Hindrance::StatusClash.into());
    }
    let placement = Placement {
        id: PlacementId::generate(work.now(), work.store().entropy()),
        unit,
        from,
        to: None,
    };
    if !store::registry::unit_exists(work, unit).await? {
        return Err(Hindrance::NoSuchPlace.into());
    }
    let placed = Placed {
        file: &file,
        placement,
    };
    work.apply(&placed).await?;
    Ok(placement.id)
}

/// Ends a placement; `to` is the first day elsewhere.
///
/// # Errors
/// [`Hindrance::Ended`] where there is none to end.
pub async fn end_placement(
    work: &mut Work,
    child: ChildId,
    placement: PlacementId,
    to: Date,
) -> Result<(), CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    let held = placements(work, child).await?;
    let found = held.iter().find(|p| p.id == placement && p.to.is_none());
    in_order(found.ok_or(Hindrance::Ended)?.from, to)?;
    let ended = PlacementEnded {
        file: &file,
        placement,
        to,
    };
    Ok(work.apply(&ended).await?)
}

/// Grants a unit a look at one file until a day, at most a year ahead.
///
/// # Errors
/// [`Hindrance::NoPurpose`], [`Hindrance::Days`]; [`Hindrance::NotAnswerable`] for an officer who sees the file by a
/// placement or a grant alone.
pub async fn grant(
    work: &mut Work,
    child: ChildId,
    unit: UnitId,
    purpose: &str,
    until: Date,
) -> Result<GrantId, CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    answers_for(work, &file)?;
    let purpose = words("purpose", Some(purpose))?.ok_or(Hindrance::NoPurpose)?;
    let today = work.store().clock().today();
    let lasts = until.since(today).map_or(i32::MAX, |span| span.get_days());
    if !(0..=LONGEST_GRANT).contains(&lasts) {
        return Err(Hindrance::Days.into());
    }
    if !store::registry::unit_exists(work, unit).await? {
        return Err(Hindrance::NoSuchPlace.into());
    }
    let grant = Grant {
        id: GrantId::generate(work.now(), work.store().entropy()),
        unit,
        purpose,
        until,
    };
    let granted = Granted {
        file: &file,
        grant: &grant,
    };
    work.apply(&granted).await?;
    Ok(grant.id)
}

/// Withdraws a grant: from today on the unit no longer sees the file.
///
/// # Errors
/// [`Hindrance::Ended`] where there is none to withdraw; [`Hindrance::NotAnswerable`] as for [`grant`].
pub async fn end_grant(work: &mut Work, child: ChildId, grant: GrantId) -> Result<(), CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    let today = work.store().clock().today();
    answers_for(work, &file)?;
    let held = grants(work, child).await?;
    if !held.iter().any(|g| g.id == grant && g.until >= today) {
        return Err(Hindrance::Ended.into());
    }
    let until = today.yesterday().map_err(|_| Hindrance::Days)?;
    let ended = GrantEnded {
        file: &file,
        grant,
        until,
    };
    Ok(work.apply(&ended).await?)
}

/// What is given to another unit is given by one that answers for the child by its divisions.
fn answers_for(work: &Work, file: &ChildFile) -> Result<(), CaseError> {
    match is_answered_for(work, file) {
        true => Ok(()),
        false => Err(Hindrance::NotAnswerable.into()),
    }
}

/// A readable field: trimmed, not too long, without numbers.
pub(super) fn words(field: &'static str, text: Option<&str>) -> Result<Option<String>, CaseError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > 200 || text.chars().any(char::is_control) {
        return Err(EditError::Misfit(field).into());
    }
    if holds_number(text) {
        return Err(EditError::HoldsNumber(field).into());
    }
    Ok(Some(text.to_owned()))
}

/// A day that has come, and of which something can be told.
pub(super) fn has_come(work: &Work, day: Date) -> Result<(), CaseError> {
    match (EARLIEST_DAY..=work.store().clock().today()).contains(&day) {
        true => Ok(()),
        false => Err(Hindrance::Days.into()),
    }
}

pub(super) fn in_order(from: Date, to: Date) -> Result<(), CaseError> {
    match from <= to {
        true => Ok(()),
        false => Err(Hindrance::Days.into()),
    }
}
