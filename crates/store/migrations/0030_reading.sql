-- What a run reads, each table once: whom the unit pays is decided where the row is read, and children come beside their
-- statuses in the order of both keys. Before, each part was joined with all children anew.

-- Whom the session's unit pays: the ground of the views below.
CREATE VIEW auth.payable AS
    SELECT p.id AS child_id, p.birth, p.household_division AS place, p.id IN (SELECT s.child_id FROM registry_span s WHERE s.sealed) AS sealed
    FROM registry_person p
    WHERE p.merged_into IS NULL AND p.household_division <@ (SELECT auth.paying_reach())
      AND (p.id NOT IN (SELECT s.child_id FROM registry_span s WHERE s.sealed) OR p.id IN (SELECT auth.named()));

DROP VIEW allowances_payable_span, allowances_payable_fact, allowances_payable_level, allowances_payable;

-- Each child with each of its statuses in a cash class, or with none.
CREATE VIEW allowances_payable_file WITH (security_barrier) AS
    SELECT c.child_id, c.birth, c.place, c.sealed, s.category, s.from_day, s.to_day, s.known, s.end_known
    FROM auth.payable c
    LEFT JOIN registry_span s ON s.child_id = c.child_id AND s.status_group <> 1 AND (s.to_day IS NULL OR s.to_day > s.from_day)
    ORDER BY c.child_id;

CREATE VIEW allowances_payable_fact WITH (security_barrier) AS
    SELECT coalesce(d.merged_into, f.child_id) AS child_id, c.sealed, f.id, f.kind, f.known, f.on_day, f.from_month, f.to_month, f.code, f.monthly_fen,
           f.from_place, f.to_place
    FROM allowances_fact f
    LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) d ON d.id = f.child_id
    -- Facts are fewer than children: each one's child is looked up.
    CROSS JOIN LATERAL (SELECT p.sealed FROM auth.payable p WHERE p.child_id = coalesce(d.merged_into, f.child_id) OFFSET 0) c
    -- What was known of a double is known of the kept child, but for where it lived.
    WHERE d.id IS NULL OR f.kind <> 'moved';

-- Levels that the own unit committed, whomever it pays now. What was committed for a double is the kept child's.
CREATE VIEW allowances_own_level WITH (security_barrier) AS
    SELECT coalesce(d.merged_into, l.child_id) AS child_id, d.id AS paid_as, l.sealed, l.payee, l.pay_month, l.from_month, l.level_fen
    FROM allowances_level l
    LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) d ON d.id = l.child_id
    WHERE l.unit_id = (SELECT auth.paying_unit()) AND (NOT l.sealed OR l.unit_id = (SELECT auth.sealed_money_unit()));

-- Levels of whatever series for the children that the own unit pays now; each series counts up to its last pay month.
CREATE VIEW allowances_payable_level WITH (security_barrier) AS
    SELECT coalesce(d.merged_into, l.child_id) AS child_id, d.id AS paid_as, l.unit_id, l.sealed, l.payee, l.pay_month, l.from_month, l.level_fen,
           b.last_month, c.sealed AS payable
    FROM allowances_level l
    JOIN (SELECT unit_id, sealed, max(pay_month) AS last_month FROM allowances_batch GROUP BY 1, 2) b ON b.unit_id = l.unit_id AND b.sealed = l.sealed
    LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) d ON d.id = l.child_id
    CROSS JOIN LATERAL (SELECT p.sealed FROM auth.payable p WHERE p.child_id = coalesce(d.merged_into, l.child_id) OFFSET 0) c;

GRANT SELECT ON allowances_payable_file, allowances_payable_fact, allowances_own_level, allowances_payable_level TO hutong_app;

-- As before, but that large tables are joined whole, whatever the planner guesses of a reach, and children told apart, who
-- are few, are looked up one by one.
CREATE OR REPLACE FUNCTION auth.weighed(first date, settled date, grown date, known_at timestamptz)
RETURNS TABLE (place bigint, from_month date, class text, birth date, statuses text, facts text, children bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
SET work_mem = '128MB' SET enable_nestloop = off SET enable_mergejoin = off SET enable_sort = off
AS $$
#variable_conflict use_column
DECLARE
    reach int8multirange := auth.weighing_reach();
BEGIN
    IF isempty(reach) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH fact AS MATERIALIZED (
        SELECT coalesce(m.merged_into, f.child_id) AS child_id,
               bool_and(f.kind = 'benefit' AND f.known <= weighed.known_at AND f.from_month <= first AND f.to_month IS NULL)
                   AND count(*) = count(DISTINCT f.code) AS lasting,
               jsonb_agg(jsonb_build_object('code', f.code, 'fen', f.monthly_fen) ORDER BY f.code, f.monthly_fen)::text AS drawn,
               jsonb_agg(jsonb_build_object('kind', f.kind, 'known', f.known, 'on', f.on_day, 'from', f.from_month, 'to', f.to_month, 'code', f.code,
                         'fen', f.monthly_fen, 'from_place', f.from_place, 'to_place', f.to_place) ORDER BY f.known, f.id)::text AS all_of_it
        FROM allowances_fact f
        LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) m ON m.id = f.child_id
        WHERE NOT f.sealed AND (m.id IS NULL OR f.kind <> 'moved')
        GROUP BY 1
    ), alike AS (
        SELECT p.household_division AS place, s.category AS class, f.drawn, count(*) AS children
        FROM registry_span s
        JOIN registry_person p ON p.id = s.child_id
        LEFT JOIN fact f ON f.child_id = s.child_id
        WHERE s.status_group = 0 AND s.to_day IS NULL AND s.from_day <= settled AND (s.known IS NULL OR s.known <= weighed.known_at)
          AND p.merged_into IS NULL AND p.birth >= grown AND p.household_division <@ reach AND coalesce(f.lasting, true)
        GROUP BY 1, 2, 3
    ), own AS MATERIALIZED (
        SELECT s.child_id FROM registry_span s
        WHERE s.status_group = 0 AND (s.to_day > settled OR s.to_day IS NULL AND (s.from_day > settled OR s.known > weighed.known_at))
        UNION
        SELECT f.child_id FROM fact f WHERE NOT f.lasting
        UNION
        SELECT p.id FROM registry_person p
        WHERE p.birth < grown AND EXISTS (SELECT 1 FROM registry_span s WHERE s.child_id = p.id AND s.status_group = 0
                                          AND (s.to_day IS NULL OR s.to_day > settled) OFFSET 0)
    ), apart AS (
        SELECT p.place, p.birth, s.statuses, f.all_of_it
        FROM own o
        CROSS JOIN LATERAL (
            SELECT p.household_division AS place, p.birth FROM registry_person p
            WHERE p.id = o.child_id AND p.merged_into IS NULL AND p.birth IS NOT NULL AND p.household_division <@ reach OFFSET 0) p
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_object('class', s.category, 'from', s.from_day, 'to', s.to_day, 'known', s.known, 'end_known', s.end_known)
                             ORDER BY s.from_day)::text AS statuses
            FROM registry_span s WHERE s.child_id = o.child_id AND s.status_group = 0 AND (s.to_day IS NULL OR s.to_day > s.from_day)) s
        LEFT JOIN fact f ON f.child_id = o.child_id
        WHERE s.statuses IS NOT NULL
    ), found AS (
        SELECT a.place, a.class, NULL::date AS birth, NULL::text AS statuses, a.drawn AS facts, a.children FROM alike a
        UNION ALL
        SELECT a.place, NULL, a.birth, a.statuses, a.all_of_it, count(*) FROM apart a GROUP BY 1, 3, 4, 5
    )
    SELECT f.place, c.from_month, f.class, f.birth, f.statuses, f.facts, f.children
    FROM found f
    LEFT JOIN (SELECT u.serves, s.from_month FROM allowances_series s JOIN organisation_unit u ON u.id = s.unit_id WHERE NOT s.sealed) c
        ON f.place <@ c.serves;
END $$;
