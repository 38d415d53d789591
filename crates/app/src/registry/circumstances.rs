//! What changes in a child's life and has days of its own: guardians, relatives, statuses, placements, grants.

use domain::registry::{Hidden, Relative, holds_number};
use jiff::civil::Date;
use kernel::category::Category;
use kernel::ids::{ChildId, GrantId, GuardianId, PlacementId, SpanId, UnitId};
use kernel::roles::{Action, can};
use store::registry::{
    Grant, GrantEnded, Granted, Guardian, GuardianEnded, GuardianEntered, Placed, Placement,
    PlacementEnded, RelativeStated, Span, SpanEnded, SpanEntered, guardians, placements, spans,
};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, file_for};

/// The years a grant may last at most, as days.
const LONGEST_GRANT: i32 = 366;

/// A guardian to enter.
#[derive(Debug, Clone)]
pub struct NewGuardian {
    /// Name.
    pub name: String,
    /// How related to the child.
    pub relation: Option<String>,
    /// Resident id.
    pub resident_id: Option<Hidden>,
    /// Phone numbers.
    pub phone: Option<Hidden>,
    /// The first day.
    pub from: Date,
}

/// Enters a guardian; whoever was guardian before ends on that day.
///
/// # Errors
/// [`Hindrance::Days`] for a first day in the future or before the present guardian's.
pub async fn enter_guardian(
    work: &mut Work,
    child: ChildId,
    new: NewGuardian,
) -> Result<GuardianId, CaseError> {
    let file = file_for(work, Action::EditChild, child).await?;
    let name = words("name", Some(&new.name))?;
    let relation = words("relation", new.relation.as_deref())?;
    not_later_than_today(work, new.from)?;
    let present = guardians(work, child).await?;
    for guardian in present.iter().filter(|guardian| guardian.to.is_none()) {
        if guardian.from > new.from {
            return Err(Hindrance::Days.into());
        }
        let ended = GuardianEnded {
            file: &file,
            guardian: guardian.id,
            to: new.from,
        };
        work.apply(&ended).await?;
    }
    let guardian = Guardian {
        id: GuardianId::generate(work.now(), work.store().entropy()),
        name,
        relation,
        resident_id: new.resident_id,
        phone: new.phone,
        from: new.from,
        to: None,
    };
    let entered = GuardianEntered {
        file: &file,
        guardian: &guardian,
    };
    work.apply(&entered).await?;
    Ok(guardian.id)
}

/// Ends a guardianship; `to` is the first day without.
///
/// # Errors
/// [`Hindrance::Ended`] where there is none to end.
pub async fn end_guardian(
    work: &mut Work,
    child: ChildId,
    guardian: GuardianId,
    to: Date,
) -> Result<(), CaseError> {
    let file = file_for(work, Action::EditChild, child).await?;
    let all = guardians(work, child).await?;
    let found = all.iter().find(|g| g.id == guardian && g.to.is_none());
    let from = found.ok_or(Hindrance::Ended)?.from;
    in_order(from, to)?;
    let ended = GuardianEnded {
        file: &file,
        guardian,
        to,
    };
    Ok(work.apply(&ended).await?)
}

/// States what is known of a relative, in the place of what was.
///
/// # Errors
/// [`CaseError::Edit`] for a field that does not fit.
pub async fn state_relative(
    work: &mut Work,
    child: ChildId,
    mut relative: Relative,
) -> Result<(), CaseError> {
    let file = file_for(work, Action::EditChild, child).await?;
    relative.name = words("name", relative.name.as_deref())?;
    relative.works_at = words("works_at", relative.works_at.as_deref())?;
    let stated = RelativeStated {
        file: &file,
        relative: &relative,
    };
    Ok(work.apply(&stated).await?)
}

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
    let file = file_for(work, Action::EditChild, child).await?;
    if category.is_sealed() && !can(work.role(), Action::SeeSealed) {
        return Err(Hindrance::SealedStatus.into());
    }
    not_later_than_today(work, from)?;
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

/// Ends a status; `to` is the first day on which it no longer holds.
///
/// # Errors
/// [`Hindrance::Ended`] where there is none to end.
pub async fn end_status(
    work: &mut Work,
    child: ChildId,
    span: SpanId,
    to: Date,
) -> Result<(), CaseError> {
    let file = file_for(work, Action::EditChild, child).await?;
    let held = spans(work, child).await?;
    let found = held.into_iter().find(|s| s.id == span && s.to.is_none());
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
/// [`Hindrance::StatusClash`] while another placement is open.
pub async fn place(
    work: &mut Work,
    child: ChildId,
    unit: UnitId,
    from: Date,
) -> Result<PlacementId, CaseError> {
    let file = file_for(work, Action::EditChild, child).await?;
    not_later_than_today(work, from)?;
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
    let file = file_for(work, Action::EditChild, child).await?;
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
/// [`Hindrance::NoPurpose`], [`Hindrance::Days`].
pub async fn grant(
    work: &mut Work,
    child: ChildId,
    unit: UnitId,
    purpose: &str,
    until: Date,
) -> Result<GrantId, CaseError> {
    let file = file_for(work, Action::EditChild, child).await?;
    let within = |division| work.reach().contains(division);
    if !within(file.facts.household) && !file.residence.is_some_and(within) {
        return Err(Hindrance::LeavesReach.into());
    }
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

/// Ends a grant today.
///
/// # Errors
/// [`CaseError::NotFound`] where there is none to end.
pub async fn end_grant(work: &mut Work, child: ChildId, grant: GrantId) -> Result<(), CaseError> {
    let file = file_for(work, Action::EditChild, child).await?;
    let today = work.store().clock().today();
    let until = today.yesterday().map_err(|_| Hindrance::Days)?;
    let ended = GrantEnded {
        file: &file,
        grant,
        until,
    };
    Ok(work.apply(&ended).await?)
}

/// A readable field: trimmed, not too long, without numbers.
fn words(field: &'static str, text: Option<&str>) -> Result<Option<String>, CaseError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > 200 || text.chars().any(char::is_control) {
        return Err(domain::registry::EditError::Misfit(field).into());
    }
    if holds_number(text) {
        return Err(domain::registry::EditError::HoldsNumber(field).into());
    }
    Ok(Some(text.to_owned()))
}

fn not_later_than_today(work: &Work, day: Date) -> Result<(), CaseError> {
    match day <= work.store().clock().today() {
        true => Ok(()),
        false => Err(Hindrance::Days.into()),
    }
}

fn in_order(from: Date, to: Date) -> Result<(), CaseError> {
    match from <= to {
        true => Ok(()),
        false => Err(Hindrance::Days.into()),
    }
}
