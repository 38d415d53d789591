//! How facts become sealed columns: one place that names the table, the column and the row.

use domain::registry::{Hidden, Particulars};
use uuid::Uuid;

use crate::registry::known::Blind;
use crate::seal::{SealError, SealedAt, Sealer};

/// The purposes of blind indexes: the same number in two purposes gives two digests.
pub(crate) mod purpose {
    /// Resident ids of children.
    pub(crate) const CHILD: &str = "child.resident_id";
    /// Resident ids of guardians and relatives.
    pub(crate) const KIN: &str = "kin.resident_id";
    /// Phone numbers.
    pub(crate) const PHONE: &str = "phone";
    /// What a child is known by without a resident id: name, birth and county.
    pub(crate) const LIKENESS: &str = "child.likeness";
    /// A normalised ledger row.
    pub(crate) const ROW: &str = "ledger.row";
    /// A ledger file.
    pub(crate) const FILE: &str = "ledger.file";
}

/// The digest a resident id of a child is found by.
#[must_use]
pub fn child_index(sealer: &Sealer, id: &str) -> Blind {
    sealer.blind_index(purpose::CHILD, id)
}

/// The digest a child is found by where a row brings no resident id.
#[must_use]
pub fn likeness(sealer: &Sealer, facts: &Particulars) -> Blind {
    sealer.blind_index(purpose::LIKENESS, &facts.likeness_key())
}

/// Seals an optional secret for its place.
pub(crate) fn seal(
    sealer: &Sealer,
    table: &'static str,
    column: &'static str,
    row: Uuid,
    secret: Option<&str>,
) -> Option<Vec<u8>> {
    secret.map(|text| sealer.seal(SealedAt { table, column, row }, text.as_bytes()))
}

/// Opens an optional secret from its place.
pub(crate) fn open(
    sealer: &Sealer,
    table: &'static str,
    column: &'static str,
    row: Uuid,
    sealed: Option<&[u8]>,
) -> Result<Option<Hidden>, SealError> {
    let Some(bytes) = sealed else { return Ok(None) };
    let plain = sealer.open(SealedAt { table, column, row }, bytes)?;
    Ok(Some(Hidden::new(
        String::from_utf8_lossy(&plain).into_owned(),
    )))
}

/// The digest of an optional secret.
pub(crate) fn index(sealer: &Sealer, purpose: &str, secret: Option<&str>) -> Option<Vec<u8>> {
    secret.map(|text| sealer.blind_index(purpose, text).to_vec())
}
