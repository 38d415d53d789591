-- Applications within reach: one by its id, or a page of those asked for, the nearest due first.
SELECT a.id, a.number, a.matter, a.category, a.ends_on AS "ends_on: jiff_sqlx::Date", a.path, a.stage,
       a.accepting_unit, a.verifying_unit, a.deciding_unit, a.household, a.child_id, a.grant_id, a.child_name,
       a.leg, a.began AS "began: jiff_sqlx::Date", a.days, a.due AS "due: jiff_sqlx::Date", a.provisional, a.calendar,
       a.verifier_id, a.proposer_id, a.proposed, a.decided, a.opened_at AS "opened_at: jiff_sqlx::Timestamp", a.version, a.afar,
       o.name AS "owner_name?"
FROM applications_application a LEFT JOIN organisation_unit o ON o.id = a.owner_unit
WHERE ($1::uuid IS NULL OR a.id = $1)
  AND ($2::uuid IS NULL OR a.owner_unit = $2)
  AND ($3::text[] IS NULL OR a.stage = ANY ($3))
  AND ($4::uuid IS NULL OR a.due < $5 AND a.owner_unit IN (SELECT u.id FROM organisation_unit u WHERE u.parent = $4))
  AND ($6::uuid IS NULL OR $6 IN (a.accepting_unit, a.verifying_unit, a.deciding_unit))
  AND (NOT $10 OR a.provisional)
  AND ($11::uuid IS NULL OR a.deciding_unit = $11 AND EXISTS (SELECT 1 FROM applications_decision d
       WHERE d.application_id = a.id AND NOT EXISTS (SELECT 1 FROM applications_entered e WHERE e.decision_id = d.id)))
  AND ($12::uuid IS NULL OR a.child_id = $12)
  AND (coalesce(a.due, '9999-12-31'), a.id) > ($7, $8)
ORDER BY coalesce(a.due, '9999-12-31'), a.id LIMIT $9
