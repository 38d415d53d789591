//! What a comparison with a list of another department reads: whom its resident ids name among the children of a place, and
//! under which classes those draw an allowance.

use std::collections::BTreeSet;

use domain::registry::{Bond, IdDigest, Kinship, Listable};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::category::Category;
use kernel::division::Division;
use kernel::ids::ChildId;
use uuid::Uuid;

use crate::error::StoreError;
use crate::registry::columns::purpose;
use crate::registry::known::{Blind, blind};
use crate::seal::Sealer;
use crate::work::Work;

/// The digest a resident id of a relative or guardian is found by.
#[must_use]
pub fn kin_index(sealer: &Sealer, id: &str) -> Blind {
    sealer.blind_index(purpose::KIN, id)
}

/// Whom these resident ids name among the children of a place within reach and those who belong to them on the day: the
/// children by `as_child`, their parents and guardians by `as_kin`.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn bonds(
    work: &mut Work,
    place: Division,
    (as_child, as_kin): (&[IdDigest], &[IdDigest]),
    on: Date,
) -> Result<Vec<Bond>, StoreError> {
    let range = place.range();
    let bytes = |digests: &[IdDigest]| digests.iter().map(|one| one.to_vec()).collect::<Vec<_>>();
    // MATERIALIZED: few of the many are named, and whoever joins the children first reads all relatives for each of them.
    let rows = sqlx::query!(
        r#"WITH b AS MATERIALIZED (
               SELECT o.id AS child_id, 'child' AS kinship, o.resident_id_index::bytea AS digest FROM registry_person o
               WHERE o.resident_id_index::bytea = ANY ($3::bytea[])
               UNION ALL
               SELECT r.child_id, r.relation, r.resident_id_index::bytea FROM registry_relative r
               WHERE r.relation IN ('father', 'mother') AND r.resident_id_index::bytea = ANY ($4::bytea[])
               UNION ALL
               SELECT g.child_id, 'guardian', g.resident_id_index::bytea FROM registry_guardian g
               WHERE g.from_day <= $5 AND (g.to_day IS NULL OR g.to_day > $5) AND g.resident_id_index::bytea = ANY ($4::bytea[]))
           SELECT p.id AS "child!", b.kinship AS "kinship!", b.digest AS "digest!: Vec<u8>"
           FROM b JOIN registry_person p ON p.id = b.child_id
           WHERE p.household_division >= $1 AND p.household_division < $2 AND p.household_division <@ (SELECT auth.reach())
           ORDER BY p.household_division, p.id, b.kinship"#,
        range.start,
        range.end,
        &bytes(as_child),
        &bytes(as_kin),
        on.to_sqlx() as _,
    )
    .fetch_all(work.conn())
    .await?;
    let corrupt = StoreError::Corrupt {
        table: "registry_relative",
        column: "relation",
    };
    let kinships = [
        Kinship::Child,
        Kinship::Father,
        Kinship::Mother,
        Kinship::Guardian,
    ];
    let bonds = rows.into_iter().map(|row| {
        let kinship = kinships.into_iter().find(|one| one.code() == row.kinship);
        Some(Bond {
            child: ChildId::from_uuid(row.child),
            kinship: kinship?,
            digest: blind(&row.digest).ok()?,
        })
    });
    bonds.collect::<Option<Vec<_>>>().ok_or(corrupt)
}

/// Of these children, the cash classes under which each draws an allowance on the day, whether it was born by a day, and
/// whether a benefit is on file that it draws beside in the day's month; without one nothing is asked of benefits. A class
/// under seal counts where all of the child is known to its named officers alone: what others see of a child says
/// nothing of it.
///
/// # Errors
/// When the database does not answer, or holds what cannot be.
pub async fn listable(
    work: &mut Work,
    children: &[ChildId],
    on: Date,
    grown_by: Date,
    benefit: Option<&str>,
) -> Result<Vec<Listable>, StoreError> {
    let ids: Vec<Uuid> = children.iter().map(|child| child.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT p.id, coalesce(p.birth <= $3, false) AS "is_grown!", array_remove(array_agg(a.category), NULL) AS "draws!",
                  $4::text IS NOT NULL AND coalesce((
                      SELECT b.to_month < date_trunc('month', $2::date) FROM allowances_benefit b
                      WHERE b.child_id = p.id AND b.benefit = $4 AND b.from_month <= $2 ORDER BY b.from_month DESC, b.known DESC, b.id DESC LIMIT 1),
                      NOT EXISTS (SELECT 1 FROM allowances_benefit b WHERE b.child_id = p.id AND b.benefit = $4 AND b.from_month <= $2)) AS "lacks_benefit!"
           FROM registry_person p
           LEFT JOIN allowances_answered a ON a.child_id = p.id AND a.from_day <= $2 AND (a.to_day IS NULL OR a.to_day > $2)
               AND (a.stopped_on IS NULL OR a.stopped_on > $2) AND (a.sealed OR NOT a.of_sealed)
           WHERE p.id = ANY ($1) GROUP BY p.id"#,
        &ids,
        on.to_sqlx() as _,
        grown_by.to_sqlx() as _,
        benefit,
    )
    .fetch_all(work.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let draws: Result<BTreeSet<Category>, _> =
                row.draws.iter().map(|class| class.parse()).collect();
            Ok(Listable {
                child: ChildId::from_uuid(row.id),
                is_grown: row.is_grown,
                lacks_benefit: row.lacks_benefit,
                draws: draws.map_err(|_| StoreError::Corrupt {
                    table: "registry_span",
                    column: "category",
                })?,
            })
        })
        .collect()
}
