//! What a comparison with the national system reads: the children of a place.

use std::collections::BTreeSet;

use domain::registry::Held;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::ChildId;

use crate::error::StoreError;
use crate::registry::known::blind;
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
