//! What a comparison with the national system reads: the children of a place, and the differences that wait already.

use std::collections::BTreeSet;

use domain::registry::{Difference, Held};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::{ChildId, WorkItemId};

use crate::error::StoreError;
use crate::registry::known::blind;
use crate::seal::SealedAt;
use crate::work::Work;

/// The children of a place within reach, with the classes they hold on the day.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn held_in(work: &mut Work, place: Division, on: Date) -> Result<Vec<Held>, StoreError> {
    let range = place.range();
    let rows = sqlx::query!(
        r#"SELECT p.id, p.resident_id_index::bytea AS "resident_id?: Vec<u8>", c.national_number,
                  array_remove(array_agg(s.category ORDER BY s.category), NULL) AS "classes!"
           FROM registry_person p JOIN registry_child c ON c.id = p.id
           LEFT JOIN registry_span s ON s.child_id = p.id AND s.from_day <= $3 AND (s.to_day IS NULL OR s.to_day > $3)
           WHERE p.household_division >= $1 AND p.household_division < $2 AND p.household_division <@ (SELECT auth.reach())
           GROUP BY p.id, c.national_number ORDER BY p.household_division, p.name_order, p.id"#,
        range.start,
        range.end,
        on.to_sqlx() as _,
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let classes: Result<BTreeSet<Category>, _> =
                row.classes.iter().map(|class| class.parse()).collect();
            Ok(Held {
                child: ChildId::from_uuid(row.id),
                number: row.national_number,
                resident_id: row.resident_id.as_deref().map(blind).transpose()?,
                classes: classes.map_err(|_| StoreError::Corrupt {
                    table: "registry_span",
                    column: "category",
                })?,
            })
        })
        .collect()
}

/// A difference that waits for an officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingDifference {
    /// Its work item.
    pub item: WorkItemId,
    /// What differs.
    pub difference: Difference,
    /// The child on file, if there is one.
    pub child: Option<ChildId>,
    /// The row as the list had it, if it is about one.
    pub raw: Option<String>,
}

/// The differences of a place that wait for an officer.
///
/// # Errors
/// When the database does not answer or a sealed cell does not open.
pub async fn waiting_differences(
    work: &mut Work,
    place: Division,
) -> Result<Vec<WaitingDifference>, StoreError> {
    let codes = Difference::ALL.map(|difference| difference.code().to_owned());
    let rows = sqlx::query!(
        r#"SELECT id, code, child_id, raw::bytea AS raw FROM registry_work_item
           WHERE cleared_at IS NULL AND division = $1 AND code = ANY ($2) ORDER BY id"#,
        place.code(),
        &codes,
    )
    .fetch_all(work.conn())
    .await?;
    let sealer = work.store().sealer();
    let corrupt = |column| StoreError::Corrupt {
        table: "registry_work_item",
        column,
    };
    rows.into_iter()
        .map(|row| {
            let mut every = Difference::ALL.into_iter();
            let difference = every.find(|difference| difference.code() == row.code);
            let at = SealedAt {
                table: "registry_work_item",
                column: "raw",
                row: row.id,
            };
            let raw = row.raw.map(|raw| sealer.open(at, &raw)).transpose()?;
            let raw = raw.map(|raw| String::from_utf8(raw.to_vec()));
            Ok(WaitingDifference {
                item: WorkItemId::from_uuid(row.id),
                difference: difference.ok_or_else(|| corrupt("code"))?,
                child: row.child_id.map(ChildId::from_uuid),
                raw: raw.transpose().map_err(|_| corrupt("raw"))?,
            })
        })
        .collect()
}
