//! Showing one secret of a file in full: an action of its own, which the journal learns of.

use domain::registry::{Hidden, Relation};
use kernel::ids::{ChildId, GuardianId};
use kernel::roles::Action;
use store::registry::{ChildFile, Shown, ShownPart, guardians};
use store::work::Work;

use super::case_error::{CaseError, Hindrance, file_for};

/// A secret of a child's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// The child's resident id.
    ResidentId,
    /// The street address.
    Address,
    /// The account number.
    BankAccount,
    /// The remark.
    Note,
    /// A guardian's resident id.
    GuardianResidentId(GuardianId),
    /// A guardian's phone numbers.
    GuardianPhone(GuardianId),
    /// A relative's resident id.
    RelativeResidentId(Relation),
    /// A relative's phone numbers.
    RelativePhone(Relation),
}

impl Secret {
    const fn name(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::Address => "address",
            Self::BankAccount => "bank_account",
            Self::Note => "note",
            Self::GuardianResidentId(_) => "guardian_resident_id",
            Self::GuardianPhone(_) => "guardian_phone",
            Self::RelativeResidentId(_) => "relative_resident_id",
            Self::RelativePhone(_) => "relative_phone",
        }
    }
}

/// Shows a secret for the purpose of the work; the journal has it before the officer does.
///
/// # Errors
/// [`CaseError::NotFound`] also where the file does not hold this secret.
pub async fn reveal(work: &mut Work, child: ChildId, secret: Secret) -> Result<String, CaseError> {
    let file = file_for(work, Action::RevealSecret, child).await?;
    let value = value_of(work, &file, secret).await?;
    let value = value.ok_or(CaseError::NotFound)?;
    let what = ShownPart::Secret(secret.name());
    work.apply(&Shown { file: &file, what }).await?;
    Ok(value)
}

async fn value_of(
    work: &mut Work,
    file: &ChildFile,
    secret: Secret,
) -> Result<Option<String>, CaseError> {
    let facts = &file.facts;
    let text = |hidden: &Option<Hidden>| hidden.as_ref().map(|h| h.reveal().to_owned());
    let relative = |relation| facts.relatives.iter().find(|r| r.relation == relation);
    Ok(match secret {
        Secret::ResidentId => facts.resident_id.as_ref().map(|id| id.reveal().to_owned()),
        Secret::Address => text(&facts.address),
        Secret::BankAccount => text(&facts.bank_account),
        Secret::Note => text(&facts.note),
        Secret::RelativeResidentId(relation) => {
            relative(relation).and_then(|r| text(&r.resident_id))
        }
        Secret::RelativePhone(relation) => relative(relation).and_then(|r| text(&r.phone)),
        Secret::GuardianResidentId(id) | Secret::GuardianPhone(id) => {
            let found = guardians(work, file.child).await?;
            let guardian = found.into_iter().find(|guardian| guardian.id == id);
            let guardian = guardian.ok_or(Hindrance::Ended)?;
            match secret {
                Secret::GuardianPhone(_) => text(&guardian.phone),
                _ => text(&guardian.resident_id),
            }
        }
    })
}
