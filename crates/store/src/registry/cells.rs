//! What of a child's file is worked out before it is written: its secrets, sealed for the very cells they will stand in,
//! and the place of its name among others.
//!
//! **Invariant.** This looks at nothing but the facts and the keys, so it can be done ahead, beside the database.

use domain::registry::{Hidden, Particulars, Relative, name_order};
use jiff::Timestamp;
use kernel::clock::Entropy;
use kernel::ids::{ChildId, GuardianId, LedgerId};
use uuid::Uuid;

use crate::registry::columns::{likeness, purpose, seal};
use crate::registry::known::Blind;
use crate::registry::ledger::RowTaken;
use crate::registry::register::Registration;
use crate::seal::{SealedAt, Sealer};
use crate::work::Pen;

/// What a file is made ready with.
#[derive(Clone, Copy)]
pub struct Preparing<'a> {
    /// Seals what must be sealed.
    pub sealer: &'a Sealer,
    /// Chance for the ids of dependent rows.
    pub entropy: &'a dyn Entropy,
    /// The moment of the work.
    pub now: Timestamp,
}

impl<'a> Preparing<'a> {
    pub(crate) fn of(pen: &Pen<'a>) -> Self {
        Self {
            sealer: pen.sealer,
            entropy: pen.entropy,
            now: pen.now,
        }
    }
}

/// Those of a file.
pub(crate) struct FileCells {
    pub(crate) name_order: String,
    pub(crate) resident_id: Option<Vec<u8>>,
    pub(crate) resident_id_index: Option<Blind>,
    pub(crate) likeness: Blind,
    pub(crate) address: Option<Vec<u8>>,
    pub(crate) bank_account: Option<Vec<u8>>,
    pub(crate) note: Option<Vec<u8>>,
    pub(crate) guardian: Option<GuardianCells>,
    /// In the order of the relatives.
    pub(crate) relatives: Vec<RelativeCells>,
    pub(crate) row: Option<RowCells>,
}

impl FileCells {
    pub(crate) fn seal(registration: &Registration, with: &Preparing<'_>) -> Self {
        let (sealer, facts) = (with.sealer, &registration.facts);
        let id = registration.child.uuid();
        let resident_id = facts.resident_id.as_ref().map(|id| id.reveal());
        let sealed = |column, secret: &Option<Hidden>| {
            let secret = secret.as_ref().map(Hidden::reveal);
            seal(sealer, "registry_child", column, id, secret)
        };
        Self {
            name_order: name_order(&facts.name),
            resident_id: seal(sealer, "registry_person", "resident_id", id, resident_id),
            resident_id_index: resident_id.map(|text| sealer.blind_index(purpose::CHILD, text)),
            likeness: likeness(sealer, facts),
            address: sealed("address", &facts.address),
            bank_account: sealed("bank_account", &facts.bank_account),
            note: sealed("note", &facts.note),
            guardian: has_guardian(facts).then(|| GuardianCells::seal(facts, with)),
            relatives: facts
                .relatives
                .iter()
                .map(|r| RelativeCells::seal(relative_id(registration.child, r), r, sealer))
                .collect(),
            row: registration
                .row
                .as_ref()
                .map(|row| RowCells::seal(row, with)),
        }
    }
}

/// Whether a file names a guardian at all.
pub(crate) fn has_guardian(facts: &Particulars) -> bool {
    facts.guardian_name.is_some()
        || facts.guardian_phone.is_some()
        || facts.guardian_resident_id.is_some()
}

/// The row of a relative who is new on a file.
pub(crate) fn relative_id(child: ChildId, relative: &Relative) -> Uuid {
    let mut bytes = *child.uuid().as_bytes();
    bytes[15] ^= relative.relation as u8 + 1;
    Uuid::from_bytes(bytes)
}

/// A guardian's.
pub(crate) struct GuardianCells {
    pub(crate) id: Uuid,
    pub(crate) contact: ContactCells,
}

impl GuardianCells {
    pub(crate) fn seal(facts: &Particulars, with: &Preparing<'_>) -> Self {
        let id = GuardianId::generate(with.now, with.entropy).uuid();
        let (resident_id, phone) = (&facts.guardian_resident_id, &facts.guardian_phone);
        Self {
            id,
            contact: ContactCells::seal("registry_guardian", id, resident_id, phone, with.sealer),
        }
    }
}

/// A relative's.
pub(crate) struct RelativeCells {
    pub(crate) id: Uuid,
    pub(crate) contact: ContactCells,
}

impl RelativeCells {
    pub(crate) fn seal(id: Uuid, relative: &Relative, sealer: &Sealer) -> Self {
        let (resident_id, phone) = (&relative.resident_id, &relative.phone);
        Self {
            id,
            contact: ContactCells::seal("registry_relative", id, resident_id, phone, sealer),
        }
    }
}

/// Those of whoever can be reached for a child.
pub(crate) struct ContactCells {
    resident_id: Option<Vec<u8>>,
    resident_id_index: Option<Blind>,
    phone: Option<Vec<u8>>,
    phone_index: Option<Blind>,
}

impl ContactCells {
    fn seal(
        table: &'static str,
        id: Uuid,
        resident_id: &Option<Hidden>,
        phone: &Option<Hidden>,
        sealer: &Sealer,
    ) -> Self {
        let resident_id = resident_id.as_ref().map(Hidden::reveal);
        let phone = phone.as_ref().map(Hidden::reveal);
        Self {
            resident_id: seal(sealer, table, "resident_id", id, resident_id),
            resident_id_index: resident_id.map(|text| sealer.blind_index(purpose::KIN, text)),
            phone: seal(sealer, table, "phone", id, phone),
            phone_index: phone.map(|text| sealer.blind_index(purpose::PHONE, text)),
        }
    }
}

/// Contacts by columns, as a statement takes them.
pub(crate) struct Contacts<'a> {
    pub(crate) resident_id: Vec<Option<&'a [u8]>>,
    pub(crate) resident_id_index: Vec<Option<&'a [u8]>>,
    pub(crate) phone: Vec<Option<&'a [u8]>>,
    pub(crate) phone_index: Vec<Option<&'a [u8]>>,
}

impl<'a> Contacts<'a> {
    pub(crate) fn of(contacts: impl Iterator<Item = &'a ContactCells> + Clone) -> Self {
        let index = |index: &'a Option<Blind>| index.as_ref().map(Blind::as_slice);
        Self {
            resident_id: contacts.clone().map(|c| c.resident_id.as_deref()).collect(),
            resident_id_index: contacts
                .clone()
                .map(|c| index(&c.resident_id_index))
                .collect(),
            phone: contacts.clone().map(|c| c.phone.as_deref()).collect(),
            phone_index: contacts.map(|c| index(&c.phone_index)).collect(),
        }
    }
}

/// A ledger row's.
pub(crate) struct RowCells {
    pub(crate) id: Uuid,
    pub(crate) content: Vec<u8>,
}

impl RowCells {
    pub(crate) fn seal(row: &RowTaken, with: &Preparing<'_>) -> Self {
        let id = LedgerId::generate(with.now, with.entropy).uuid();
        let cell = SealedAt {
            table: "registry_ledger_row",
            column: "content",
            row: id,
        };
        Self {
            id,
            content: with.sealer.seal(cell, &row.content),
        }
    }
}
