//! Who belongs to a child: guardians, with the days they answer for it, and relatives.

use domain::registry::{EditError, Hidden, Relation, Relative};
use jiff::civil::Date;
use kernel::ids::{ChildId, GuardianId};
use kernel::resident_id::ResidentId;
use kernel::roles::Action;
use store::registry::{
    Guardian, GuardianCorrected, GuardianEnded, GuardianEntered, RelativeRemoved, RelativeStated,
    guardians,
};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, file_to_change};
use super::circumstances::{has_come, in_order, words};

/// The most characters of a field of phone numbers.
const LONGEST_PHONE: usize = 100;

/// A guardian to enter.
#[derive(Debug, Clone)]
pub struct NewGuardian {
    /// Name.
    pub name: String,
    /// How related to the child.
    pub relation: Option<String>,
    /// Resident id.
    pub resident_id: Option<Hidden>,
    /// Phone numbers, several divided by a slash.
    pub phone: Option<Hidden>,
    /// The first day.
    pub from: Date,
}

/// Enters a guardian; whoever was guardian before ends on that day.
///
/// # Errors
/// [`Hindrance::Days`] for a first day in the future or before the present guardian's; [`CaseError::Edit`] for a field
/// that does not fit.
pub async fn enter_guardian(
    work: &mut Work,
    child: ChildId,
    new: NewGuardian,
) -> Result<GuardianId, CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    let guardian = Guardian {
        id: GuardianId::generate(work.now(), work.store().entropy()),
        name: Some(required_name(&new.name)?),
        relation: words("relation", new.relation.as_deref())?,
        resident_id: sound_id(new.resident_id)?,
        phone: phones(new.phone)?,
        from: new.from,
        to: None,
    };
    has_come(work, new.from)?;
    let present = guardians(work, child).await?;
    for before in present.iter().filter(|guardian| guardian.to.is_none()) {
        if before.from > new.from {
            return Err(Hindrance::Days.into());
        }
        let ended = GuardianEnded {
            file: &file,
            guardian: before.id,
            to: new.from,
        };
        work.apply(&ended).await?;
    }
    let entered = GuardianEntered {
        file: &file,
        guardian: &guardian,
    };
    work.apply(&entered).await?;
    Ok(guardian.id)
}

/// What is put right about a guardian. What is left out stays; an inner nothing empties.
#[derive(Debug, Clone, Default)]
pub struct GuardianCorrection {
    /// Name.
    pub name: Option<String>,
    /// How related to the child.
    pub relation: Option<Option<String>>,
    /// Resident id.
    pub resident_id: Option<Option<Hidden>>,
    /// Phone numbers.
    pub phone: Option<Option<Hidden>>,
    /// The first day.
    pub from: Option<Date>,
}

/// Puts right what was entered wrong about a guardian, past or present; another person is entered as another guardian.
///
/// # Errors
/// [`Hindrance::Ended`] where there is no such guardian; otherwise as [`enter_guardian`].
pub async fn correct_guardian(
    work: &mut Work,
    child: ChildId,
    guardian: GuardianId,
    right: GuardianCorrection,
) -> Result<(), CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    let all = guardians(work, child).await?;
    let was = all.into_iter().find(|g| g.id == guardian);
    let was = was.ok_or(Hindrance::Ended)?;
    let mut is = was.clone();
    if let Some(name) = &right.name {
        is.name = Some(required_name(name)?);
    }
    if let Some(relation) = &right.relation {
        is.relation = words("relation", relation.as_deref())?;
    }
    if let Some(id) = right.resident_id {
        is.resident_id = sound_id(id)?;
    }
    if let Some(phone) = right.phone {
        is.phone = phones(phone)?;
    }
    if let Some(from) = right.from {
        has_come(work, from)?;
        in_order(from, was.to.unwrap_or(from))?;
        is.from = from;
    }
    if is == was {
        return Ok(());
    }
    let corrected = GuardianCorrected {
        file: &file,
        was: &was,
        is: &is,
    };
    Ok(work.apply(&corrected).await?)
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
    let file = file_to_change(work, Action::EditChild, child).await?;
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

/// What is stated of a relative. What is left out stays; an inner nothing empties.
#[derive(Debug, Clone, Default)]
pub struct RelativeStatement {
    /// Name.
    pub name: Option<Option<String>>,
    /// Resident id.
    pub resident_id: Option<Option<Hidden>>,
    /// Phone numbers.
    pub phone: Option<Option<Hidden>>,
    /// Where the person works.
    pub works_at: Option<Option<String>>,
}

/// States what is known of a relative: a new one, or more of one on file.
///
/// # Errors
/// [`CaseError::Edit`] for a field that does not fit.
pub async fn state_relative(
    work: &mut Work,
    child: ChildId,
    relation: Relation,
    stated: RelativeStatement,
) -> Result<(), CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    let mut known = file.facts.relatives.iter();
    let known = known.find(|relative| relative.relation == relation);
    let mut relative = known.cloned().unwrap_or(Relative {
        relation,
        name: None,
        resident_id: None,
        phone: None,
        works_at: None,
    });
    if let Some(name) = &stated.name {
        relative.name = words("name", name.as_deref())?;
    }
    if let Some(works_at) = &stated.works_at {
        relative.works_at = words("works_at", works_at.as_deref())?;
    }
    if let Some(id) = stated.resident_id {
        relative.resident_id = sound_id(id)?;
    }
    if let Some(phone) = stated.phone {
        relative.phone = phones(phone)?;
    }
    if known == Some(&relative) {
        return Ok(());
    }
    let stated = RelativeStated {
        file: &file,
        relative: &relative,
    };
    Ok(work.apply(&stated).await?)
}

/// Takes a relative off the file: one entered by mistake, or another child's. One who died stays.
///
/// # Errors
/// [`Hindrance::Ended`] where there is none.
pub async fn remove_relative(
    work: &mut Work,
    child: ChildId,
    relation: Relation,
) -> Result<(), CaseError> {
    let file = file_to_change(work, Action::EditChild, child).await?;
    let mut known = file.facts.relatives.iter();
    if !known.any(|relative| relative.relation == relation) {
        return Err(Hindrance::Ended.into());
    }
    let removed = RelativeRemoved {
        file: &file,
        relation,
    };
    Ok(work.apply(&removed).await?)
}

fn required_name(name: &str) -> Result<String, CaseError> {
    words("name", Some(name))?.ok_or_else(|| misfit("name"))
}

/// A resident id that is one, as it is kept.
fn sound_id(id: Option<Hidden>) -> Result<Option<Hidden>, CaseError> {
    let Some(id) = id.filter(|id| !id.reveal().trim().is_empty()) else {
        return Ok(None);
    };
    let id = ResidentId::parse(id.reveal().trim()).map_err(|_| misfit("resident_id"))?;
    Ok(Some(Hidden::new(id.reveal())))
}

/// Phone numbers: digits, and what stands between them.
fn phones(phone: Option<Hidden>) -> Result<Option<Hidden>, CaseError> {
    let Some(phone) = phone else { return Ok(None) };
    let text = phone.reveal().trim();
    let fits = |c: char| c.is_ascii_digit() || " +-/()".contains(c);
    if text.len() > LONGEST_PHONE || !text.chars().all(fits) {
        return Err(misfit("phone"));
    }
    Ok((!text.is_empty()).then(|| Hidden::new(text)))
}

fn misfit(field: &'static str) -> CaseError {
    EditError::Misfit(field).into()
}
