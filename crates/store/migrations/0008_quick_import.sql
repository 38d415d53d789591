-- What a registered child costs the database, without a rule less.

-- The classes of one group exclude each other. A column of its own, so that every rule below names the same groups.
ALTER TABLE registry_span ADD COLUMN status_group smallint NOT NULL
    GENERATED ALWAYS AS (CASE WHEN category IN ('left_behind', 'migrant') THEN 1 WHEN category = 'aids_affected' THEN 2 ELSE 0 END) STORED;
COMMENT ON COLUMN registry_span.status_group IS 'cash classes, care statuses, sealed ones: no two of a group on one day';

-- Two statuses of a group never overlap. Three rules say so, because the exclusion constraint alone is dear and ledgers
-- bring nothing but open statuses: ended ones exclude each other; of the open there is one; and every ended one is over
-- when an open one begins. The last looks at two rows, so whoever writes an ended status holds the child's file first,
-- and an open one, whose foreign key has to see that file, waits for the hold before it looks.
ALTER TABLE registry_span DROP CONSTRAINT registry_span_no_overlap;
ALTER TABLE registry_span ADD CONSTRAINT registry_span_no_overlap EXCLUDE USING gist (
    uuid_hash_extended(child_id, status_group) WITH =, daterange(from_day, to_day, '[)') WITH &&) WHERE (to_day IS NOT NULL);
CREATE UNIQUE INDEX registry_span_one_open ON registry_span (child_id, status_group) WHERE to_day IS NULL;

CREATE FUNCTION auth.hold_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    PERFORM 1 FROM registry_child WHERE id = NEW.child_id FOR UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER hold_file_of_ended BEFORE INSERT ON registry_span
    FOR EACH ROW WHEN (NEW.to_day IS NOT NULL) EXECUTE FUNCTION auth.hold_file();
CREATE TRIGGER hold_file_of_changed BEFORE UPDATE ON registry_span
    FOR EACH ROW EXECUTE FUNCTION auth.hold_file();

-- Runs when the foreign keys of its statement have waited for whoever holds the files, and looks anew.
CREATE FUNCTION auth.refuse_overlap() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM changed c
        JOIN registry_span ended ON ended.child_id = c.child_id AND ended.to_day IS NOT NULL
        JOIN registry_span open ON open.child_id = c.child_id AND open.status_group = ended.status_group AND open.to_day IS NULL
        WHERE ended.to_day > greatest(ended.from_day, open.from_day)
    ) THEN
        RAISE EXCEPTION 'statuses of one group overlap'
            USING ERRCODE = 'exclusion_violation', TABLE = 'registry_span', CONSTRAINT = 'registry_span_no_overlap';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_overlap_of_new AFTER INSERT ON registry_span
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_overlap();
CREATE TRIGGER refuse_overlap_of_changed AFTER UPDATE ON registry_span
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_overlap();

-- One index finds what hangs on a child and tells its rows apart: nothing is ever sought by the row's id alone.
ALTER TABLE registry_span DROP CONSTRAINT registry_span_pkey, ADD PRIMARY KEY (child_id, id);
DROP INDEX registry_span_child;
CREATE INDEX registry_span_ended ON registry_span (child_id) WHERE to_day IS NOT NULL;
ALTER TABLE registry_guardian DROP CONSTRAINT registry_guardian_pkey, ADD PRIMARY KEY (child_id, id);
DROP INDEX registry_guardian_child;
ALTER TABLE registry_ledger_row DROP CONSTRAINT registry_ledger_row_pkey, ADD PRIMARY KEY (child_id, id);
DROP INDEX registry_ledger_row_child;

-- As before, but that a status stretched by joining two files is sought with its child.
CREATE OR REPLACE FUNCTION auth.merge_children(merge uuid, kept uuid, doubled uuid, facts bytea, moment timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    went jsonb := '{}';
    gone jsonb;
BEGIN
    PERFORM 1 FROM registry_person WHERE id IN (kept, doubled) ORDER BY id FOR UPDATE;
    IF kept = doubled OR NOT auth.answers_for(kept) OR NOT auth.answers_for(doubled)
       OR EXISTS (SELECT 1 FROM registry_person WHERE id IN (kept, doubled) AND merged_into IS NOT NULL) THEN
        RAISE EXCEPTION 'no such files within reach' USING ERRCODE = 'insufficient_privilege';
    END IF;

    WITH named AS (
        INSERT INTO registry_named_officer (child_id, officer_id) SELECT kept, n.officer_id FROM registry_named_officer n
        WHERE n.child_id = doubled AND EXISTS (SELECT 1 FROM registry_span s WHERE s.child_id = doubled AND s.sealed)
        ON CONFLICT DO NOTHING RETURNING officer_id
    )
    SELECT coalesce(jsonb_agg(officer_id), '[]') INTO gone FROM named;
    went := went || jsonb_build_object('registry_named_officer', gone);

    WITH pair AS (
        SELECT k.id, k.from_day AS was_from, k.to_day AS was_to, least(k.from_day, min(d.from_day)) AS from_day,
               CASE WHEN k.to_day IS NULL OR bool_or(d.to_day IS NULL) THEN NULL ELSE greatest(k.to_day, max(d.to_day)) END AS to_day
        FROM registry_span k JOIN registry_span d ON d.child_id = doubled AND d.category = k.category
            AND daterange(k.from_day, k.to_day, '[)') && daterange(d.from_day, d.to_day, '[)')
        WHERE k.child_id = kept GROUP BY k.child_id, k.id
    ), stretched AS (
        UPDATE registry_span s SET from_day = p.from_day, to_day = p.to_day FROM pair p
        WHERE s.child_id = kept AND s.id = p.id AND (s.from_day, s.to_day) IS DISTINCT FROM (p.from_day, p.to_day)
        RETURNING jsonb_build_object('id', s.id, 'was_from', p.was_from, 'was_to', p.was_to, 'from', p.from_day, 'to', p.to_day) AS span
    )
    SELECT coalesce(jsonb_agg(span), '[]') INTO gone FROM stretched;
    went := went || jsonb_build_object('stretched', gone);

    WITH moved AS (
        UPDATE registry_span d SET child_id = kept
        WHERE d.child_id = doubled AND NOT EXISTS (
            SELECT 1 FROM registry_span k
            WHERE k.child_id = kept AND k.category = d.category AND daterange(k.from_day, k.to_day, '[)') && daterange(d.from_day, d.to_day, '[)'))
        RETURNING d.id
    )
    SELECT coalesce(jsonb_agg(id), '[]') INTO gone FROM moved;
    went := went || jsonb_build_object('registry_span', gone);

    WITH moved AS (
        UPDATE registry_guardian SET child_id = kept
        WHERE child_id = doubled AND (to_day IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM registry_guardian g WHERE g.child_id = kept AND g.to_day IS NULL))
        RETURNING id
    )
    SELECT coalesce(jsonb_agg(id), '[]') INTO gone FROM moved;
    went := went || jsonb_build_object('registry_guardian', gone);

    WITH moved AS (
        UPDATE registry_relative SET child_id = kept
        WHERE child_id = doubled AND relation NOT IN (SELECT r.relation FROM registry_relative r WHERE r.child_id = kept)
        RETURNING id
    )
    SELECT coalesce(jsonb_agg(id), '[]') INTO gone FROM moved;
    went := went || jsonb_build_object('registry_relative', gone);

    WITH moved AS (
        UPDATE registry_placement SET child_id = kept
        WHERE child_id = doubled AND (to_day IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM registry_placement p WHERE p.child_id = kept AND p.to_day IS NULL))
        RETURNING id
    )
    SELECT coalesce(jsonb_agg(id), '[]') INTO gone FROM moved;
    went := went || jsonb_build_object('registry_placement', gone);

    WITH moved AS (UPDATE registry_grant SET child_id = kept WHERE child_id = doubled RETURNING id)
    SELECT coalesce(jsonb_agg(id), '[]') INTO gone FROM moved;
    went := went || jsonb_build_object('registry_grant', gone);

    WITH moved AS (UPDATE registry_document SET child_id = kept WHERE child_id = doubled RETURNING id)
    SELECT coalesce(jsonb_agg(id), '[]') INTO gone FROM moved;
    went := went || jsonb_build_object('registry_document', gone);

    WITH moved AS (UPDATE registry_ledger_row SET child_id = kept WHERE child_id = doubled RETURNING id)
    SELECT coalesce(jsonb_agg(id), '[]') INTO gone FROM moved;
    went := went || jsonb_build_object('registry_ledger_row', gone);

    WITH moved AS (UPDATE registry_work_item SET child_id = kept WHERE child_id = doubled RETURNING id)
    SELECT coalesce(jsonb_agg(id), '[]') INTO gone FROM moved;
    went := went || jsonb_build_object('registry_work_item', gone);

    DELETE FROM registry_name_key WHERE person_id = doubled;
    UPDATE registry_person SET merged_into = kept, resident_id = NULL, resident_id_index = NULL WHERE id = doubled;
    UPDATE registry_child SET version = version + 1 WHERE id = doubled;
    INSERT INTO registry_merge (id, child_id, merged_id, moved, snapshot, done_at, done_by)
        VALUES (merge, kept, doubled, went, facts, moment, auth.officer());
END $$;

-- Whoever enters a file, a guardian or a ledger's row has looked its person up already, or the policy would refuse it;
-- and persons and files are never deleted. A foreign key would look once more, and at a ledger's size that is an eighth
-- of the whole work.
ALTER TABLE registry_child DROP CONSTRAINT registry_child_id_fkey;
ALTER TABLE registry_guardian DROP CONSTRAINT registry_guardian_child_id_fkey;
ALTER TABLE registry_ledger_row DROP CONSTRAINT registry_ledger_row_child_id_fkey;

CREATE FUNCTION auth.keep_file() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'a child''s file is never deleted and keeps its id' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_person BEFORE DELETE ON registry_person FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_file();
CREATE TRIGGER keep_child BEFORE DELETE ON registry_child FOR EACH STATEMENT EXECUTE FUNCTION auth.keep_file();
CREATE TRIGGER keep_id_of_person BEFORE UPDATE OF id ON registry_person
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION auth.keep_file();
CREATE TRIGGER keep_id_of_child BEFORE UPDATE OF id ON registry_child
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION auth.keep_file();
