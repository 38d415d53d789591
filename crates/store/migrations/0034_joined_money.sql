-- Files that were joined, and households that moved, where money is concerned: what is owed of a double is owed of the kept
-- file and seen with it, and a month that another unit's series paid is the business of the unit that pays now.
--
-- Reach: as the rooms that are changed; of a file that was joined to another, whoever sees the other.

-- Which files were joined to those that the session sees. It stands above the policies, which show no double.
CREATE VIEW registry_joined WITH (security_barrier) AS
    SELECT p.id AS double_id, p.merged_into AS child_id, p.merged_into = ANY (ARRAY(SELECT auth.named())) AS is_named
    FROM registry_person p WHERE p.merged_into IS NOT NULL AND auth.sees(p.merged_into);
GRANT SELECT ON registry_joined TO hutong_app;
GRANT EXECUTE ON FUNCTION auth.sees(uuid) TO hutong_app;

-- As before, but that a fact tells whether it was recorded of a double, and a move since when the place that was left pays here.
CREATE OR REPLACE VIEW allowances_payable_fact WITH (security_barrier) AS
    SELECT coalesce(d.merged_into, f.child_id) AS child_id, c.sealed, f.id, f.kind, f.known, f.on_day, f.from_month, f.to_month, f.code, f.monthly_fen,
           f.from_place, f.to_place, d.id IS NOT NULL AS of_double,
           CASE f.kind WHEN 'moved' THEN (
               SELECT min(s.from_month) FROM allowances_series s JOIN organisation_unit u ON u.id = s.unit_id
               WHERE s.sealed = c.sealed AND f.from_place <@ u.serves) END AS paid_since
    FROM allowances_fact f
    LEFT JOIN (SELECT id, merged_into FROM registry_person WHERE merged_into IS NOT NULL) d ON d.id = f.child_id
    -- Facts are fewer than children: each one's child is looked up.
    CROSS JOIN LATERAL (SELECT p.sealed FROM auth.payable p WHERE p.child_id = coalesce(d.merged_into, f.child_id) OFFSET 0) c
    -- What was known of a double is known of the kept child, but for where it lived.
    WHERE d.id IS NULL OR f.kind <> 'moved';

-- As before, but that a stop tells whether it was recorded of a double, and that a move is known since ever.
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
               jsonb_agg(jsonb_build_object('kind', f.kind, 'known', CASE WHEN isfinite(f.known) THEN f.known END, 'on', f.on_day, 'from', f.from_month,
                         'to', f.to_month, 'code', f.code, 'fen', f.monthly_fen, 'from_place', f.from_place, 'to_place', f.to_place,
                         'of_double', m.id IS NOT NULL) ORDER BY f.known, f.id)::text AS all_of_it
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

-- As before, but that what a file owes that was joined to another since, or had set off, is the kept file's.
CREATE OR REPLACE FUNCTION auth.claim_batch(batch uuid, share integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    b allowances_batch;
BEGIN
    SELECT * INTO b FROM allowances_batch WHERE id = batch;
    IF b.stage IS DISTINCT FROM 'released' OR b.unit_id IS DISTINCT FROM auth.releasing_unit() OR b.released_by IS DISTINCT FROM auth.officer()
       OR share NOT BETWEEN 0 AND 100 OR EXISTS (SELECT 1 FROM allowances_claim c WHERE c.batch_id = batch) THEN
        RAISE EXCEPTION 'this session does not release this batch now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM auth.hold_payments(b.unit_id);
    WITH payable AS MATERIALIZED (
        SELECT l.payee, k.child_id, CASE l.payee WHEN 1 THEN auth.home_of(k.child_id, l.for_month) END AS home_id, sum(l.amount_fen)::bigint AS fen
        FROM allowances_line l LEFT JOIN registry_person p ON p.id = l.child_id CROSS JOIN LATERAL (SELECT coalesce(p.merged_into, l.child_id)) k (child_id)
        WHERE l.pay_month = b.pay_month AND l.batch_id = batch AND l.amount_fen > 0
        GROUP BY 1, 2, 3
    ), owed AS (
        SELECT o.payee, coalesce(d.merged_into, o.child_id) AS child_id, o.home_id, sum(o.fen)::bigint AS fen
        FROM (SELECT r.payee, CASE WHEN r.home_id IS NULL THEN r.child_id END AS child_id, r.home_id, r.amount_fen AS fen
              FROM allowances_recovery r JOIN allowances_batch of_batch ON of_batch.id = r.batch_id AND of_batch.stage IN ('released', 'settled', 'closed')
              WHERE r.unit_id = b.unit_id AND r.sealed = b.sealed
              UNION ALL
              SELECT c.payee, c.child_id, c.home_id, -c.offset_fen FROM allowances_claim c
              WHERE c.unit_id = b.unit_id AND c.sealed = b.sealed AND c.offset_fen > 0) o
        LEFT JOIN registry_person d ON d.id = o.child_id
        GROUP BY 1, 2, 3
    ), claimed AS (
        INSERT INTO allowances_claim (id, batch_id, unit_id, sealed, payee, child_id, home_id, payable_fen, offset_fen)
        SELECT gen_random_uuid(), batch, b.unit_id, b.sealed, p.payee, p.child_id, p.home_id, p.fen,
               greatest(0, least(coalesce(o.fen, 0), p.fen / 100 * share + p.fen % 100 * share / 100))
        FROM (SELECT y.payee, CASE WHEN y.home_id IS NULL THEN y.child_id END AS child_id, y.home_id, sum(y.fen)::bigint AS fen
              FROM payable y GROUP BY 1, 2, 3) p
        LEFT JOIN owed o ON o.payee = p.payee AND coalesce(o.home_id, o.child_id) = coalesce(p.home_id, p.child_id)
        RETURNING id, home_id
    )
    INSERT INTO allowances_claim_child (claim_id, child_id, payable_fen, sealed)
    SELECT c.id, y.child_id, y.fen, b.sealed FROM claimed c JOIN payable y ON y.home_id = c.home_id;
END $$;

-- As before, but that the kept file's account takes it also where the session cannot see the double.
CREATE OR REPLACE VIEW allowances_claim_state WITH (security_invoker = true) AS
    SELECT c.id, c.batch_id, c.unit_id, c.sealed, c.payee, c.child_id, c.home_id, c.payable_fen, c.offset_fen, c.amount_fen, a.id AS account_id,
           CASE WHEN c.amount_fen = 0 THEN 'nothing' WHEN t.is_paid THEN 'paid' WHEN t.is_sent THEN 'sent'
                WHEN a.id IS NOT NULL AND (t.failed IS NULL OR a.id <> ALL (t.failed)) THEN 'ready'
                WHEN t.failed IS NOT NULL THEN 'returned' ELSE 'held' END AS state,
           coalesce(cardinality(t.failed), 0) AS returns
    FROM allowances_claim c
    LEFT JOIN registry_joined j ON j.double_id = c.child_id
    LEFT JOIN allowances_account of_child ON of_child.child_id = coalesce(j.child_id, c.child_id)
        AND of_child.confirmed_at IS NOT NULL AND of_child.ended_at IS NULL
    LEFT JOIN allowances_account of_home ON of_home.home_id = c.home_id AND of_home.unit_id = c.unit_id
        AND of_home.confirmed_at IS NOT NULL AND of_home.ended_at IS NULL
    CROSS JOIN LATERAL (SELECT coalesce(of_child.id, of_home.id)) a (id)
    LEFT JOIN LATERAL (SELECT bool_or(paid_in IS NOT NULL) AS is_paid, bool_or(paid_in IS NULL AND returned_in IS NULL) AS is_sent,
                              array_agg(account_id) FILTER (WHERE returned_in IS NOT NULL) AS failed
                       FROM allowances_attempt WHERE claim_id = c.id) t ON true;

-- Lines, recoveries and claims of a double are seen with the kept file.
ALTER POLICY parent ON allowances_line USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named())))
    OR child_id IN (SELECT j.double_id FROM registry_joined j)
       AND (NOT sealed OR child_id IN (SELECT j.double_id FROM registry_joined j WHERE j.is_named)));
ALTER POLICY parent ON allowances_recovery USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named())))
    OR child_id IN (SELECT j.double_id FROM registry_joined j)
       AND (NOT sealed OR child_id IN (SELECT j.double_id FROM registry_joined j WHERE j.is_named)));
ALTER POLICY parent ON allowances_claim_child USING (
    EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named())))
    OR child_id IN (SELECT j.double_id FROM registry_joined j)
       AND (NOT sealed OR child_id IN (SELECT j.double_id FROM registry_joined j WHERE j.is_named)));
ALTER POLICY parent ON allowances_claim USING (
    CASE WHEN child_id IS NULL THEN batch_id IN (SELECT b.id FROM allowances_batch b)
         ELSE EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id) AND (NOT sealed OR child_id = ANY (ARRAY(SELECT auth.named())))
              OR child_id IN (SELECT j.double_id FROM registry_joined j)
                 AND (NOT sealed OR child_id IN (SELECT j.double_id FROM registry_joined j WHERE j.is_named)) END);

-- As before, with the lines of the files that were joined to the child's.
CREATE OR REPLACE FUNCTION auth.statement_of(child uuid)
RETURNS TABLE (pay_month date, number integer, unit_id uuid, stage text, payee smallint, for_month date, kind smallint, class smallint,
               amount_fen bigint, due_fen bigint, zh text, en text, cite text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    is_named boolean := child = ANY (ARRAY(SELECT auth.named()));
BEGIN
    IF NOT auth.sees(child) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT l.pay_month, l.number, b.unit_id, b.stage, l.payee, l.for_month, l.kind, l.class, l.amount_fen, l.due_fen, r.zh, r.en, r.cite
    FROM allowances_line l JOIN allowances_batch b ON b.id = l.batch_id
    JOIN allowances_reason r ON r.batch_id = l.batch_id AND r.number = l.reason
    WHERE l.child_id = ANY (child || ARRAY(SELECT d.id FROM registry_person d WHERE d.merged_into = child)) AND (NOT l.sealed OR is_named)
    ORDER BY l.pay_month DESC, l.for_month, l.payee, l.number;
END $$;

-- As before; a statement that was read is a look, too.
CREATE OR REPLACE FUNCTION auth.history_of(child uuid, before_seq bigint, looks boolean, most integer)
RETURNS TABLE (seq bigint, at timestamptz, officer_id uuid, officer_name text, unit_name text, role text, purpose text,
               action text, subject_kind text, subject_id uuid, refused boolean, before jsonb, after jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF NOT auth.sees(child) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT e.seq, e.at, e.officer_id, o.name, u.name, e.role, e.purpose, e.action, e.subject_kind, e.subject_id, e.refused, e.before, e.after
    FROM journal_entry e
    LEFT JOIN organisation_officer o ON o.id = e.officer_id
    LEFT JOIN organisation_unit u ON u.id = e.unit_id
    WHERE e.subject_id = ANY (child || ARRAY(SELECT w.id FROM registry_work_item w WHERE w.child_id = child)
                                    || ARRAY(SELECT d.id FROM registry_person d WHERE d.merged_into = child))
      AND e.seq < before_seq
      AND (looks IS NULL OR looks = (e.refused OR e.action IN ('registry.file_opened', 'registry.history_read',
           'registry.secret_revealed', 'registry.document_read', 'registry.work_item_shown', 'allowances.statement_read')))
      AND (NOT e.sealed OR e.subject_id = ANY (ARRAY(SELECT auth.named()))) AND NOT auth.is_hidden(e.subject_id)
    ORDER BY e.seq DESC LIMIT most;
END $$;
