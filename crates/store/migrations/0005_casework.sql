-- Casework on children's files: who changed what, doubled files joined and parted again, and jobs that take their time.

-- A file that was found to be another's double is out of everybody's sight until that is undone. What hung on it hangs
-- on the file that is kept.
ALTER TABLE registry_person ADD COLUMN merged_into uuid REFERENCES registry_person;
COMMENT ON COLUMN registry_person.merged_into IS 'the child this file was a double of; such a file is seen by nobody';
CREATE INDEX registry_person_merged ON registry_person (merged_into) WHERE merged_into IS NOT NULL;
ALTER POLICY reach ON registry_person USING (
    merged_into IS NULL
    AND (household_division <@ (SELECT auth.reach()) OR residence_division <@ (SELECT auth.reach()) OR id = ANY (ARRAY(SELECT auth.granted())))
    AND (NOT sealed OR id = ANY (ARRAY(SELECT auth.named()))));

-- Children are listed village by village: a page is a range of this index.
CREATE INDEX registry_person_listed ON registry_person (household_division, id);
DROP INDEX registry_person_household;
CREATE INDEX registry_person_listed_by_residence ON registry_person (residence_division, household_division, id) WHERE residence_division IS NOT NULL;
DROP INDEX registry_person_residence;

-- Which fields each version of a file changed, for whoever meanwhile edits an older one. Never a value.
CREATE TABLE registry_revision (
    child_id   uuid NOT NULL REFERENCES registry_child,
    version    integer NOT NULL,
    at         timestamptz NOT NULL,
    officer_id uuid NOT NULL REFERENCES organisation_officer,
    fields     text[] NOT NULL,
    PRIMARY KEY (child_id, version)
);
ALTER TABLE registry_revision ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON registry_revision USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id))
    WITH CHECK (officer_id = (SELECT auth.officer()) AND EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id));
GRANT SELECT, INSERT ON registry_revision TO hutong_app;

-- A doubled child joined to the file that is kept, and perhaps parted from it again.
CREATE TABLE registry_merge (
    id        uuid PRIMARY KEY,
    child_id  uuid NOT NULL REFERENCES registry_child,
    merged_id uuid NOT NULL REFERENCES registry_child,
    moved     jsonb NOT NULL,
    snapshot  sealed NOT NULL,
    done_at   timestamptz NOT NULL,
    done_by   uuid NOT NULL REFERENCES organisation_officer,
    undone_at timestamptz,
    undone_by uuid REFERENCES organisation_officer,
    CHECK (child_id <> merged_id),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
COMMENT ON COLUMN registry_merge.moved IS 'the ids of the rows that changed hands, by table; among them may be some that the officer does not see';
COMMENT ON COLUMN registry_merge.snapshot IS 'the facts of both files as they were';
CREATE INDEX registry_merge_child ON registry_merge (child_id);
CREATE UNIQUE INDEX registry_merge_standing ON registry_merge (merged_id) WHERE undone_at IS NULL;
ALTER TABLE registry_merge ENABLE ROW LEVEL SECURITY;
CREATE POLICY parent ON registry_merge FOR SELECT USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = child_id));
GRANT SELECT (id, child_id, merged_id, snapshot, done_at, done_by, undone_at, undone_by) ON registry_merge TO hutong_app;

-- Whether this session answers for a child by its divisions; a placement or a grant is not enough to join files.
-- A double, which nobody sees, is asked for by its divisions and seal all the same.
CREATE FUNCTION auth.answers_for(child uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
BEGIN
    RETURN coalesce((SELECT (p.household_division <@ (SELECT auth.reach()) OR coalesce(p.residence_division <@ (SELECT auth.reach()), false))
                            AND (NOT p.sealed OR p.id = ANY (ARRAY(SELECT auth.named())))
                     FROM registry_person p WHERE p.id = child), false);
END $$;

-- Joins a doubled file to the one that is kept: everything that hangs on it changes hands, statuses included that the
-- officer does not see. What the kept file has already stays with the double: the same relation, a second present
-- guardian or placement. A status that both hold becomes one, from the earlier day.
CREATE FUNCTION auth.merge_children(merge uuid, kept uuid, doubled uuid, facts bytea, moment timestamptz) RETURNS void
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
        WHERE k.child_id = kept GROUP BY k.id
    ), stretched AS (
        UPDATE registry_span s SET from_day = p.from_day, to_day = p.to_day FROM pair p
        WHERE s.id = p.id AND (s.from_day, s.to_day) IS DISTINCT FROM (p.from_day, p.to_day)
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

-- Parts two files again: what changed hands goes back as it is now. The facts of both are the program's to restore.
CREATE FUNCTION auth.undo_merge(merge uuid, moment timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    kept uuid;
    doubled uuid;
    went jsonb;
    was_sealed boolean;
BEGIN
    SELECT m.child_id, m.merged_id, m.moved INTO kept, doubled, went FROM registry_merge m WHERE m.id = merge AND m.undone_at IS NULL FOR UPDATE;
    PERFORM 1 FROM registry_person WHERE id IN (kept, doubled) ORDER BY id FOR UPDATE;
    -- What hangs on a file that is itself a double by now is not there to be given back.
    IF kept IS NULL OR NOT auth.answers_for(kept) OR NOT auth.answers_for(doubled)
       OR EXISTS (SELECT 1 FROM registry_person WHERE id = kept AND merged_into IS NOT NULL) THEN
        RAISE EXCEPTION 'no such merge within reach' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE registry_person SET merged_into = NULL WHERE id = doubled;
    UPDATE registry_child SET version = version + 1 WHERE id = doubled;

    UPDATE registry_span SET child_id = doubled WHERE child_id = kept AND went->'registry_span' ? id::text;
    UPDATE registry_span s SET from_day = x.was_from, to_day = x.was_to
        FROM jsonb_to_recordset(went->'stretched') AS x (id uuid, was_from date, was_to date, "from" date, "to" date)
        WHERE s.id = x.id AND s.child_id = kept AND s.from_day = x."from" AND s.to_day IS NOT DISTINCT FROM x."to";
    UPDATE registry_guardian SET child_id = doubled WHERE child_id = kept AND went->'registry_guardian' ? id::text;
    UPDATE registry_relative SET child_id = doubled WHERE child_id = kept AND went->'registry_relative' ? id::text;
    UPDATE registry_placement SET child_id = doubled WHERE child_id = kept AND went->'registry_placement' ? id::text;
    UPDATE registry_grant SET child_id = doubled WHERE child_id = kept AND went->'registry_grant' ? id::text;
    UPDATE registry_document SET child_id = doubled WHERE child_id = kept AND went->'registry_document' ? id::text;
    UPDATE registry_ledger_row SET child_id = doubled WHERE child_id = kept AND went->'registry_ledger_row' ? id::text;
    UPDATE registry_work_item SET child_id = doubled WHERE child_id = kept AND went->'registry_work_item' ? id::text;

    -- Who was named for the double alone answers for the kept file no longer, unless a sealed status of its own is left.
    DELETE FROM registry_named_officer WHERE child_id = kept AND went->'registry_named_officer' ? officer_id::text
        AND NOT EXISTS (SELECT 1 FROM registry_span s WHERE s.child_id = kept AND s.sealed);

    -- The seal of the kept file follows the statuses that are left to it.
    SELECT EXISTS (SELECT 1 FROM registry_span s WHERE s.child_id = kept AND s.sealed)
       AND NOT EXISTS (SELECT 1 FROM registry_span s WHERE s.child_id = kept AND NOT s.sealed AND s.to_day IS NULL) INTO was_sealed;
    UPDATE registry_person SET sealed = was_sealed WHERE id = kept AND sealed <> was_sealed;
    UPDATE registry_name_key SET sealed = was_sealed WHERE person_id = kept AND sealed <> was_sealed;
    UPDATE registry_merge SET undone_at = moment, undone_by = auth.officer() WHERE id = merge;
END $$;
GRANT EXECUTE ON FUNCTION auth.answers_for(uuid), auth.merge_children(uuid, uuid, uuid, bytea, timestamptz), auth.undo_merge(uuid, timestamptz) TO hutong_app;

-- A job: an officer's mandate to do something later that takes its time. What was uploaded for it is gone when it ends.
CREATE TABLE registry_job (
    id             uuid PRIMARY KEY,
    kind           text NOT NULL CHECK (kind IN ('ledger_import', 'children_export')),
    officer_id     uuid NOT NULL REFERENCES organisation_officer,
    appointment_id uuid NOT NULL REFERENCES organisation_appointment,
    place          bigint NOT NULL REFERENCES organisation_division,
    purpose        text NOT NULL CHECK (purpose <> ''),
    state          text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
    request        jsonb NOT NULL,
    content        sealed,
    progress       bigint NOT NULL DEFAULT 0,
    total          bigint,
    result         jsonb,
    fault          text,
    file           sealed,
    file_name      text,
    made_at        timestamptz NOT NULL,
    finished_at    timestamptz,
    attempt        integer NOT NULL DEFAULT 0,
    leased_until   timestamptz,
    worker_hash    bytea,
    CHECK ((state IN ('done', 'failed')) = (finished_at IS NOT NULL)),
    CHECK (content IS NULL OR state IN ('queued', 'running')),
    CHECK ((state = 'failed') = (fault IS NOT NULL)),
    CHECK (file IS NULL OR file_name IS NOT NULL)
);
COMMENT ON COLUMN registry_job.request IS 'what is asked for, without personal data';
COMMENT ON COLUMN registry_job.result IS 'counts, without personal data';
COMMENT ON COLUMN registry_job.leased_until IS 'a worker that has not been heard of until then is dead, and another takes the job';
CREATE INDEX registry_job_waiting ON registry_job (made_at, id) WHERE state IN ('queued', 'running');
CREATE INDEX registry_job_officer ON registry_job (officer_id, made_at);
ALTER TABLE registry_job ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON registry_job FOR SELECT USING (officer_id = (SELECT auth.officer()) AND place <@ (SELECT auth.reach()));
CREATE POLICY add ON registry_job FOR INSERT
    WITH CHECK (officer_id = (SELECT auth.officer()) AND place <@ (SELECT auth.reach()) AND state = 'queued'
                AND appointment_id = (SELECT w.appointment_id FROM auth.whoami() w));
CREATE POLICY edit ON registry_job FOR UPDATE USING (officer_id = (SELECT auth.officer()) AND place <@ (SELECT auth.reach()));
GRANT SELECT (id, kind, officer_id, place, purpose, state, request, content, progress, total, result, fault, file, file_name, made_at, finished_at, attempt),
    INSERT (id, kind, officer_id, appointment_id, place, purpose, request, content, made_at),
    UPDATE (state, content, progress, total, result, fault, file, file_name, finished_at, leased_until) ON registry_job TO hutong_app;

-- Hands the next job to a worker, with a session of its own for the appointment that ordered it. Jobs are the only
-- thing a worker can act on: without one that an officer ordered, there is no session.
CREATE FUNCTION auth.take_job(session_hash bytea, moment timestamptz) RETURNS TABLE (job uuid, attempt integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    next registry_job;
    ended text;
BEGIN
    UPDATE registry_job SET file = NULL WHERE file IS NOT NULL AND finished_at < moment - interval '1 day';
    LOOP
        SELECT * INTO next FROM registry_job j
            WHERE j.state = 'queued' OR j.state = 'running' AND j.leased_until < clock_timestamp()
            ORDER BY j.made_at, j.id LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF next.id IS NULL THEN
            RETURN;
        END IF;
        DELETE FROM auth.session WHERE token_hash = next.worker_hash;
        ended := CASE
            WHEN next.attempt >= 3 THEN 'job.given_up'
            WHEN NOT EXISTS (SELECT 1 FROM organisation_appointment a WHERE a.id = next.appointment_id
                             AND a.from_day <= auth.today() AND (a.to_day IS NULL OR a.to_day >= auth.today()))
              OR EXISTS (SELECT 1 FROM auth.account a WHERE a.officer_id = next.officer_id AND a.locked) THEN 'job.no_appointment'
        END;
        EXIT WHEN ended IS NULL;
        UPDATE registry_job SET state = 'failed', fault = ended, content = NULL, finished_at = moment, worker_hash = NULL WHERE id = next.id;
    END LOOP;
    -- It proves nobody's presence: what asks for a fresh proof is out of a worker's reach.
    INSERT INTO auth.session (token_hash, appointment_id, expires_at, device, proved_at)
        VALUES (session_hash, next.appointment_id, now() + interval '6 hours', 'job', '-infinity');
    UPDATE registry_job SET state = 'running', attempt = next.attempt + 1, leased_until = clock_timestamp() + interval '1 minute', worker_hash = session_hash
        WHERE id = next.id;
    RETURN QUERY SELECT next.id, next.attempt + 1;
END $$;

-- Ends the session a worker was given, by whoever holds it.
CREATE FUNCTION auth.leave_job() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, auth, pg_temp
AS $$
DECLARE
    own bytea := sha256(decode(nullif(current_setting('hutong.token', true), ''), 'hex'));
BEGIN
    DELETE FROM auth.session s USING registry_job j WHERE s.token_hash = own AND j.worker_hash = own;
    UPDATE registry_job SET worker_hash = NULL WHERE worker_hash = own;
END $$;
GRANT EXECUTE ON FUNCTION auth.take_job(bytea, timestamptz), auth.leave_job() TO hutong_app;
